package framewright.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.SourceConfig;
import framewright.config.SettingsException.Problem;
import framewright.config.SharedCacheSettings.Place;
import framewright.debugfiles.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code shared_cache}: the peer's keys, and buckets in the words of sources. */
final class SharedCacheReader {
    private static final String SECTION = "shared_cache";

    /** A bucket is described as a source; this is its name where sources have one. */
    private static final String ID = SECTION;

    /** Which files a source has means nothing here. */
    private static final SourceConfig.Common FILES =
            new SourceConfig.Common(List.of(), List.of(), false, Layout.DEFAULT, false, false);

    private final SettingsReader in;
    private final List<Problem> problems;

    SharedCacheReader(SettingsReader in, List<Problem> problems) {
        this.in = in;
        this.problems = problems;
    }

    /** Null: the section names no place. */
    @Nullable
    SharedCacheSettings read() {
        List<Place> places = new ArrayList<>();
        Path folder = in.getOrNull(SettingKeys.SHARED_FOLDER);
        if (folder != null) {
            places.add(new Place.Folder(folder));
        }
        add(places, gcs());
        add(places, BucketReader.read(in, problems, SettingKeys.SHARED_S3, "s3", ID));
        add(places, BucketReader.read(in, problems, SettingKeys.SHARED_AZURE, "azure", ID));
        int uploads = in.get(SettingKeys.SHARED_UPLOADS);
        int queue = in.get(SettingKeys.SHARED_QUEUE);
        var lease = in.get(SettingKeys.SHARED_LEASE);
        var interval = in.get(SettingKeys.SHARED_REVOCATIONS);
        if (lease.isZero() || interval.isZero()) {
            problems.add(new Problem(0, SECTION, "lease_time and revocation_interval must be longer than nothing"));
        }
        if (places.size() > 1) {
            problems.add(new Problem(0, SECTION, "has room for one of filesystem, gcs, s3 and azure"));
        }
        return places.isEmpty() ? null : new SharedCacheSettings(places.getFirst(), uploads, queue, lease, interval);
    }

    private static void add(List<Place> places, @Nullable SourceConfig bucket) {
        if (bucket != null) {
            places.add(new Place.InBucket(bucket));
        }
    }

    private @Nullable SourceConfig gcs() {
        String bucket = in.getOrNull(SettingKeys.SHARED_GCS_BUCKET);
        String prefix = in.get(SettingKeys.SHARED_GCS_PREFIX);
        Path account = in.getOrNull(SettingKeys.SHARED_GCS_ACCOUNT);
        if (bucket == null) {
            return null;
        }
        JsonNode key = account == null ? null : account(account);
        return new SourceConfig.Gcs(
                ID,
                FILES,
                bucket,
                prefix,
                key == null ? null : key.path("private_key").asText(),
                key == null ? null : key.path("client_email").asText(),
                null);
    }

    /** The file that Google's console hands out; what it says of itself is more than is needed. */
    private @Nullable JsonNode account(Path file) {
        try {
            JsonNode key = new ObjectMapper().readTree(file.toFile());
            if (key.path("private_key").isTextual() && key.path("client_email").isTextual()) {
                return key;
            }
        } catch (IOException e) {
            // the parser repeats what it could not read, which may be a secret
        }
        problems.add(new Problem(
                0,
                SettingKeys.SHARED_GCS_ACCOUNT.path(),
                file + " is no JSON file with private_key and client_email that can be read"));
        return null;
    }
}
