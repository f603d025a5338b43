package framewright.api;

import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code manifest.json} of an artifact bundle: which of its files is what. */
public final class BundleManifest {
    /** More than any bundle has; the manifest was made by a stranger. */
    private static final int MAX_FILES = 200_000;

    private static final int MAX_HEADERS = 50;

    private BundleManifest() {}

    /**
     * A file of the bundle.
     *
     * @param path its name in the zip
     * @param kind null: of no use here
     * @param url the address that it was uploaded under; empty where it has none
     * @param headers by lower-case name
     */
    public record File(
            String path,
            JsFileKey.@Nullable Kind kind,
            String url,
            @Nullable DebugId debugId,
            Map<String, String> headers) {
        /** What the file says its source map is, as an address; null where it does not say. */
        public @Nullable String sourceMap() {
            String header = headers.get("sourcemap");
            return header == null ? headers.get("x-sourcemap") : header;
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException where it cannot be read, or is no manifest
     */
    public static List<File> read(InputStream manifest) throws IOException {
        try {
            return JsonIn.document(manifest, BundleManifest::manifest);
        } catch (InvalidRequestException | MalformedJsonException e) {
            throw new IOException("the manifest is none: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new IOException("the manifest cannot be read", e);
        }
    }

    private static List<File> manifest(JsonIn in) throws IOException {
        List<File> files = new ArrayList<>();
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            if (name.equals("files") && !in.isNull()) {
                files(in, files);
            } else {
                in.skip();
            }
        }
        return files;
    }

    private static void files(JsonIn in, List<File> files) throws IOException {
        in.object();
        String path;
        while ((path = in.nextField()) != null) {
            if (files.size() == MAX_FILES) {
                throw new IOException("the manifest lists more than " + MAX_FILES + " files");
            }
            files.add(file(path, in));
        }
    }

    private static File file(String path, JsonIn in) throws IOException {
        String type = null;
        String url = null;
        Map<String, String> headers = Map.of();
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "type" -> type = in.text();
                case "url" -> url = in.text();
                case "headers" -> headers = headers(in);
                default -> in.skip();
            }
        }
        String id = headers.get("debug-id");
        return new File(path, kind(type), url == null ? "" : url, id == null ? null : DebugId.parse(id), headers);
    }

    private static Map<String, String> headers(JsonIn in) throws IOException {
        Map<String, String> given = in.textsByName();
        if (given == null) {
            return Map.of();
        }
        Map<String, String> headers = new TreeMap<>();
        given.forEach((name, value) -> {
            if (headers.size() < MAX_HEADERS) {
                headers.put(name.toLowerCase(Locale.ROOT), value);
            }
        });
        return headers;
    }

    private static JsFileKey.@Nullable Kind kind(@Nullable String type) {
        return switch (type) {
            case "minified_source", "indexed_ram_bundle" -> JsFileKey.Kind.MINIFIED_SOURCE;
            case "source_map" -> JsFileKey.Kind.SOURCE_MAP;
            case "source" -> JsFileKey.Kind.SOURCE;
            case null, default -> null;
        };
    }
}
