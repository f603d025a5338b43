package framewright.js;

import framewright.cache.CachedFile;
import framewright.nativebridge.JsScopes;
import framewright.nativebridge.JsScopes.Position;
import framewright.sourcemap.FunctionName;
import framewright.sourcemap.Mapping;
import framewright.sourcemap.SourceLookup;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a script, with the names that they had in its sources: each part of a name that stands in the script
 * is looked up in the map, which may name the token there, when it is first asked for. The rules are those of {@code
 * js-source-scopes}: makers of maps put the name on the token, on the one behind it (terser, for private methods), or
 * on the keyword before it (TypeScript).
 */
final class ScriptFunctions implements AutoCloseable {
    /** Longer names are made by machines, and cut. */
    private static final int MAX_NAME = 512;

    /** Names that are kept; errors come from few functions. */
    private static final int MAX_KNOWN = 256;

    private final JsScopes scopes;
    private final CachedFile file;
    private final ConcurrentHashMap<Integer, FunctionName> known = new ConcurrentHashMap<>();

    private ScriptFunctions(JsScopes scopes, CachedFile file) {
        this.scopes = scopes;
        this.file = file;
    }

    /** Takes the lease on the file over, whatever becomes of it; null where it is damaged. */
    static @Nullable ScriptFunctions open(CachedFile file) throws IOException {
        ScriptFunctions opened = null;
        try {
            opened = new ScriptFunctions(JsScopes.open(file.path()), file);
            return opened;
        } catch (IndexOutOfBoundsException e) {
            return null;
        } finally {
            if (opened == null) {
                file.close();
            }
        }
    }

    /** The function around a place in the script; unknown where the file was changed on the disk. */
    FunctionName at(int line, int column, SourceLookup map) {
        try {
            int name = scopes.nameAt(line, column);
            return switch (name) {
                case JsScopes.NO_FUNCTION -> new FunctionName.Unknown();
                case JsScopes.ANONYMOUS -> new FunctionName.Anonymous();
                default -> named(name, map);
            };
        } catch (IndexOutOfBoundsException e) {
            return new FunctionName.Unknown();
        }
    }

    private FunctionName named(int name, SourceLookup map) {
        FunctionName before = known.get(name);
        if (before != null) {
            return before;
        }
        StringBuilder text = new StringBuilder();
        scopes.parts(name, (part, start, end) -> text.append(original(part, start, end, map)));
        FunctionName named = new FunctionName.Named(text.substring(0, Math.min(text.length(), MAX_NAME)));
        if (known.size() < MAX_KNOWN) {
            known.put(name, named);
        }
        return named;
    }

    private static String original(String text, @Nullable Position start, @Nullable Position end, SourceLookup map) {
        String name = start == null ? null : nameAt(start, map);
        if (name == null && end != null) {
            name = nameAt(end, map);
        }
        return name == null ? text : name;
    }

    private static @Nullable String nameAt(Position position, SourceLookup map) {
        Mapping at = map.lookup(position.line(), position.column());
        if (at == null || at.generatedLine() != position.line() || at.generatedColumn() < position.column() - 1) {
            return null;
        }
        if (at.name() != Mapping.NONE) {
            return map.name(at.name());
        }
        Mapping before = at.generatedColumn() == 0 ? null : map.lookup(at.generatedLine(), at.generatedColumn() - 1);
        if (before == null
                || before.name() == Mapping.NONE
                || before.source() != at.source()
                || before.line() != at.line()
                || before.column() != at.column()) {
            return null;
        }
        return map.name(before.name());
    }

    @Override
    public void close() {
        scopes.close();
        file.close();
    }
}
