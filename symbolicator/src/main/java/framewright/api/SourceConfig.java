package framewright.api;

import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place to look for debug files, as the server's configuration or a request describes it. */
public sealed interface SourceConfig {
    /** Names the source in answers and cache keys. */
    String id();

    /** What it shares with other kinds; null for {@link Sentry}, which lists what it has. */
    @Nullable
    Common common();

    /**
     * What all kinds of sources but {@link Sentry} have in common.
     *
     * @param fileTypes only these are asked for; empty: all
     * @param pathPatterns globs on the module's full code or debug file; empty: all modules
     * @param requiresChecksum ask only for modules that carry a checksum
     * @param isPublic what was fetched serves every scope
     * @param hasIndex the symstore index says which files exist
     */
    record Common(
            List<FileType> fileTypes,
            List<String> pathPatterns,
            boolean requiresChecksum,
            Layout layout,
            boolean isPublic,
            boolean hasIndex) {
        public Common {
            fileTypes = List.copyOf(fileTypes);
            pathPatterns = List.copyOf(pathPatterns);
        }
    }

    record Filesystem(String id, Common common, String path) implements SourceConfig {}

    record Http(String id, Common common, String url, Map<String, String> headers, boolean acceptInvalidCerts)
            implements SourceConfig {
        public Http {
            headers = Map.copyOf(headers);
        }
    }

    /** @param endpoint URL of an S3-compatible server; null: AWS */
    record S3(
            String id,
            Common common,
            String bucket,
            String prefix,
            String region,
            @Nullable String endpoint,
            boolean ambientCredentials,
            String accessKey,
            String secretKey)
            implements SourceConfig {}

    /** Either a bearer token, or a private key with its e-mail address. */
    record Gcs(
            String id,
            Common common,
            String bucket,
            String prefix,
            @Nullable String privateKey,
            @Nullable String clientEmail,
            @Nullable String bearerToken)
            implements SourceConfig {}

    /** A Sentry-compatible upstream: lists by id, then serves by file id. */
    record Sentry(
            String id,
            String url,
            @Nullable String token,
            @Nullable String cookies) implements SourceConfig {
        @Override
        public @Nullable Common common() {
            return null;
        }
    }
}
