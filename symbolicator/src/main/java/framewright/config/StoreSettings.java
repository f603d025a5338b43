package framewright.config;

import java.nio.file.Path;

/**
 * Where uploaded symbols are kept ({@code store}).
 *
 * @param dir folder of the blobs and of the SQLite file ({@code dir})
 * @param maxFileBytes largest file that is taken ({@code max_file_size})
 */
public record StoreSettings(Path dir, long maxFileBytes) {
    /** Slug of the organisation and of the project that an empty store gets. */
    public static final String FIRST = "default";

    /** A tebibyte: no debug file is as large. */
    private static final long LARGEST_FILE = 1L << 40;

    public StoreSettings(Path dir) {
        this(dir, LARGEST_FILE);
    }
}
