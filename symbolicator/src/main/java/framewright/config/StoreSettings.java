package framewright.config;

import framewright.api.SourceConfig.S3;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where uploaded symbols are kept, and for how long ({@code store}).
 *
 * @param dir folder of what is being uploaded, of the blobs and of the SQLite file ({@code dir})
 * @param database that takes the place of the SQLite file; null: none does ({@code database})
 * @param s3 bucket that takes the place of the folder for blobs; null: none does ({@code s3})
 * @param retention what may be deleted, by the first rule that fits ({@code retention})
 * @param quotas how much may be kept ({@code quotas})
 * @param maxFileBytes largest file that is taken ({@code max_file_size})
 */
public record StoreSettings(
        Path dir,
        @Nullable Postgres database,
        @Nullable S3 s3,
        List<RetentionRule> retention,
        Quotas quotas,
        long maxFileBytes) {
    /** Slug of the organisation and of the project that an empty store gets. */
    public static final String FIRST = "default";

    /** A tebibyte: no debug file is as large. */
    private static final long LARGEST_FILE = 1L << 40;

    public StoreSettings {
        retention = List.copyOf(retention);
    }

    /** All in one folder, and nothing is deleted. */
    public StoreSettings(Path dir) {
        this(dir, null, null, List.of(), Quotas.NONE, LARGEST_FILE);
    }

    /**
     * A database of PostgreSQL.
     *
     * @param url {@code jdbc:postgresql://host:port/name?parameters}, without user and password
     * @param user null: whom the driver takes
     * @param password null: none
     */
    public record Postgres(
            String url, @Nullable String user, @Nullable String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return url;
        }
    }

    /**
     * Bytes that what is kept may take, each content counted once.
     *
     * @param project each; null: no limit
     * @param organization each; null: no limit
     */
    public record Quotas(@Nullable Long project, @Nullable Long organization) {
        public static final Quotas NONE = new Quotas(null, null);
    }
}
