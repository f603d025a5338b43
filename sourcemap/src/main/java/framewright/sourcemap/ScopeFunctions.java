package framewright.sourcemap;

import framewright.sourcemap.Scopes.OriginalScope;
import framewright.sourcemap.Scopes.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Flattens a source's tree of scopes into its functions: those scopes whose calls show in stack traces. */
final class ScopeFunctions {
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<Position> positions = new ArrayList<>();
    private final List<Integer> rows = new ArrayList<>();

    private ScopeFunctions() {}

    static FunctionMap of(OriginalScope root) {
        ScopeFunctions functions = new ScopeFunctions();
        functions.add(root, FunctionMap.UNKNOWN);
        FunctionMap.Builder builder = new FunctionMap.Builder(functions.names);
        for (int i = 0; i < functions.rows.size(); i++) {
            Position position = functions.positions.get(i);
            builder.row(position.line(), position.column(), functions.rows.get(i));
        }
        return builder.build();
    }

    /** Recursion goes no deeper than {@link Limits#MAX_SCOPE_DEPTH}. */
    private void add(OriginalScope scope, int around) {
        int inside = around;
        if (scope.isStackFrame()) {
            String name = scope.name();
            inside = name == null ? FunctionMap.ANONYMOUS : index(name);
            row(scope.start(), inside);
        }
        for (OriginalScope child : scope.children()) {
            add(child, inside);
        }
        if (scope.isStackFrame()) {
            row(scope.end(), around);
        }
    }

    private void row(Position position, int name) {
        positions.add(position);
        rows.add(name);
    }

    private int index(String name) {
        return indexes.computeIfAbsent(name, added -> {
            names.add(added);
            return names.size() - 1;
        });
    }
}
