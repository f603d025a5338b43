package framewright.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.Remapping;
import framewright.nativebridge.Remapping.Frame;
import framewright.nativebridge.Remapping.Question;
import framewright.nativebridge.Remapping.RemappedFrame;
import framewright.nativebridge.Remapping.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any table of classes: what it obfuscates, its mapping restores. */
class RoundTripTest {
    /**
     * A method of a class, at a few lines.
     *
     * @param inlined how many methods are inlined at each of its lines
     */
    record Method(int first, int lines, int inlined, boolean overloaded) {}

    record Type(boolean kotlin, List<Method> methods) {}

    @Property(tries = 100)
    void restored_isWhatWasObfuscated(@ForAll("tables") List<Type> types) throws IOException {
        StringBuilder mapping = new StringBuilder("# compiler: R8\n");
        List<Frame> obfuscated = new ArrayList<>();
        List<RemappedFrame> expected = new ArrayList<>();
        for (int type = 0; type < types.size(); type++) {
            write(type, types.get(type), mapping, obfuscated, expected);
        }
        Path folder = Files.createTempDirectory("round-trip");
        Path text = Files.writeString(folder.resolve("mapping.txt"), mapping);
        Path file = folder.resolve("table");
        ProguardTable.build(text, file, 1 << 24).orThrow();
        try (ProguardTable table = ProguardTable.open(file).orThrow()) {
            Remapping.Answer answer = ProguardTable.remap(
                            List.of(table),
                            new Question(classes(types), List.of(new Stack(null, obfuscated)), List.of()))
                    .orThrow();
            assertThat(answer.stacks().getFirst().frames()).isEqualTo(expected);
            for (int type = 0; type < types.size(); type++) {
                assertThat(answer.classes().get(type)).isEqualTo(original(type));
            }
        } finally {
            Files.delete(text);
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** Writes a class, and a frame for each line of each of its methods. */
    private static void write(
            int number, Type type, StringBuilder mapping, List<Frame> obfuscated, List<RemappedFrame> expected) {
        String extension = type.kotlin ? ".kt" : ".java";
        String file = "File" + number + extension;
        mapping.append("%s -> %s:%n# {\"id\":\"sourceFile\",\"fileName\":\"%s\"}%n"
                .formatted(original(number), obfuscated(number), file));
        int line = 1;
        for (int m = 0; m < type.methods.size(); m++) {
            Method method = type.methods.get(m);
            String name = method.overloaded ? "a" : "m" + m;
            int last = line + method.lines - 1;
            for (int depth = 0; depth < method.inlined; depth++) {
                mapping.append("    %d:%d:void inlined%d():%d:%d -> %s%n"
                        .formatted(line, last, depth, method.first, method.first + method.lines - 1, name));
            }
            mapping.append("    %d:%d:void method%d(int):%d:%d -> %s%n"
                    .formatted(line, last, m, method.first, method.first + method.lines - 1, name));
            for (int offset = 0; offset < method.lines; offset++) {
                obfuscated.add(new Frame(obfuscated(number), name, line + offset, null));
                for (int depth = 0; depth < method.inlined; depth++) {
                    expected.add(
                            new RemappedFrame(original(number), "inlined" + depth, method.first + offset, file, false));
                }
                expected.add(new RemappedFrame(original(number), "method" + m, method.first + offset, file, false));
            }
            line = last + 1;
        }
    }

    private static List<String> classes(List<Type> types) {
        List<String> names = new ArrayList<>();
        for (int type = 0; type < types.size(); type++) {
            names.add(obfuscated(type));
        }
        return names;
    }

    private static String original(int type) {
        return "com.example.Part" + type % 3 + ".Type" + type;
    }

    private static String obfuscated(int type) {
        return (char) ('a' + type % 26) + "." + type;
    }

    @Provide
    Arbitrary<List<Type>> tables() {
        Arbitrary<Method> methods = Combinators.combine(
                        Arbitraries.integers().between(1, 60_000),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(true, false))
                .as(Method::new);
        return Combinators.combine(
                        Arbitraries.of(true, false), methods.list().ofMinSize(1).ofMaxSize(6))
                .as(Type::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }
}
