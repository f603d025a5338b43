package framewright.js;

import framewright.nativebridge.JsScopes;
import framewright.nativebridge.JsScopes.Position;
import framewright.sourcemap.GeneratedFunctions;
import framewright.sourcemap.Mapping;
import framewright.sourcemap.SourceLookup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the functions of a script the names that they had in its sources: each part of a name that stands in the script
 * is looked up in the map, which may name the token there. The rules are those of {@code js-source-scopes}: makers of
 * maps put the name on the token, on the one behind it (terser, for private methods), or on the keyword before it
 * (TypeScript).
 */
final class ScopeNames {
    /** Longer names are made by machines, and cut. */
    private static final int MAX_NAME = 512;

    private ScopeNames() {}

    static GeneratedFunctions resolve(JsScopes scopes, SourceLookup map) {
        List<String> names = new ArrayList<>(scopes.names());
        for (int i = 0; i < scopes.names(); i++) {
            StringBuilder name = new StringBuilder();
            scopes.parts(i, (text, start, end) -> name.append(original(text, start, end, map)));
            names.add(name.substring(0, Math.min(name.length(), MAX_NAME)));
        }
        GeneratedFunctions functions = new GeneratedFunctions(names);
        for (int row = 0; row < scopes.rows(); row++) {
            int name = switch (scopes.name(row)) {
                case JsScopes.NO_FUNCTION -> GeneratedFunctions.NO_FUNCTION;
                case JsScopes.ANONYMOUS -> GeneratedFunctions.ANONYMOUS;
                default -> scopes.name(row);
            };
            functions.row(scopes.line(row), scopes.column(row), name);
        }
        return functions;
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
}
