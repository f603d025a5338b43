package framewright.sourcemap;

import static framewright.sourcemap.Violation.Kind.NAME_INDEX;
import static framewright.sourcemap.Violation.Kind.ORIGINAL_POSITION;
import static framewright.sourcemap.Violation.Kind.SCOPES;
import static framewright.sourcemap.Violation.Kind.SEGMENT_FIELDS;
import static framewright.sourcemap.Violation.Kind.TOO_DEEP;

import framewright.sourcemap.Scopes.OriginalScope;
import framewright.sourcemap.Scopes.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the {@code scopes} of one regular map (scopes proposal, DecodeScopesInfo): items between commas, each a tag
 * and VLQs. First the tree of scopes of each source in turn, where an empty item or the tag {@code A} stands for none,
 * then the ranges of generated code, left to {@link RangesDecoder}. Items of unknown tags are passed over.
 */
final class ScopesDecoder {
    private static final int ORIGINAL_START = 1;
    private static final int ORIGINAL_END = 2;
    private static final int ORIGINAL_VARIABLES = 3;
    private static final int HAS_NAME = 1;
    private static final int HAS_KIND = 2;
    private static final int IS_STACK_FRAME = 4;

    private final VlqReader in;
    private final Texts names;
    private final RegularMap map;
    private final RangesDecoder ranges;
    private final List<@Nullable OriginalScope> trees = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int scopeCount;
    private long line;
    private long column;
    private long name;
    private long kind;
    private long variable;

    private ScopesDecoder(SourceDocument document, RegularMap map, Slice scopes, int scopeBase) {
        in = new VlqReader(document.bytes, scopes, map.path() + "scopes");
        names = document.names;
        this.map = map;
        ranges = new RangesDecoder(in, document.names, map, scopeBase);
    }

    /** What one regular map's scopes decode to: the trees of its sources, its ranges, and how many scopes it has. */
    record Decoded(List<@Nullable OriginalScope> trees, List<Scopes.GeneratedRange> ranges, int scopeCount) {}

    /** Decodes; {@code scopeBase} is how many scopes the maps before this one have. */
    static Decoded decode(SourceDocument document, RegularMap map, Slice scopes, int scopeBase) {
        ScopesDecoder decoder = new ScopesDecoder(document, map, scopes, scopeBase);
        decoder.items();
        return new Decoded(decoder.trees, decoder.ranges.finish(decoder.scopeCount), decoder.scopeCount);
    }

    private void items() {
        while (true) {
            item(in.atNumber() ? in.unsigned() : 0);
            if (in.atEnd()) {
                break;
            }
            if (!in.at(',')) {
                throw in.malformed(SCOPES);
            }
            in.skip();
        }
        if (!open.isEmpty()) {
            throw in.malformed(SCOPES);
        }
        while (trees.size() < map.sourceCount()) {
            trees.add(null);
        }
    }

    private void item(long tag) {
        if (tag == 0) {
            rest();
            if (open.isEmpty() && !ranges.hasStarted()) {
                add(null);
            }
        } else if (tag == ORIGINAL_START) {
            if (ranges.hasStarted()) {
                throw in.malformed(SCOPES);
            }
            start();
        } else if (tag == ORIGINAL_END) {
            end();
        } else if (tag == ORIGINAL_VARIABLES) {
            variables();
        } else if (ranges.knows(tag)) {
            if (!open.isEmpty()) {
                throw in.malformed(SCOPES);
            }
            ranges.item(tag);
        } else {
            rest();
        }
    }

    private void rest() {
        while (in.atNumber()) {
            in.unsigned();
        }
    }

    private void start() {
        if (open.size() == Limits.MAX_SCOPE_DEPTH) {
            throw in.malformed(TOO_DEEP);
        }
        if (open.isEmpty()) {
            // Each source's positions start over; names, kinds and variables go on.
            line = 0;
            column = 0;
        }
        long flags = in.unsigned();
        Position start = position();
        String scopeName = null;
        String scopeKind = null;
        if ((flags & HAS_NAME) != 0) {
            name += in.signed();
            scopeName = name(name);
        }
        if ((flags & HAS_KIND) != 0) {
            kind += in.signed();
            scopeKind = name(kind);
        }
        open.push(new Open(start, scopeName, scopeKind, (flags & IS_STACK_FRAME) != 0));
        scopeCount++;
    }

    private void end() {
        if (open.isEmpty()) {
            throw in.malformed(SCOPES);
        }
        OriginalScope scope = open.pop().close(position());
        if (open.isEmpty()) {
            add(scope);
        } else {
            open.element().children.add(scope);
        }
    }

    private void variables() {
        if (open.isEmpty()) {
            throw in.malformed(SCOPES);
        }
        while (in.atNumber()) {
            variable += in.signed();
            open.element().variables.add(name(variable));
        }
    }

    private void add(@Nullable OriginalScope tree) {
        if (trees.size() < map.sourceCount()) {
            trees.add(tree);
        } else if (tree != null) {
            throw in.malformed(SCOPES);
        }
    }

    private Position position() {
        if (!in.atNumber()) {
            throw in.malformed(SEGMENT_FIELDS);
        }
        long lines = in.unsigned();
        line += lines;
        column = (lines == 0 ? column : 0) + in.unsigned();
        if ((line | column) >>> 31 != 0) {
            throw in.malformed(ORIGINAL_POSITION);
        }
        return new Position((int) line, (int) column);
    }

    private String name(long index) {
        String text = index < 0 || index >= map.nameCount() ? null : names.get(map.nameBase() + (int) index);
        if (text == null) {
            throw in.malformed(NAME_INDEX);
        }
        return text;
    }

    /** A scope whose end has not come yet. */
    private static final class Open {
        private final Position start;
        private final @Nullable String name;
        private final @Nullable String kind;
        private final boolean isStackFrame;
        private final List<String> variables = new ArrayList<>();
        private final List<OriginalScope> children = new ArrayList<>();

        private Open(Position start, @Nullable String name, @Nullable String kind, boolean isStackFrame) {
            this.start = start;
            this.name = name;
            this.kind = kind;
            this.isStackFrame = isStackFrame;
        }

        private OriginalScope close(Position end) {
            return new OriginalScope(
                    start, end, name, kind, isStackFrame, List.copyOf(variables), List.copyOf(children));
        }
    }
}
