package framewright.js;

import framewright.cache.CachedFile;
import framewright.sourcemap.SourceMapTable;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The table of a source map on the disk, and the lease that keeps it there. */
record MappedTable(SourceMapTable map, CachedFile file) implements AutoCloseable {
    /** Takes the lease over, whatever becomes of it. */
    static MappedTable open(CachedFile file) {
        MappedTable opened = null;
        try {
            opened = new MappedTable(SourceMapTable.open(file.path()), file);
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (opened == null) {
                file.close();
            }
        }
    }

    @Override
    public void close() {
        map.close();
        file.close();
    }
}
