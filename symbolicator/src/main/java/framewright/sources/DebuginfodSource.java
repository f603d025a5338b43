package framewright.sources;

import framewright.api.SourceConfig;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A debuginfod: {@code GET url/buildid/BUILDID/debuginfo}, {@code .../executable} and {@code .../source/PATH}, as
 * elfutils' own client asks (debuginfod(8)). Limits are told to the server, which may save the transfer, and held here whatever it does.
 */
final class DebuginfodSource implements Source {
    private static final Layout LAYOUT = new Layout(Layout.Kind.DEBUGINFOD, Layout.Casing.DEFAULT);
    private static final String MAX_SIZE = "X-DEBUGINFOD-MAXSIZE";
    private static final String MAX_TIME = "X-DEBUGINFOD-MAXTIME";

    private final SourceConfig.Debuginfod config;
    private final Paths paths;
    private final WebServer server;
    private final Map<String, String> headers;

    DebuginfodSource(SourceConfig.Debuginfod config, IndexReader index, Pointers pointers, Trust trust) {
        this.config = config;
        this.paths = new Paths(config.common(), LAYOUT, index, pointers);
        this.server = new WebServer(config.id(), config.url(), config.access(), limits(config), trust);
        this.headers = headers(config);
    }

    private static Limits limits(SourceConfig.Debuginfod config) {
        return new Limits(
                config.maxSize() == 0 ? Long.MAX_VALUE : config.maxSize(),
                config.maxTime() == 0 ? null : Duration.ofSeconds(config.maxTime()));
    }

    private static Map<String, String> headers(SourceConfig.Debuginfod config) {
        Map<String, String> headers = new HashMap<>(config.headers());
        if (config.maxSize() > 0) {
            headers.put(MAX_SIZE, Long.toString(config.maxSize()));
        }
        if (config.maxTime() > 0) {
            headers.put(MAX_TIME, Long.toString(config.maxTime()));
        }
        return headers;
    }

    @Override
    public SourceConfig.Debuginfod config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        if (id.type() != ObjectType.ELF && id.type() != ObjectType.UNKNOWN) {
            // code ids of other platforms are no build ids
            return new Listing(List.of(), true);
        }
        return paths.list(types, id, "debuginfod " + config.id() + " " + server, this::file);
    }

    @Override
    public @Nullable RemoteFile sourceFile(ObjectId id, String path) throws InterruptedException {
        List<RemoteFile> debugFiles =
                list(List.of(FileType.ELF_DEBUG, FileType.ELF_CODE), id).files();
        CodeId buildId = id.codeId();
        // a debuginfod knows the files of a build by their whole path only
        return debugFiles.isEmpty() || buildId == null || !path.startsWith("/")
                ? null
                : file(buildId + "/source" + path);
    }

    private RemoteFile file(String path) {
        return server.file("buildid/" + path, headers);
    }
}
