package framewright.sourcemap;

import static framewright.sourcemap.Violation.Kind.GENERATED_POSITION;
import static framewright.sourcemap.Violation.Kind.NAME_INDEX;
import static framewright.sourcemap.Violation.Kind.SCOPES;
import static framewright.sourcemap.Violation.Kind.TOO_DEEP;

import framewright.sourcemap.Scopes.Binding;
import framewright.sourcemap.Scopes.CallSite;
import framewright.sourcemap.Scopes.GeneratedRange;
import framewright.sourcemap.Scopes.Position;
import framewright.sourcemap.Scopes.StackFrameType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The generated ranges among the items of {@code scopes}; see {@link ScopesDecoder}. */
final class RangesDecoder {
    private static final int START = 4;
    private static final int END = 5;
    private static final int BINDINGS = 6;
    private static final int SUB_RANGE_BINDING = 7;
    private static final int CALL_SITE = 8;
    private static final int HAS_LINE = 1;
    private static final int HAS_DEFINITION = 2;
    private static final int IS_STACK_FRAME = 4;
    private static final int IS_HIDDEN = 8;

    private final VlqReader in;
    private final Texts names;
    private final RegularMap map;
    private final int scopeBase;
    private final List<GeneratedRange> roots = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private boolean started;
    private long line;
    private long column;
    private long definition;
    private long highestDefinition = -1;

    RangesDecoder(VlqReader in, Texts names, RegularMap map, int scopeBase) {
        this.in = in;
        this.names = names;
        this.map = map;
        this.scopeBase = scopeBase;
    }

    boolean hasStarted() {
        return started;
    }

    boolean knows(long tag) {
        return tag >= START && tag <= CALL_SITE;
    }

    /** Reads an item of a tag that {@link #knows} accepts. */
    void item(long tag) {
        started = true;
        if (tag != START && open.isEmpty()) {
            throw in.malformed(SCOPES);
        }
        switch ((int) tag) {
            case START -> start();
            case END -> end();
            case BINDINGS -> bindings(open.element());
            case SUB_RANGE_BINDING -> subRange(open.element());
            default -> open.element().callSite = callSite();
        }
    }

    /** The outermost ranges; {@code scopeCount} is how many scopes there were to refer to. */
    List<GeneratedRange> finish(int scopeCount) {
        if (!open.isEmpty() || highestDefinition >= scopeCount) {
            throw in.malformed(SCOPES);
        }
        return roots;
    }

    private void start() {
        if (open.size() == Limits.MAX_SCOPE_DEPTH) {
            throw in.malformed(TOO_DEEP);
        }
        long flags = in.unsigned();
        Position start = position((flags & HAS_LINE) != 0);
        int index = Mapping.NONE;
        if ((flags & HAS_DEFINITION) != 0) {
            definition += in.signed();
            // Longs sum without overflow; the upper end is checked once all scopes are known.
            if (definition < 0 || definition > Integer.MAX_VALUE - scopeBase) {
                throw in.malformed(SCOPES);
            }
            highestDefinition = Math.max(highestDefinition, definition);
            index = scopeBase + (int) definition;
        }
        boolean function = (flags & IS_STACK_FRAME) != 0;
        boolean hidden = (flags & IS_HIDDEN) != 0;
        if (hidden && !function) {
            throw in.malformed(SCOPES);
        }
        StackFrameType type = function ? StackFrameType.ORIGINAL : StackFrameType.NONE;
        open.push(new Open(start, index, hidden ? StackFrameType.HIDDEN : type));
    }

    private void end() {
        long first = in.unsigned();
        Position end = in.atNumber() ? moved(first, in.unsigned()) : moved(0, first);
        GeneratedRange range = open.pop().close(end);
        (open.isEmpty() ? roots : open.element().children).add(range);
    }

    private void bindings(Open range) {
        while (in.atNumber()) {
            List<Binding> bindings = new ArrayList<>();
            String expression = expression();
            if (expression != null) {
                bindings.add(new Binding(moved(range.start), expression));
            }
            range.bindings.add(bindings);
        }
    }

    private void subRange(Open range) {
        long index = in.unsigned();
        if (index >= range.bindings.size()) {
            throw in.malformed(SCOPES);
        }
        long fromLine = range.start.line();
        long fromColumn = range.start.column();
        while (in.atNumber()) {
            long lines = in.unsigned();
            fromLine += lines;
            fromColumn = (lines == 0 ? fromColumn : 0) + in.unsigned();
            Position from = moved(checked(fromLine, fromColumn));
            range.bindings.get((int) index).add(new Binding(from, expression()));
        }
    }

    private CallSite callSite() {
        int source = in.unsignedInt();
        if (source >= map.sourceCount()) {
            throw in.malformed(Violation.Kind.SOURCE_INDEX);
        }
        return new CallSite(map.sourceBase() + source, in.unsignedInt(), in.unsignedInt());
    }

    private @Nullable String expression() {
        long number = in.unsigned();
        if (number == 0) {
            return null;
        }
        String text = number > map.nameCount() ? null : names.get(map.nameBase() + (int) number - 1);
        if (text == null) {
            throw in.malformed(NAME_INDEX);
        }
        return text;
    }

    private Position position(boolean hasLine) {
        return moved(hasLine ? in.unsigned() : 0, in.unsigned());
    }

    private Position moved(long lines, long columns) {
        line += lines;
        column = (lines == 0 ? column : 0) + columns;
        return checked(line, column);
    }

    private Position checked(long checkedLine, long checkedColumn) {
        if ((checkedLine | checkedColumn) >>> 31 != 0) {
            throw in.malformed(GENERATED_POSITION);
        }
        return new Position((int) checkedLine, (int) checkedColumn);
    }

    /** A position of this map where the whole document has it: moved by the section's offset. */
    private Position moved(Position position) {
        long movedLine = (long) map.line() + position.line();
        long movedColumn = (position.line() == 0 ? map.column() : 0L) + position.column();
        return checked(movedLine, movedColumn);
    }

    /** A range whose end has not come yet. */
    private final class Open {
        private final Position start;
        private final int definition;
        private final StackFrameType type;
        private final List<List<Binding>> bindings = new ArrayList<>();
        private final List<GeneratedRange> children = new ArrayList<>();
        private @Nullable CallSite callSite;

        private Open(Position start, int definition, StackFrameType type) {
            this.start = start;
            this.definition = definition;
            this.type = type;
        }

        private GeneratedRange close(Position end) {
            return new GeneratedRange(
                    moved(start),
                    moved(end),
                    definition,
                    type,
                    callSite,
                    bindings.stream().map(List::copyOf).toList(),
                    List.copyOf(children));
        }
    }
}
