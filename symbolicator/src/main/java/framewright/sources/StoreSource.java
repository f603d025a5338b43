package framewright.sources;

import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.RemoteFile;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Store;
import framewright.store.Tenancy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was uploaded here, as one organisation sees it: all files with the module's debug id, then with its code id. */
final class StoreSource implements Source {
    private final SourceConfig.StoreView view;
    private final Store store;

    StoreSource(SourceConfig.StoreView view, Store store) {
        this.view = view;
        this.store = store;
    }

    @Override
    public SourceConfig.StoreView config() {
        return view;
    }

    /**
     * Its files are known by their content, so that what was made of one serves everyone who sees a file of that
     * content; who may see which is decided when they are listed.
     */
    @Override
    public boolean isPublic() {
        return true;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) {
        try {
            List<RemoteFile> wanted = new ArrayList<>();
            for (DebugFile file : find(id)) {
                Set<FileType> servesAs =
                        SentrySource.TYPES.getOrDefault(file.entry().kind().wireName(), Set.of());
                boolean seen = view.only() == null || view.only().equals(file.sha1());
                if (seen && types.stream().anyMatch(servesAs::contains)) {
                    wanted.add(file(file, id));
                }
            }
            return new Listing(wanted, true);
        } catch (StorageFailure e) {
            Unreachable why = new Unreachable(String.valueOf(e.getMessage()));
            String location = "store://" + view.organization();
            return new Listing(List.of(new RemoteFile.Unusable(view.id(), location, why)), false);
        }
    }

    @Override
    public @Nullable DebugId mappingOf(String release) {
        try {
            return store.releases().mapping(who(), release);
        } catch (StorageFailure e) {
            // who looks for the mapping's file is told of it
            return null;
        }
    }

    private Tenancy who() {
        return new Tenancy(view.organizationKey(), view.project());
    }

    private Iterable<DebugFile> find(ObjectId id) {
        Tenancy who = who();
        Map<Long, DebugFile> found = new LinkedHashMap<>();
        if (id.debugId() != null) {
            store.debugFiles().find(who, id.debugId(), null).forEach(file -> found.put(file.id(), file));
        }
        if (id.codeId() != null) {
            store.debugFiles().find(who, null, id.codeId()).forEach(file -> found.putIfAbsent(file.id(), file));
        }
        return found.values();
    }

    /** Of a file of several architectures one is kept, and of a .NET program what is within. */
    private RemoteFile file(DebugFile file, ObjectId id) {
        DebugFile.Entry entry = file.entry();
        boolean embedded = id.type() == ObjectType.PE_DOTNET && entry.kind() == DebugFileKind.PE;
        String part = "#" + entry.debugId() + "/" + entry.codeId() + (embedded ? "/embedded" : "");
        String location = "store://" + view.organization() + "/" + file.id() + "/" + lastPart(entry.name());
        return LocalBlobs.file(store, file.digest(), view.id(), location, LocalBlobs.identity(file.digest()) + part);
    }

    /** Of a name that may be a hostile one. */
    private static String lastPart(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "");
        return plain.substring(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1);
    }
}
