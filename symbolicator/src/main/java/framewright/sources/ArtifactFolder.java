package framewright.sources;

import framewright.api.JsFileKey;
import framewright.api.JsStem;
import framewright.api.ResolvedWith;
import framewright.api.SourceConfig;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layouts;
import framewright.fetch.Percent;
import framewright.fetch.RemoteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts of JavaScript at a source that keeps files under paths, be it a bucket, a web server or a folder. There is
 * no list of them: every place is asked for. The places are in {@code docs/javascript.md}.
 */
public final class ArtifactFolder implements Artifacts {
    /** As {@code layout.type: unified} names bundles of sources; a bundle of artifacts is of the same form. */
    private static final String BUNDLE = "sourcebundle";

    /** Longer addresses are no paths of files. */
    private static final int MAX_PATH = 2000;

    private final Source source;

    ArtifactFolder(Source source) {
        this.source = source;
    }

    /** Whether a source may hold artifacts, as far as its filters say: those of bundles hold for all of them. */
    static boolean mayHold(SourceConfig config) {
        SourceConfig.Common common = config.common();
        boolean asked = common == null
                || (common.pathPatterns().isEmpty()
                        && !common.requiresChecksum()
                        && (common.fileTypes().isEmpty() || common.fileTypes().contains(FileType.SOURCEBUNDLE)));
        return asked && !(config instanceof SourceConfig.Debuginfod);
    }

    /**
     * Where a file may be.
     *
     * @param bundle whether what is there is a bundle that has the file in it
     * @param resolvedWith by what it is found, if it is
     */
    public record Place(RemoteFile file, boolean bundle, ResolvedWith resolvedWith) {}

    @Override
    public String id() {
        return source.id();
    }

    @Override
    public boolean isPublic() {
        return source.isPublic();
    }

    /** Where a file with a debug id may be by that id; where any other may be by its address. The likeliest first. */
    public List<Place> places(JsFileKey file, @Nullable String release, @Nullable String dist) {
        List<Place> places = new ArrayList<>();
        String path = file.absPath() == null ? null : path(file.absPath());
        if (file.debugId() != null) {
            String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
            byId(file.debugId(), file.kind(), name, places);
        } else if (path != null) {
            byPath(path, release, dist, places);
        }
        return places;
    }

    private void byId(DebugId id, JsFileKey.Kind kind, String name, List<Place> places) {
        for (String folder : Layouts.scriptFolders(id)) {
            add(folder + "/" + BUNDLE, true, ResolvedWith.DEBUG_ID, places);
            if (!name.isEmpty() && !name.equals(BUNDLE)) {
                add(folder + "/" + name, false, ResolvedWith.DEBUG_ID, places);
            }
            add(folder + "/" + kind.name().toLowerCase(Locale.ROOT), false, ResolvedWith.DEBUG_ID, places);
        }
    }

    private void byPath(String path, @Nullable String release, @Nullable String dist, List<Place> places) {
        String folder = release == null ? null : clean(release);
        String variant = dist == null ? null : clean(dist);
        if (folder != null && variant != null) {
            add(folder + "/" + variant + "/" + path, false, ResolvedWith.RELEASE, places);
        }
        if (folder != null) {
            add(folder + "/" + path, false, ResolvedWith.RELEASE, places);
        }
        add(path, false, ResolvedWith.URL, places);
    }

    private void add(String path, boolean bundle, ResolvedWith how, List<Place> places) {
        RemoteFile file = source.at(path);
        if (file != null) {
            places.add(new Place(file, bundle, how));
        }
    }

    /** The path of an address; null where it could lead anywhere but below the source's root. */
    private static @Nullable String path(String address) {
        return clean(Percent.decode(JsStem.withoutQuery(JsStem.withoutHost(address))));
    }

    /** A path without empty and single-dot parts; null where it has parts of another meaning, or none. */
    private static @Nullable String clean(String path) {
        if (path.length() > MAX_PATH || path.indexOf('\\') >= 0 || path.chars().anyMatch(Character::isISOControl)) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                return null;
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts.isEmpty() ? null : String.join("/", parts);
    }
}
