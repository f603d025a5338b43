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

    /** What it shares with other kinds; null for those that list what they have. */
    @Nullable
    Common common();

    /** Whether it may have single files of source code, by the paths that debug information names. */
    default boolean hasSourceFiles() {
        return false;
    }

    /**
     * What all kinds of sources but {@link Sentry} have in common.
     *
     * @param fileTypes only these are asked for; empty: all
     * @param pathPatterns globs on the module's full code or debug file; empty: all modules
     * @param requiresChecksum ask only for modules that carry a checksum
     * @param isPublic what was fetched serves every scope
     * @param hasIndex the symstore index says which files exist
     * @param hasPointers where a symstore has no file, its {@code file.ptr} is asked
     */
    record Common(
            List<FileType> fileTypes,
            List<String> pathPatterns,
            boolean requiresChecksum,
            Layout layout,
            boolean isPublic,
            boolean hasIndex,
            boolean hasPointers) {
        public Common {
            fileTypes = List.copyOf(fileTypes);
            pathPatterns = List.copyOf(pathPatterns);
        }

        /** Without pointers. */
        public Common(
                List<FileType> fileTypes,
                List<String> pathPatterns,
                boolean requiresChecksum,
                Layout layout,
                boolean isPublic,
                boolean hasIndex) {
            this(fileTypes, pathPatterns, requiresChecksum, layout, isPublic, hasIndex, false);
        }
    }

    /**
     * How a server is reached.
     *
     * @param acceptInvalidCerts any certificate will do
     * @param caBundle PEM file of this machine with certificates to trust beside the public ones
     * @param proxy http address, perhaps with user and password
     */
    record Access(
            boolean acceptInvalidCerts,
            @Nullable String caBundle,
            @Nullable String proxy) {
        public static final Access PLAIN = new Access(false, null, null);
    }

    record Filesystem(String id, Common common, String path) implements SourceConfig {}

    record Http(String id, Common common, String url, Map<String, String> headers, Access access)
            implements SourceConfig {
        public Http {
            headers = Map.copyOf(headers);
        }

        /** Without a proxy or certificates of its own. */
        public Http(String id, Common common, String url, Map<String, String> headers, boolean acceptInvalidCerts) {
            this(id, common, url, headers, new Access(acceptInvalidCerts, null, null));
        }
    }

    /**
     * @param url of the server, to which {@code /buildid/...} is appended
     * @param maxSize in bytes; larger files are not wanted; 0: as for all downloads
     * @param maxTime in seconds for one file; 0: as for all downloads
     * @param sourceFiles whether it is asked for source code, too
     */
    record Debuginfod(
            String id,
            Common common,
            String url,
            Map<String, String> headers,
            Access access,
            long maxSize,
            long maxTime,
            boolean sourceFiles)
            implements SourceConfig {
        public Debuginfod {
            headers = Map.copyOf(headers);
        }

        @Override
        public boolean hasSourceFiles() {
            return sourceFiles;
        }
    }

    /** Who a request to AWS comes from. */
    sealed interface AwsCredentials {
        /** Nobody: a public bucket. */
        record Anonymous() implements AwsCredentials {}

        record Keys(
                String accessKey,
                String secretKey,
                @Nullable String sessionToken) implements AwsCredentials {}

        /**
         * What the server itself was given.
         *
         * @param profile of the shared files; null: the default one
         */
        record Ambient(Provider provider, @Nullable String profile) implements AwsCredentials {}

        /** Where the server's own credentials come from. */
        enum Provider {
            /** Amazon's agent for containers, {@code AWS_CONTAINER_CREDENTIALS_*}. */
            CONTAINER,
            /** {@code AWS_ACCESS_KEY_ID} and so on. */
            ENVIRONMENT,
            /** The shared files, {@code ~/.aws/credentials} and {@code ~/.aws/config}. */
            PROFILE,
            /** The metadata service of EC2, version 2. */
            INSTANCE,
            /** All of them, in the order of Amazon's own tools. */
            DEFAULT
        }
    }

    /**
     * @param endpoint URL of an S3-compatible server; null: AWS
     * @param pathStyle whether the bucket is the first part of the path, not of the host name
     */
    record S3(
            String id,
            Common common,
            String bucket,
            String prefix,
            String region,
            @Nullable String endpoint,
            boolean pathStyle,
            AwsCredentials credentials,
            Access access)
            implements SourceConfig {}

    /** Who a request to Azure comes from. */
    sealed interface AzureCredentials {
        /** Nobody, or whoever the token in the container's address says. */
        record Anonymous() implements AzureCredentials {}

        /** @param token the query of a shared access signature, without the question mark */
        record SharedAccess(String token) implements AzureCredentials {}

        /** @param key of the whole account, in Base64 */
        record AccountKey(String account, String key) implements AzureCredentials {}

        /** @param clientId which of the machine's identities; null: its only one */
        record ManagedIdentity(@Nullable String clientId) implements AzureCredentials {}
    }

    /** @param url of the container; its query may hold a shared access signature */
    record Azure(String id, Common common, String url, String prefix, AzureCredentials credentials, Access access)
            implements SourceConfig {}

    /** Either a bearer token, or a private key with its e-mail address. */
    record Gcs(
            String id,
            Common common,
            String bucket,
            String prefix,
            @Nullable String privateKey,
            @Nullable String clientEmail,
            @Nullable String bearerToken,
            Access access)
            implements SourceConfig {
        /** Without a proxy or certificates of its own. */
        public Gcs(
                String id,
                Common common,
                String bucket,
                String prefix,
                @Nullable String privateKey,
                @Nullable String clientEmail,
                @Nullable String bearerToken) {
            this(id, common, bucket, prefix, privateKey, clientEmail, bearerToken, Access.PLAIN);
        }
    }

    /** A Sentry-compatible upstream: lists by id, then serves by file id. */
    record Sentry(
            String id,
            String url,
            @Nullable String token,
            @Nullable String cookies,
            Access access) implements SourceConfig {
        /** Without a proxy or certificates of its own. */
        public Sentry(String id, String url, @Nullable String token, @Nullable String cookies) {
            this(id, url, token, cookies, Access.PLAIN);
        }

        @Override
        public @Nullable Common common() {
            return null;
        }
    }

    /**
     * The server's own store, of nobody in particular.
     *
     * @param organization slug; null: that of whoever asks
     * @param project slug or number of the one whose files come first; null: that of whoever asks
     */
    record Store(
            String id,
            @Nullable String organization,
            @Nullable String project) implements SourceConfig {
        @Override
        public @Nullable Common common() {
            return null;
        }
    }

    /**
     * The store as one request sees it. Equal views see the same files, so that what was found can be remembered with
     * them.
     *
     * @param organization slug
     * @param organizationKey whose files are seen, and nobody else's
     * @param project key of the one whose files come first; null: none is preferred
     * @param revision of the organisation's files
     * @param only SHA-1 of the one file that is seen; null: all are
     */
    record StoreView(
            String id,
            String organization,
            long organizationKey,
            @Nullable Long project,
            long revision,
            @Nullable String only)
            implements SourceConfig {
        /** The same by another name. */
        public StoreView withId(String other) {
            return new StoreView(other, organization, organizationKey, project, revision, only);
        }

        @Override
        public @Nullable Common common() {
            return null;
        }
    }

    /**
     * A source that cannot be asked at the moment.
     *
     * @param reason a sentence
     */
    record Unreachable(String id, String reason) implements SourceConfig {
        @Override
        public @Nullable Common common() {
            return null;
        }
    }

    /**
     * A source of a request that wants what only the server's own settings may give away: its identity, a file of its
     * disk, a way through its network.
     *
     * @param reason a sentence that names the field
     */
    record Refused(String id, String reason) implements SourceConfig {
        @Override
        public @Nullable Common common() {
            return null;
        }
    }
}
