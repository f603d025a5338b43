package framewright;

import framewright.api.EventPayload;
import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.cache.TemporaryFile;
import framewright.crash.CrashFiles;
import framewright.http.HeldFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gets payloads that are not in their message: from the web under the rules of downloads, from the folder and from the
 * buckets that the settings allow.
 */
final class PayloadPlaces implements EventResolver.PayloadFiles {
    private static final String FILE = "file:";
    private static final Pattern OBJECT = Pattern.compile("(s3|gs)://([^/]+)/(.+)", Pattern.DOTALL);

    /** Segments that a server or a client on the way might make another key of. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(^|/)(\\.{0,2})(/|$)");

    private final @Nullable Path folder;
    private final List<SourceConfig> allowed;
    private final CrashFiles files;

    /**
     * @param folder that files may be in; null: none may be a file
     * @param allowed the buckets that objects may be in, below their prefixes
     */
    PayloadPlaces(@Nullable Path folder, List<SourceConfig> allowed, CrashFiles files) {
        this.folder = folder;
        this.allowed = allowed;
        this.files = files;
    }

    @Override
    public Outcome<HeldFile> get(EventPayload.Reference reference) throws InterruptedException {
        if (reference.url().startsWith(FILE)) {
            return ofFolder(reference.url());
        }
        var object = OBJECT.matcher(reference.url());
        return object.matches()
                ? ofBucket(object.group(1), object.group(2), object.group(3))
                : held(files.fetch(reference.url(), reference.token()));
    }

    private Outcome<HeldFile> ofBucket(String scheme, String bucket, String key) throws InterruptedException {
        if (AMBIGUOUS.matcher(key).find()) {
            return Outcome.failed(new Outcome.Denied("403 keys of payloads have no empty, . or .. parts"));
        }
        for (SourceConfig config : allowed) {
            Place place = Place.of(config);
            if (place.scheme.equals(scheme) && place.bucket.equals(bucket) && key.startsWith(place.prefix)) {
                return held(files.fetch(config, key.substring(place.prefix.length())));
            }
        }
        return Outcome.failed(new Outcome.Denied("403 the object is in none of `queue.buckets`"));
    }

    /** @param prefix of keys; empty, or ends with a slash */
    private record Place(String scheme, String bucket, String prefix) {
        static Place of(SourceConfig config) {
            return switch (config) {
                case SourceConfig.S3 s3 -> new Place("s3", s3.bucket(), folder(s3.prefix()));
                case SourceConfig.Gcs gcs -> new Place("gs", gcs.bucket(), folder(gcs.prefix()));
                default -> throw new IllegalArgumentException("the settings let no other buckets through");
            };
        }

        private static String folder(String prefix) {
            String stripped = prefix.startsWith("/") ? prefix.substring(1) : prefix;
            return stripped.isEmpty() || stripped.endsWith("/") ? stripped : stripped + "/";
        }
    }

    private static Outcome<HeldFile> held(Outcome<TemporaryFile> fetched) {
        return fetched.map(file -> new HeldFile(file.path(), file::close));
    }

    private Outcome<HeldFile> ofFolder(String url) {
        if (folder == null) {
            return Outcome.failed(
                    new Outcome.Denied("403 payloads may be files only where `queue.files` names a folder"));
        }
        try {
            // links are followed before it is looked where they lead
            Path file = Path.of(URI.create(url)).toRealPath();
            if (!file.startsWith(folder.toRealPath()) || !Files.isRegularFile(file)) {
                return Outcome.failed(new Outcome.Denied("403 the file is outside of `queue.files`"));
            }
            return Outcome.found(new HeldFile(file, () -> {}));
        } catch (IOException | IllegalArgumentException e) {
            return Outcome.failed(new Outcome.Missing("there is no such file"));
        }
    }
}
