package framewright.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.Remapping.Answer;
import framewright.nativebridge.Remapping.Frame;
import framewright.nativebridge.Remapping.Question;
import framewright.nativebridge.Remapping.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many texts are asked a few at a time, of which nothing is to be seen. */
class TextPartsTest {
    private static final String MAPPING = "a.B -> b:\n    1:9:void m():7:15 -> c\n";

    /** One frame becomes as many, of which 1,000 are told and all count; a question may make four million. */
    private static final int INLINED = 100_000;

    @Property(tries = 40)
    void answer_isThatOfEachAlone(@ForAll @Size(max = 30) List<@IntRange(max = 3_000) Integer> frames)
            throws IOException {
        Path folder = Files.createTempDirectory("parts");
        try (ProguardTable table = table(folder, MAPPING)) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < frames.size(); i++) {
                texts.add("x.E: é %d\n".formatted(i)
                        + "\tat b.c(r8-map-id-%d:3)\n".formatted(i).repeat(frames.get(i)));
            }
            Stack stack = new Stack(null, List.of(new Frame("b", "c", 2, null)));
            Answer together = ProguardTable.remap(List.of(table), new Question(List.of("b"), List.of(stack), texts))
                    .orThrow();
            List<Answer> alone = texts.stream()
                    .map(text -> ProguardTable.remap(List.of(table), texts(List.of(text)))
                            .orThrow())
                    .toList();
            assertThat(together.texts())
                    .isEqualTo(alone.stream()
                            .flatMap(answer -> answer.texts().stream())
                            .toList());
            assertThat(together.mapIds())
                    .isEqualTo(alone.stream()
                            .flatMap(answer -> answer.mapIds().stream())
                            .limit(16)
                            .toList());
            assertThat(together.classes()).containsExactly("a.B");
            assertThat(together.stacks()).hasSize(1);
            int used =
                    alone.stream().mapToInt(answer -> answer.used().getFirst()).sum();
            assertThat(together.used()).containsExactly(used + 2);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    @Test
    void bounds_areThoseOfAllPartsTogether(@TempDir Path folder) throws IOException {
        String mapping = "a.B -> b:\n" + "    1:1:void m():7:7 -> c\n".repeat(INLINED);
        // as long as a part
        String text = "\tat b.c(X:1)\n" + "x\n".repeat(40_000);
        try (ProguardTable table = table(folder, mapping)) {
            List<ProguardTable> tables = List.of(table);
            assertThat(ProguardTable.remap(tables, texts(Collections.nCopies(20, text))))
                    .isInstanceOf(NativeResult.Ok.class);
            assertThat(ProguardTable.remap(tables, texts(Collections.nCopies(50, text))))
                    .isInstanceOfSatisfying(
                            NativeResult.Failed.class,
                            failed -> assertThat(failed.failure().describe()).contains("too many frames"));
        }
    }

    @Test
    void text_longerThanOneCallTakes_isRefused(@TempDir Path folder) throws IOException {
        String tooLong = "\u4e00".repeat((64 << 20) / 3 + 1);
        try (ProguardTable table = table(folder, MAPPING)) {
            assertThat(ProguardTable.remap(List.of(table), texts(List.of("x", tooLong))))
                    .isInstanceOfSatisfying(
                            NativeResult.Failed.class,
                            failed -> assertThat(failed.failure().describe()).contains("a stack trace is too long"));
        }
    }

    private static Question texts(List<String> texts) {
        return new Question(List.of(), List.of(), texts);
    }

    private static ProguardTable table(Path folder, String mapping) throws IOException {
        Path text = Files.writeString(folder.resolve("mapping.txt"), mapping);
        Path table = folder.resolve("table");
        ProguardTable.build(text, table, 1 << 24).orThrow();
        return ProguardTable.open(table).orThrow();
    }
}
