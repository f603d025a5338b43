package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.sourcemap.Scopes.GeneratedRange;
import framewright.sourcemap.Scopes.OriginalScope;
import framewright.sourcemap.Scopes.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders a map as the golden files of the decoding tests do. Those describe what is decoded where optional errors do
 * not end it; a file {@code .error} beside them says that there is one.
 */
final class Ecma426Golden {
    private Ecma426Golden() {}

    static void check(Path map) throws IOException {
        String name = map.getFileName().toString();
        SourceMapParser.Parsed parsed =
                Read.parsed(SourceMapParser.parse(Files.readAllBytes(map), Strictness.TOLERANT));
        Map<String, @Nullable Object> golden =
                JsonTree.object(JsonTree.read(Files.readAllBytes(map.resolveSibling(name + ".golden"))));
        Map<String, @Nullable Object> rendered = render(parsed.map());
        // Only proposals that a golden file is about appear in it.
        assertThat(golden.keySet()).isSubsetOf(rendered.keySet());
        golden.forEach((key, value) -> {
            if (key.equals("sources") && !golden.containsKey("ranges")) {
                JsonTree.list(rendered.get(key))
                        .forEach(source -> JsonTree.object(source).remove("scope"));
            }
            assertThat(rendered.get(key)).as(key).isEqualTo(value);
        });
        assertThat(rendered.get("debugId")).isEqualTo(golden.get("debugId"));
        boolean error = Files.exists(map.resolveSibling(name + ".error"))
                || Files.exists(map.resolveSibling(name.replace(".map", ".error")));
        assertThat(!parsed.tolerated().isEmpty()).isEqualTo(error);
    }

    private static Map<String, @Nullable Object> render(SourceMap map) {
        List<@Nullable Object> sources = new ArrayList<>();
        for (int i = 0; i < map.sourceCount(); i++) {
            Map<String, @Nullable Object> source = new LinkedHashMap<>();
            source.put("url", map.source(i));
            source.put("content", map.content(i));
            source.put("ignored", map.isIgnored(i));
            List<@Nullable OriginalScope> scopes = map.scopes().originals();
            source.put("scope", scopes.isEmpty() ? null : render(scopes.get(i)));
            sources.add(source);
        }
        Map<String, @Nullable Object> rendered = new LinkedHashMap<>();
        rendered.put("file", map.file());
        rendered.put("sources", sources);
        // No golden file has mappings, and their form is not described.
        rendered.put("mappings", map.mappingCount() == 0 ? List.of() : null);
        rendered.put(
                "ranges",
                map.scopes().ranges().stream().map(Ecma426Golden::render).toList());
        rendered.put("debugId", map.debugId());
        return rendered;
    }

    private static @Nullable Object render(@Nullable OriginalScope scope) {
        if (scope == null) {
            return null;
        }
        Map<String, @Nullable Object> rendered = new LinkedHashMap<>();
        rendered.put("start", render(scope.start()));
        rendered.put("end", render(scope.end()));
        rendered.put("name", scope.name());
        rendered.put("kind", scope.kind());
        rendered.put("isStackFrame", scope.isStackFrame());
        rendered.put("variables", scope.variables());
        rendered.put(
                "children", scope.children().stream().map(Ecma426Golden::render).toList());
        return rendered;
    }

    private static Object render(GeneratedRange range) {
        Map<String, @Nullable Object> rendered = new LinkedHashMap<>();
        rendered.put("start", render(range.start()));
        rendered.put("end", render(range.end()));
        rendered.put("definitionIndex", range.definition() == Mapping.NONE ? null : (double) range.definition());
        rendered.put("stackFrameType", range.stackFrameType().name().toLowerCase(Locale.ROOT));
        rendered.put("callSite", range.callSite());
        rendered.put("bindings", range.bindings());
        rendered.put(
                "children", range.children().stream().map(Ecma426Golden::render).toList());
        return rendered;
    }

    private static Map<String, Object> render(Position position) {
        return Map.of("line", (double) position.line(), "column", (double) position.column());
    }
}
