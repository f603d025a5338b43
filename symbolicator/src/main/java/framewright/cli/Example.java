package framewright.cli;

import framewright.api.SourceConfig;
import framewright.config.Settings;
import framewright.debugfiles.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The crash that comes with the program: a request, and the symbol store that resolves it. Unpacked beside the cache,
 * so that it can be looked at and sent with curl.
 *
 * @param request the body for {@code POST /symbolicate}; names no sources
 * @param symbols the store, in the unified layout
 */
record Example(Path request, Path symbols) {
    private static final SourceConfig.Common COMMON = new SourceConfig.Common(
            List.of(), List.of(), false, new Layout(Layout.Kind.UNIFIED, Layout.Casing.DEFAULT), true, false);
    private static final String REQUEST = "request.json";
    private static final String DEBUG_FILE = "symbols/e4/55967d8486b97ed5cc410fb1e491599a7b7e31/debuginfo";

    /** Unpacks the example below {@code folder}; what is there is replaced. */
    static Example unpack(Path folder) {
        try {
            for (String name : List.of(REQUEST, DEBUG_FILE)) {
                Path file = folder.resolve(name);
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                try (InputStream in = open(name)) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return new Example(
                    folder.resolve(REQUEST).toAbsolutePath(),
                    folder.resolve("symbols").toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the example: " + e.getMessage(), e);
        }
    }

    /** The debug file in the store. */
    Path debugFile() {
        return request.resolveSibling(DEBUG_FILE);
    }

    /** The same settings, with the example's store as the place to look. */
    Settings addTo(Settings settings) {
        return settings.withSources(List.of(new SourceConfig.Filesystem("example", COMMON, symbols.toString())));
    }

    /** The same settings, with the example's store behind a web server as the place to look. */
    Settings addTo(Settings settings, String url) {
        return settings.withSources(List.of(new SourceConfig.Http("example", COMMON, url, Map.of(), false)));
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(Example.class.getResourceAsStream("/example/" + name), name);
    }
}
