package framewright.sourcemap;

import org.jspecify.annotations.Nullable;

/**
 * Walks {@code rangeMappings} beside the mappings: a line of unsigned VLQs for each generated line, each one the
 * distance to the next segment that is a range, counted from 1 (range mappings proposal).
 */
final class RangeCursor {
    private final Problems problems;
    private @Nullable VlqReader in;
    private long next;

    RangeCursor(byte[] document, RegularMap map, Problems problems) {
        this.problems = problems;
        Slice slice = map.rangeMappings();
        in = slice == null ? null : new VlqReader(document, slice, map.path() + "rangeMappings");
        next = -1;
        advance();
    }

    /** Whether a segment of the current line, counted from 0 and asked for in order, is a range. */
    boolean isRange(int index) {
        if (index != next) {
            return false;
        }
        advance();
        return true;
    }

    void nextLine() {
        if (in == null) {
            return;
        }
        if (next >= 0) {
            giveUp(in.violation(Violation.Kind.RANGE_MAPPING));
        } else if (in.at(';')) {
            in.skip();
            advance();
        }
    }

    /** The mappings are over; so must the ranges be. */
    void finish() {
        while (in != null && next < 0 && in.at(';')) {
            in.skip();
            advance();
        }
        if (in != null && next >= 0) {
            giveUp(in.violation(Violation.Kind.RANGE_MAPPING));
        }
    }

    /** Sets the index of the line's next range; -1 where it has no more. */
    private void advance() {
        long before = Math.max(next, -1);
        next = -1;
        if (in == null || in.atEnd() || in.at(';')) {
            return;
        }
        try {
            long distance = in.unsigned();
            if (distance == 0) {
                throw in.malformed(Violation.Kind.RANGE_MAPPING);
            }
            next = before + distance;
        } catch (MalformedSourceMapException e) {
            giveUp(e.violation());
        }
    }

    /** Tolerated, the rest of the ranges count as ordinary mappings. */
    private void giveUp(Violation violation) {
        problems.optional(violation);
        in = null;
        next = -1;
    }
}
