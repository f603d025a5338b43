package framewright.js;

import framewright.api.BundleManifest;
import framewright.api.JsFileKey;
import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.api.ZipFiles;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A zip of scripts, maps and sources, with a manifest that says what they are. Its files are read out of it one by one;
 * their names in the zip are used for nothing else, so that no name leads anywhere.
 */
final class ArtifactBundle implements AutoCloseable {
    /** Of a file in the index. */
    private static final int FILE_BYTES = 400;

    private record ById(DebugId id, JsFileKey.Kind kind) {}

    private final CachedFile file;
    private final ZipFile zip;
    private final int files;
    private final Map<ById, BundleManifest.File> byId = new HashMap<>();
    private final Map<String, BundleManifest.File> byUrl = new HashMap<>();

    private ArtifactBundle(CachedFile file, ZipFile zip, List<BundleManifest.File> files) {
        this.file = file;
        this.zip = zip;
        this.files = files.size();
        for (BundleManifest.File entry : files) {
            if (entry.debugId() != null && entry.kind() != null) {
                byId.put(new ById(entry.debugId(), entry.kind()), entry);
            }
            if (!entry.url().isEmpty()) {
                byUrl.put(entry.url(), entry);
            }
        }
    }

    /** Opens a bundle, and takes its file over; on failure the file stays the caller's. */
    static Outcome<ArtifactBundle> open(CachedFile file) {
        ZipFile zip = null;
        try {
            zip = ZipFiles.open(file.path());
            return Outcome.found(
                    new ArtifactBundle(file, zip, BundleManifest.of(zip).files()));
        } catch (IOException | IllegalArgumentException e) {
            closeQuietly(zip);
            return Outcome.failed(new Malformed("the bundle cannot be read: " + e.getMessage()));
        }
    }

    private static void closeQuietly(@Nullable ZipFile zip) {
        try {
            if (zip != null) {
                zip.close();
            }
        } catch (IOException e) {
            // it was opened for reading
        }
    }

    CacheKey key() {
        return file.key();
    }

    /** Roughly the memory that it holds. */
    long memory() {
        return 10_000 + (long) FILE_BYTES * files;
    }

    BundleManifest.@Nullable File byDebugId(DebugId id, JsFileKey.Kind kind) {
        return byId.get(new ById(id, kind));
    }

    BundleManifest.@Nullable File byUrl(String url) {
        return byUrl.get(url);
    }

    /** How long a file says it is. */
    long bytes(BundleManifest.File entry) {
        ZipEntry found = zip.getEntry(entry.path());
        return found == null ? 0 : Math.max(0, found.getSize());
    }

    /** A file's bytes; one that is longer than it says is malformed, before it is read to its end. */
    Outcome<byte[]> read(BundleManifest.File entry) {
        ZipEntry found = zip.getEntry(entry.path());
        if (found == null) {
            return Outcome.failed(new Malformed("the bundle lacks a file that its manifest lists"));
        }
        long size = found.getSize();
        if (size < 0 || size > SourceMaps.MAX_BYTES) {
            return Outcome.failed(new Malformed("Maximum file size exceeded"));
        }
        try (InputStream in = zip.getInputStream(found)) {
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length < size || in.read() >= 0) {
                return Outcome.failed(new Malformed("a file of the bundle is not as long as it says"));
            }
            return Outcome.found(bytes);
        } catch (IOException | IllegalArgumentException e) {
            return Outcome.failed(new Malformed("a file of the bundle cannot be read: " + e.getMessage()));
        }
    }

    @Override
    public void close() {
        closeQuietly(zip);
        file.close();
    }
}
