package framewright.config;

import framewright.api.SourceConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What several servers keep together ({@code shared_cache}).
 *
 * @param maxConcurrentUploads files written at a time ({@code max_concurrent_uploads})
 * @param maxUploadQueueSize files that wait for it ({@code max_upload_queue_size})
 * @param leaseTime after which others take over from a server that has died ({@code lease_time})
 * @param revocationInterval between two looks at what was purged elsewhere ({@code revocation_interval})
 */
public record SharedCacheSettings(
        Place place,
        int maxConcurrentUploads,
        int maxUploadQueueSize,
        Duration leaseTime,
        Duration revocationInterval) {

    /** Where it is. */
    public sealed interface Place {
        /** A folder that all servers have mounted. */
        record Folder(Path path) implements Place {}

        /**
         * @param config an S3, GCS or Azure source that stands for its bucket; a GCS one without credentials means the
         *     account of the machine
         */
        record InBucket(SourceConfig config) implements Place {}
    }
}
