package framewright.sourcemap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/**
 * Writes the tables that {@link SourceMapTable} reads, straight from the bytes of a map: mappings go from VLQs into
 * packed blocks and contents from JSON through the compressor, so that the map itself is most of the memory used.
 */
public final class SourceMapTables {
    /** Part of the key of a cached table: tables of other versions are not read. */
    public static final int VERSION = TableLayout.VERSION;

    private SourceMapTables() {}

    /** What became of some bytes. */
    public sealed interface Result {}

    /**
     * They are a map, and its table is written.
     *
     * @param bytes length of the table
     * @param mappings how many mappings it has
     * @param tolerated what the map gets wrong and was passed over, at most {@link Limits#MAX_TOLERATED} of it
     */
    public record Written(long bytes, int mappings, List<Violation> tolerated) implements Result {}

    /** They are no map, or not one that the {@link Strictness} allows; nothing was written. */
    public record Malformed(Violation violation) implements Result {}

    /**
     * Writes the table of a map. What the table answers is what {@link SourceMapParser} would; scopes are kept only
     * as the functions that they are.
     *
     * @param map the map as it came
     * @param strictness what to do about lesser violations
     * @param target the file, made or overwritten; whole only when this returns {@link Written}, and not synced
     * @throws IOException if the file cannot be written
     */
    public static Result write(byte[] map, Strictness strictness, Path target) throws IOException {
        return write(map, strictness, target, () -> {});
    }

    /**
     * The same for who has other work to do where the map names no functions.
     *
     * @param nameless run once that is known, before most of the work is done
     */
    public static Result write(byte[] map, Strictness strictness, Path target, Runnable nameless) throws IOException {
        Problems problems = new Problems(strictness);
        SourceDocument document;
        BlockWriter blocks = new BlockWriter();
        try {
            document = DocumentReader.read(map, problems);
            SourceMapParser.scopes(document, problems);
            if (document.functions.stream().allMatch(Objects::isNull)) {
                nameless.run();
            }
            if (!SourceMapParser.decode(document, problems, blocks)) {
                // Columns out of order within a line, which is rare: sort in memory, and start over.
                blocks = new BlockWriter();
                SourceMapParser.mappings(document, new Problems(Strictness.TOLERANT))
                        .forEach(blocks);
            }
        } catch (MalformedSourceMapException e) {
            return new Malformed(e.violation());
        }
        long bytes = write(document, blocks, target);
        return new Written(bytes, blocks.mappingCount(), problems.tolerated());
    }

    private static long write(SourceDocument document, BlockWriter blocks, Path target) throws IOException {
        try (FileChannel file = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            return new TableWriter(document, blocks, file).write();
        }
    }
}
