package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.testkit.SourceBundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One test per {@code *.request.json} in {@code src/test/resources/golden/native}: its answer is the file next to it.
 * {@code -Dframewright.update=true} rewrites the answers; read the difference before you keep it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenAnswersTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "native");
    private static final String REQUEST = ".request.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIXTURES = List.of(
            "elf-dwarf5.so",
            "elf-variables.so",
            "elf-rust-v0.so",
            "elf-rust-legacy.so",
            "elf-aarch64.so",
            "elf-arm.so",
            "elf-ppc64be.so",
            "macho-fat.dsym",
            "pdb-x64.pdb",
            "pdb-x86.pdb",
            "wasm.wasm",
            "breakpad.sym");

    private NativeService service;

    @BeforeAll
    void start(@TempDir Path dir) throws IOException {
        service = new NativeService(dir);
        for (String fixture : FIXTURES) {
            service.with(fixture);
        }
        service.with(SourceBundles.elf(
                "1111111111111111111111111111111111111115",
                "/src/shapes.cpp",
                Files.readString(NativeService.FIXTURES.resolve("src/shapes.cpp"))));
        Path broken = Files.createDirectories(service.symbols.resolve("ba/d0"));
        Files.writeString(broken.resolve("executable"), "no object file at all");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @TestFactory
    List<DynamicTest> answers() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.toString().endsWith(REQUEST))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(name(file), () -> check(file)))
                    .toList();
        }
    }

    private void check(Path request) throws IOException, InterruptedException {
        String answer = pretty(service.json(Files.readString(request)));
        Path expected = request.resolveSibling(name(request) + ".json");
        if (Boolean.getBoolean("framewright.update")) {
            Files.writeString(expected, answer);
        }
        assertThat(answer).isEqualTo(Files.readString(expected));
    }

    private static String name(Path request) {
        String name = request.getFileName().toString();
        return name.substring(0, name.length() - REQUEST.length());
    }

    private static String pretty(String json) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return JSON.writer(printer).writeValueAsString(JSON.readTree(json)) + "\n";
    }
}
