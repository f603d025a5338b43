package framewright.api;

import framewright.debugfiles.DebugId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json} of an artifact bundle: which of its files is what.
 *
 * @param bundleId as its maker calls it ({@code debug_id}); null: it has no name
 */
public record BundleManifest(
        @Nullable String bundleId,
        @Nullable String release,
        @Nullable String dist,
        List<File> files) {
    private static final String NAME = "manifest.json";
    private static final int MAX_BYTES = 64 << 20;

    /** More than any bundle has; the manifest was made by a stranger. */
    private static final int MAX_FILES = 200_000;

    private static final int MAX_HEADERS = 50;

    public BundleManifest {
        files = List.copyOf(files);
    }

    /**
     * A file of the bundle.
     *
     * @param path its name in the zip
     * @param type as it stands there; empty where it does not
     * @param url the address that it was uploaded under; empty where it has none
     * @param headers by lower-case name
     */
    public record File(
            String path, String type, String url, @Nullable DebugId debugId, Map<String, String> headers) {
        /** Null: of no use here. */
        public JsFileKey.@Nullable Kind kind() {
            return switch (type) {
                case "minified_source", "indexed_ram_bundle" -> JsFileKey.Kind.MINIFIED_SOURCE;
                case "source_map" -> JsFileKey.Kind.SOURCE_MAP;
                case "source" -> JsFileKey.Kind.SOURCE;
                default -> null;
            };
        }

        /** What the file says its source map is, as an address; null where it does not say. */
        public @Nullable String sourceMap() {
            String header = headers.get("sourcemap");
            return header == null ? headers.get("x-sourcemap") : header;
        }
    }

    /**
     * Reads the manifest of a bundle.
     *
     * @throws IOException where it cannot be read, or is no manifest
     */
    public static BundleManifest of(ZipFile bundle) throws IOException {
        ZipEntry entry = bundle.getEntry(NAME);
        if (entry == null) {
            throw new IOException("it has no " + NAME);
        }
        try (InputStream in = bundle.getInputStream(entry)) {
            byte[] json = in.readNBytes(MAX_BYTES + 1);
            if (json.length > MAX_BYTES) {
                throw new IOException("its manifest is larger than " + MAX_BYTES + " bytes");
            }
            return read(new ByteArrayInputStream(json));
        }
    }

    private static BundleManifest read(InputStream manifest) throws IOException {
        try {
            return JsonIn.document(manifest, BundleManifest::manifest);
        } catch (InvalidRequestException | MalformedJsonException e) {
            throw new IOException("the manifest is none: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new IOException("the manifest cannot be read", e);
        }
    }

    private static BundleManifest manifest(JsonIn in) throws IOException {
        List<File> files = new ArrayList<>();
        String bundleId = null;
        String release = null;
        String dist = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "debug_id" -> bundleId = in.scalar();
                case "release" -> release = in.scalar();
                case "dist" -> dist = in.scalar();
                case "files" -> files(in, files);
                default -> in.skip();
            }
        }
        return new BundleManifest(bundleId, release, dist, files);
    }

    private static void files(JsonIn in, List<File> files) throws IOException {
        if (in.isNull()) {
            return;
        }
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
        return new File(
                path, type == null ? "" : type, url == null ? "" : url, id == null ? null : DebugId.parse(id), headers);
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
}
