package framewright.nativecode;

import framewright.api.JsonText;
import framewright.api.SymbolFrame;
import framewright.api.SymbolFrame.Generated;
import framewright.nativebridge.FrameTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The frames that an open table has already answered with, by address. Each text of the table is made once, by the
 * number it has there.
 */
final class TableFrames {
    private static final int FRAME_BYTES = 64;
    private static final int GROUP_BYTES = 48;
    private static final Map<String, JsonText> LANGUAGES = Stream.of(
                    "c", "cpp", "d", "go", "objc", "objcpp", "rust", "swift", "csharp", "visualbasic", "fsharp")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), JsonText::of));

    /** @param file last part of {@code whole}; null where it ends with a separator */
    private record Path(JsonText whole, @Nullable JsonText file) {}

    private final LongMap<SymbolFrame[]> groups = new LongMap<>();
    private final LongMap<JsonText> symbols = new LongMap<>();
    private final LongMap<JsonText> functions = new LongMap<>();
    private final LongMap<Path> paths = new LongMap<>();
    private long bytes;

    /** A tick of {@link FrameMemory}. */
    volatile long lastUse;

    static @Nullable JsonText language(@Nullable String name) {
        return name == null ? null : LANGUAGES.get(name);
    }

    /** Last part of a path of any system; null where there is none. */
    static @Nullable String fileName(String path) {
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return name.isEmpty() ? null : name;
    }

    /**
     * Fills in what is remembered of the addresses.
     *
     * @param to by address, null where it is not remembered
     * @return the addresses that are not remembered, in their order
     */
    synchronized long[] recall(long[] addresses, @Nullable SymbolFrame[] @Nullable [] to) {
        long[] unknown = new long[addresses.length];
        int count = 0;
        for (int i = 0; i < addresses.length; i++) {
            to[i] = groups.get(addresses[i]);
            if (to[i] == null) {
                unknown[count++] = addresses[i];
            }
        }
        return Arrays.copyOf(unknown, count);
    }

    /**
     * Remembers an answer.
     *
     * @param to what {@link #recall} has filled; the gaps are filled now
     * @return by how many bytes the memory has grown
     */
    synchronized long remember(long[] addresses, FrameTable answer, @Nullable SymbolFrame[] @Nullable [] to) {
        long before = bytes;
        int gap = 0;
        for (int i = 0; i < addresses.length; i++) {
            SymbolFrame[] group = group(answer, i);
            groups.put(addresses[i], group);
            bytes += GROUP_BYTES + (long) FRAME_BYTES * group.length;
            while (to[gap] != null) {
                gap++;
            }
            to[gap] = group;
        }
        return bytes - before;
    }

    /** @return how many bytes were remembered */
    synchronized long forget() {
        long freed = bytes;
        groups.clear();
        symbols.clear();
        functions.clear();
        paths.clear();
        bytes = 0;
        return freed;
    }

    synchronized boolean remembersSomething() {
        return bytes > 0;
    }

    private SymbolFrame[] group(FrameTable answer, int address) {
        int first = answer.start(address);
        int end = answer.start(address + 1);
        List<SymbolFrame> group = new ArrayList<>(Math.max(0, end - first));
        for (int row = first; row < end; row++) {
            boolean isMade = row + 1 < end && answer.isGenerated(row + 1);
            group.add(frame(answer, row, isMade ? generated(answer, row + 1) : null));
            row += isMade ? 1 : 0;
        }
        return group.toArray(SymbolFrame[]::new);
    }

    private @Nullable Generated generated(FrameTable answer, int row) {
        Path path = path(answer, row);
        return path == null ? null : new Generated(path.whole(), answer.line(row));
    }

    private SymbolFrame frame(FrameTable answer, int row, @Nullable Generated generated) {
        JsonText symbol = symbol(answer, row);
        Path path = path(answer, row);
        JsonText variables = JsonText.ofNullable(answer.variables(row));
        bytes += variables == null ? 0 : variables.bytes();
        return new SymbolFrame(
                language(answer.language(row)),
                symbol,
                answer.symbolAddress(row),
                generated == null ? function(answer, row, symbol) : written(answer, row, symbol),
                path == null ? null : path.file(),
                path == null ? null : path.whole(),
                answer.line(row),
                variables,
                generated);
    }

    /** The name that a function of C# was written with, where its own says so; else as of any function. */
    private @Nullable JsonText written(FrameTable answer, int row, @Nullable JsonText symbol) {
        String name = symbol == null ? null : Il2cppNames.written(symbol.value());
        if (name == null) {
            return function(answer, row, symbol);
        }
        JsonText text = JsonText.of(name);
        bytes += text.bytes();
        return text;
    }

    private @Nullable JsonText symbol(FrameTable answer, int row) {
        int id = answer.symbolId(row);
        JsonText known = id < 0 ? null : symbols.get(id);
        if (known != null) {
            return known;
        }
        JsonText text = JsonText.ofNullable(answer.symbol(row));
        return text == null ? null : kept(symbols, id, text);
    }

    private @Nullable JsonText function(FrameTable answer, int row, @Nullable JsonText symbol) {
        int id = answer.functionId(row);
        JsonText known = id < 0 ? null : functions.get(id);
        if (known != null) {
            return known;
        }
        String name = answer.function(row);
        if (name == null) {
            return null;
        }
        if (symbol != null && symbol.value().equals(name)) {
            return symbol;
        }
        return kept(functions, id, JsonText.of(name));
    }

    private @Nullable Path path(FrameTable answer, int row) {
        int id = answer.pathId(row);
        Path known = id < 0 ? null : paths.get(id);
        if (known != null) {
            return known;
        }
        String whole = answer.path(row);
        if (whole == null) {
            return null;
        }
        Path path = new Path(JsonText.of(whole), JsonText.ofNullable(fileName(whole)));
        bytes += path.whole.bytes() + (path.file == null ? 0 : path.file.bytes());
        if (id >= 0) {
            paths.put(id, path);
        }
        return path;
    }

    private JsonText kept(LongMap<JsonText> texts, int id, JsonText text) {
        bytes += text.bytes();
        if (id >= 0) {
            texts.put(id, text);
        }
        return text;
    }
}
