package framewright.sourcemap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * The tests that come with ECMA-426 and its proposals. Their folder is given by the system property {@code ecma426}, or
 * stands beside the project; without it these tests are skipped. Each suite ends with one line on standard output, such
 * as {@code ecma426: 99 passed, 0 failed}.
 */
class Ecma426Test {
    private static final Path FOLDER = folder();

    @TestFactory
    Stream<DynamicTest> specification() throws IOException {
        return actions("ecma426", "source-map-spec-tests.json");
    }

    @TestFactory
    Stream<DynamicTest> rangeMappings() throws IOException {
        return actions("ecma426-range-mappings", "range-mappings-proposal-tests.json");
    }

    @TestFactory
    Stream<DynamicTest> scopes() throws IOException {
        return goldens("ecma426-scopes", "scopes");
    }

    @TestFactory
    Stream<DynamicTest> debugId() throws IOException {
        return goldens("ecma426-debug-id", "debug-id");
    }

    private static Path folder() {
        String given = System.getProperty("ecma426");
        if (given != null) {
            return Path.of(given);
        }
        // Maven runs a module's tests in the module's folder.
        Path besideParent = Path.of("..", "..", "shared", "ecma426");
        return Files.isDirectory(besideParent) ? besideParent : Path.of("..", "shared", "ecma426");
    }

    private static Stream<DynamicTest> actions(String suite, String file) throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "no folder " + FOLDER);
        Map<String, @Nullable Object> tests = JsonTree.object(JsonTree.read(Files.readAllBytes(FOLDER.resolve(file))));
        Path resources = FOLDER.resolve("resources");
        Object base = tests.get("resourceBasePath");
        Path folder = base == null ? resources : resources.resolve((String) base);
        List<Map.Entry<String, Executable>> named = new ArrayList<>();
        for (Object entry : JsonTree.list(tests.get("tests"))) {
            Map<String, @Nullable Object> test = JsonTree.object(entry);
            named.add(Map.entry(text(test, "name"), () -> run(test, folder)));
        }
        return counted(suite, named);
    }

    private static Stream<DynamicTest> goldens(String suite, String proposal) throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "no folder " + FOLDER);
        List<Map.Entry<String, Executable>> named = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve("decoding").resolve(proposal))) {
            for (Path map : files.filter(file -> file.toString().endsWith(".map"))
                    .sorted()
                    .toList()) {
                named.add(Map.entry(map.getFileName().toString(), () -> Ecma426Golden.check(map)));
            }
        }
        return counted(suite, named);
    }

    private static Stream<DynamicTest> counted(String suite, List<Map.Entry<String, Executable>> tests) {
        AtomicInteger passed = new AtomicInteger();
        return tests.stream()
                .map(test -> DynamicTest.dynamicTest(test.getKey(), () -> {
                    test.getValue().execute();
                    passed.incrementAndGet();
                }))
                .onClose(() -> System.out.println(
                        suite + ": " + passed + " passed, " + (tests.size() - passed.get()) + " failed"));
    }

    private static void run(Map<String, @Nullable Object> test, Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(text(test, "sourceMapFile")));
        if (!Objects.equals(test.get("sourceMapIsValid"), true)) {
            Read.violation(SourceMapParser.parse(bytes, Strictness.STRICT));
            return;
        }
        Read.both(bytes, Strictness.STRICT, map -> {
            for (Object action : JsonTree.list(test.get("testActions"))) {
                act(map, JsonTree.object(action), folder);
            }
        });
    }

    private static void act(SourceLookup map, Map<String, @Nullable Object> action, Path folder) {
        switch (text(action, "actionType")) {
            case "checkMapping" -> checkMapping(map, action);
            case "checkMappingTransitive" ->
                checkMapping(composed(map, JsonTree.list(action.get("intermediateMaps")), folder), action);
            case "checkIgnoreList" -> checkIgnoreList(map, JsonTree.list(action.get("present")));
            default -> throw new AssertionError("unknown action " + action);
        }
    }

    private static SourceLookup composed(SourceLookup map, List<@Nullable Object> intermediates, Path folder) {
        if (intermediates.isEmpty()) {
            return map;
        }
        try {
            byte[] bytes = Files.readAllBytes(folder.resolve((String) Objects.requireNonNull(intermediates.get(0))));
            SourceMap next =
                    Read.parsed(SourceMapParser.parse(bytes, Strictness.STRICT)).map();
            return new MapComposition(
                    map, source -> composed(next, intermediates.subList(1, intermediates.size()), folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkMapping(SourceLookup map, Map<String, @Nullable Object> action) {
        Mapping mapping = map.lookup(number(action, "generatedLine"), number(action, "generatedColumn"));
        assertThat(mapping).as("%s", action).isNotNull();
        Objects.requireNonNull(mapping);
        boolean mapped = action.get("originalLine") != null;
        assertThat(mapping.isMapped()).as("%s", action).isEqualTo(mapped);
        if (mapped) {
            assertThat(map.source(mapping.source())).isEqualTo(action.get("originalSource"));
            assertThat(mapping.line()).as("%s", action).isEqualTo(number(action, "originalLine"));
            assertThat(mapping.column()).as("%s", action).isEqualTo(number(action, "originalColumn"));
        }
        Object name = action.get("mappedName");
        assertThat(mapping.name() == Mapping.NONE ? null : map.name(mapping.name()))
                .as("%s", action)
                .isEqualTo(name);
    }

    private static void checkIgnoreList(SourceLookup map, List<@Nullable Object> present) {
        for (int i = 0; i < map.sourceCount(); i++) {
            assertThat(map.isIgnored(i)).isEqualTo(present.contains(map.source(i)));
        }
    }

    private static String text(Map<String, @Nullable Object> object, String key) {
        return (String) Objects.requireNonNull(object.get(key));
    }

    private static int number(Map<String, @Nullable Object> object, String key) {
        return ((Double) Objects.requireNonNull(object.get(key))).intValue();
    }
}
