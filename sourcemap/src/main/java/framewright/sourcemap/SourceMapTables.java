package framewright.sourcemap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the tables that {@link SourceMapTable} reads. Mappings are packed already; contents go from the JSON of the
 * map through the compressor, which takes longer than all the rest.
 */
public final class SourceMapTables {
    /** Part of the key of a cached table: tables of other versions are not read. */
    public static final int VERSION = TableLayout.VERSION;

    private SourceMapTables() {}

    /**
     * Writes the table of a map, which answers what the map does; scopes are kept only as the functions that they are.
     *
     * @param target the file, made or overwritten; not synced
     * @return its length in bytes
     * @throws IOException if the file cannot be written
     */
    public static long write(SourceMap map, Path target) throws IOException {
        try (FileChannel file = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            return new TableWriter(map.document, map.mappings, file).write();
        }
    }
}
