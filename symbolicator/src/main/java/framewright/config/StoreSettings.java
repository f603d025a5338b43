package framewright.config;

import java.nio.file.Path;

/**
 * Where uploaded symbols are kept ({@code store}).
 *
 * @param dir folder of the blobs and of the SQLite file ({@code dir})
 */
public record StoreSettings(Path dir) {
    /** Slug of the organisation and of the project that an empty store gets. */
    public static final String FIRST = "default";
}
