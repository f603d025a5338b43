package framewright.sourcemap;

import static framewright.sourcemap.Violation.Kind.GENERATED_POSITION;
import static framewright.sourcemap.Violation.Kind.NAME_INDEX;
import static framewright.sourcemap.Violation.Kind.ORIGINAL_POSITION;
import static framewright.sourcemap.Violation.Kind.SECTION_OVERLAP;
import static framewright.sourcemap.Violation.Kind.SEGMENT_FIELDS;
import static framewright.sourcemap.Violation.Kind.SOURCE_INDEX;

/**
 * Decodes one regular map's {@code mappings} into a sink, moved to where its section starts (ECMA-426,
 * DecodeMappings). Sums are kept in longs: two thousand million segments of 31 bits each fit.
 */
final class MappingsDecoder {
    private static final int STRETCH = 256;

    /** Column, source, line, original column, name. */
    private static final int MAX_FIELDS = 5;

    private final RegularMap map;
    private final MappingSink sink;
    private final Problems problems;
    private final VlqReader in;
    private final RangeCursor ranges;
    private final long stop;
    private int generatedLine;
    private long generatedColumn;
    /** Of the segment to come, in its line. */
    private int index;

    /** The numbers of the segment that is read. */
    private final int[] fields = new int[MAX_FIELDS];

    private long source;
    private long line;
    private long column;
    private long name;
    private long previous = -1;
    private boolean ordered = true;

    /**
     * @param stop where the next section starts, as {@link #position}; mappings there and beyond violate it and are
     *     left out
     */
    MappingsDecoder(byte[] document, RegularMap map, long stop, Problems problems, MappingSink sink) {
        this.map = map;
        this.stop = stop;
        this.problems = problems;
        this.sink = sink;
        in = new VlqReader(document, map.mappings(), map.path() + "mappings");
        ranges = new RangeCursor(document, map, problems);
    }

    /** A generated position as one number that orders like it. */
    static long position(int line, int column) {
        return (long) line << 32 | column;
    }

    /** How many segments a map has: what follows a separator and is none itself starts one. */
    static int count(byte[] document, RegularMap map) {
        return new VlqReader(document, map.mappings(), map.path() + "mappings").segments();
    }

    /** Decodes it all; tells whether the columns of every line were in order. */
    boolean decode() {
        while (!in.atEnd()) {
            decodeSome();
        }
        ranges.finish();
        return ordered;
    }

    /** A call for a stretch of segments: a virtual machine compiles what is called often sooner than a loop that runs. */
    private void decodeSome() {
        for (int i = 0; i < STRETCH && !in.atEnd(); i++) {
            if (in.at(';')) {
                in.skip();
                generatedLine++;
                generatedColumn = 0;
                index = 0;
                ranges.nextLine();
                continue;
            }
            segment(ranges.isRange(index++));
            if (in.at(',')) {
                in.skip();
                if (!in.atNumber()) {
                    throw in.malformed(SEGMENT_FIELDS);
                }
            } else if (!in.atEnd() && !in.at(';')) {
                throw in.malformed(SEGMENT_FIELDS);
            }
        }
    }

    private void segment(boolean range) {
        int count = in.numbers(fields);
        if (count != 1 && count < 4) {
            throw in.malformed(SEGMENT_FIELDS);
        }
        generatedColumn += fields[0];
        boolean mapped = false;
        boolean named = false;
        if (count != 1) {
            source += fields[1];
            line += fields[2];
            column += fields[3];
            mapped = isOriginal();
            if (count == MAX_FIELDS) {
                name += fields[4];
                named = isName();
            }
        }
        emit(
                mapped ? map.sourceBase() + (int) source : Mapping.NONE,
                named ? map.nameBase() + (int) name : Mapping.NONE,
                range);
    }

    private boolean isOriginal() {
        if (source < 0 || source >= map.sourceCount()) {
            problems.optional(in.violation(SOURCE_INDEX));
            return false;
        }
        // Negative and too large at once: the bits above the lowest 31.
        if ((line | column) >>> 31 != 0) {
            problems.optional(in.violation(ORIGINAL_POSITION));
            return false;
        }
        return true;
    }

    private boolean isName() {
        if (name < 0 || name >= map.nameCount()) {
            problems.optional(in.violation(NAME_INDEX));
            return false;
        }
        return true;
    }

    private void emit(int mappedSource, int mappedName, boolean range) {
        long atLine = (long) map.line() + generatedLine;
        long atColumn = generatedLine == 0 ? map.column() + generatedColumn : generatedColumn;
        if ((generatedColumn | atColumn | atLine) >>> 31 != 0) {
            problems.optional(in.violation(GENERATED_POSITION));
            return;
        }
        long position = atLine << 32 | atColumn;
        if (position >= stop) {
            problems.optional(in.violation(SECTION_OVERLAP));
            return;
        }
        ordered &= position >= previous;
        previous = position;
        boolean mapped = mappedSource != Mapping.NONE;
        sink.mapping(
                (int) atLine,
                (int) atColumn,
                mappedSource,
                mapped ? (int) line : 0,
                mapped ? (int) column : 0,
                mappedName,
                range);
    }
}
