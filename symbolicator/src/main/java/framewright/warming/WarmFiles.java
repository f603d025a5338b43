package framewright.warming;

import framewright.api.WarmTarget;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Organization;
import framewright.store.ReleaseContents;
import framewright.store.Store;
import framewright.store.Tenancy;
import framewright.store.Tenants;
import framewright.warming.Warmer.Fresh;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which files a job is about. */
final class WarmFiles {
    /** With all dashes, and the age of most. Build ids without dashes are longer or shorter. */
    private static final int MAX_DEBUG_ID = 38;

    private final Store store;
    private final ModuleUses uses;
    private final Warmer warmer;

    WarmFiles(Store store, ModuleUses uses, Warmer warmer) {
        this.store = store;
        this.uses = uses;
        this.warmer = warmer;
    }

    /** In the same order whenever nothing has changed, so that a job can go on where it was. */
    List<WarmFile> of(WarmTarget target, String organization) throws InterruptedException {
        Organization owner = store.tenants().organization(organization.isEmpty() ? Tenants.DEFAULT : organization);
        Set<WarmFile> files = new LinkedHashSet<>();
        switch (target) {
            case WarmTarget.Release(String version) -> {
                if (owner != null) {
                    ofRelease(owner, version, files);
                }
            }
            case WarmTarget.Ids(List<String> ids) -> ids.forEach(id -> files.addAll(ofId(owner, id)));
            case WarmTarget.Top(int count) -> files.addAll(uses.top(count));
            case WarmTarget.Newest(int count) -> files.addAll(newest(owner, count));
        }
        return files.stream().limit(WarmTarget.MAX_FILES).toList();
    }

    /** Of the store and of sources together. */
    private List<WarmFile> newest(@Nullable Organization owner, int count) throws InterruptedException {
        List<Fresh> fresh = new ArrayList<>(warmer.newest(count));
        if (owner != null) {
            for (DebugFile file : store.debugFiles().newest(new Tenancy(owner.id(), null), Long.MAX_VALUE, count)) {
                Set<WarmFile> one = new LinkedHashSet<>();
                add(file.entry(), one);
                one.forEach(wanted -> fresh.add(new Fresh(wanted, file.created())));
            }
        }
        fresh.sort(Comparator.comparing(Fresh::since).reversed());
        return fresh.stream().map(Fresh::file).distinct().limit(count).toList();
    }

    private void ofRelease(Organization owner, String version, Set<WarmFile> files) {
        ReleaseContents contents = store.releaseContents();
        for (ReleaseContents.Script script : contents.scripts(owner, version, WarmTarget.MAX_FILES)) {
            files.add(new WarmFile.Script(script.url(), version, script.dist()));
        }
        contents.mappings(owner, version).forEach(uuid -> files.add(new WarmFile.Mapping(uuid)));
    }

    private Set<WarmFile> ofId(@Nullable Organization owner, String id) {
        DebugId debugId = DebugId.parse(id);
        // a build id of 20 bytes reads as a debug id with an appendix, too
        CodeId codeId = id.contains("-") ? null : CodeId.parse(id);
        Set<WarmFile> files = new LinkedHashSet<>();
        if (owner != null) {
            Tenancy who = new Tenancy(owner.id(), null);
            store.debugFiles().find(who, debugId, null).forEach(file -> add(file.entry(), files));
            store.debugFiles().find(who, null, codeId).forEach(file -> add(file.entry(), files));
        }
        Stream.of(Optional.ofNullable(debugId), Optional.ofNullable(codeId))
                .flatMap(Optional::stream)
                .map(known -> uses.known(known.toString()))
                .filter(Objects::nonNull)
                .forEach(files::add);
        if (files.isEmpty() && debugId != null && id.length() <= MAX_DEBUG_ID) {
            files.add(new WarmFile.Module(ObjectType.UNKNOWN, debugId, null, null, null));
            files.add(new WarmFile.Mapping(debugId));
        } else if (files.isEmpty() && codeId != null) {
            files.add(new WarmFile.Module(ObjectType.UNKNOWN, null, codeId, null, null));
        }
        return files;
    }

    private static void add(DebugFile.Entry entry, Set<WarmFile> files) {
        if (entry.kind() == DebugFileKind.PROGUARD && entry.debugId() != null) {
            files.add(new WarmFile.Mapping(entry.debugId()));
        } else if (entry.kind().type() != ObjectType.UNKNOWN) {
            files.add(new WarmFile.Module(
                    entry.kind().type(), entry.debugId(), entry.codeId(), entry.name(), entry.name()));
        }
    }
}
