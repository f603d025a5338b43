package framewright.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.Remapping.Question;
import framewright.testkit.ObfuscatedProgram;
import java.io.File;
import java.io.LineNumberReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import proguard.retrace.ReTrace;

/** Traces that obfuscated programs print, restored: what the same program prints as it was compiled. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObfuscatedProgramsTest {
    private static final int WAYS = 42;
    private static final String LINES = "-keepattributes SourceFile,LineNumberTable";

    private static final Pattern CAUSE = Pattern.compile("Caused by: |Suppressed: ");

    private Path folder;
    private ObfuscatedProgram plain;
    private Path library;

    /** @param rules for ProGuard */
    record Rules(String name, List<String> rules) {
        Rules(String name, String... rules) {
            this(name, List.of(rules));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void compile(@TempDir Path temporary) throws Exception {
        folder = temporary;
        plain = ObfuscatedProgram.plain(folder);
        library = ObfuscatedProgram.library(folder);
    }

    static Stream<Rules> rules() {
        return Stream.of(
                new Rules("renamed", "-dontoptimize", LINES),
                new Rules("inlined", "-optimizationpasses 2", "-optimizations method/inlining/*", LINES),
                new Rules("overloaded", "-dontoptimize", "-repackageclasses x", "-overloadaggressively", LINES),
                new Rules("unshrunk", "-dontoptimize", "-dontshrink", "-renamesourcefileattribute SourceFile", LINES),
                new Rules("short", "-optimizations method/inlining/short", "-flattenpackagehierarchy q", LINES));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void traces_ofAnObfuscatedProgram_areThoseOfThePlainOne(Rules rules) throws Exception {
        ObfuscatedProgram program = plain.obfuscated(folder, rules.name, library, rules.rules);
        List<String> obfuscated = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int way = 0; way < WAYS; way++) {
            obfuscated.add(program.trace(way));
            expected.add(plain.trace(way));
        }
        assertThat(obfuscated).isNotEqualTo(expected);
        List<String> restored = restore(program.mapping(), obfuscated);
        for (int way = 0; way < WAYS; way++) {
            assertThat(withoutShared(restored.get(way))).isEqualTo(withoutShared(expected.get(way)));
            assertThat(withoutFiles(restored.get(way)))
                    .isEqualTo(withoutFiles(byRetrace(program.mapping().toFile(), obfuscated.get(way))));
        }
    }

    private List<String> restore(Path mapping, List<String> traces) {
        Path file = mapping.resolveSibling(mapping.getFileName() + ".table");
        ProguardTable.build(mapping, file, 1 << 20).orThrow();
        try (ProguardTable table = ProguardTable.open(file).orThrow()) {
            return ProguardTable.remap(List.of(table), new Question(List.of(), List.of(), traces))
                    .orThrow()
                    .texts();
        }
    }

    private static String byRetrace(File mapping, String trace) throws Exception {
        StringWriter out = new StringWriter();
        new ReTrace(ReTrace.REGULAR_EXPRESSION, ReTrace.REGULAR_EXPRESSION2, false, false, mapping)
                .retrace(new LineNumberReader(new StringReader(trace)), new PrintWriter(out, true));
        return out.toString();
    }

    /**
     * Frames that a cause has in common with what it caused are printed as their number alone; those that inlining made
     * one frame of several lines are printed.
     */
    private static String withoutShared(String trace) {
        Matcher cause = CAUSE.matcher(trace);
        int start = cause.find() ? cause.start() : trace.length();
        return trace.substring(0, start)
                + trace.substring(start).replaceAll("(?m)^\\s*at till\\.Till\\.(sell|run)\\(.*\\n", "");
    }

    /** ProGuard's own tool makes the file's name of the class's, and forgets some ends of lines. */
    private static String withoutFiles(String trace) {
        return trace.replaceAll("\\([^():]*(?=[:)])", "(").replaceAll("\\)\\s*\tat ", ")\n\tat ");
    }
}
