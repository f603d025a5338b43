package framewright;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.cli.Cli;
import framewright.testkit.ArtifactServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code framewright resolve error.txt --maps DIR}. */
@Timeout(60)
class ResolveErrorTest {
    @TempDir
    private Path folder;

    private record Ran(int status, String out, String err) {}

    @BeforeEach
    void build() throws Exception {
        Path js = Files.createDirectories(folder.resolve("dist/js"));
        Files.writeString(js.resolve("app.js"), ArtifactServer.SCRIPT);
        Files.writeString(js.resolve("app.js.map"), ArtifactServer.map());
    }

    private Ran resolve(String error) throws Exception {
        Path file = Files.writeString(folder.resolve("error.txt"), error);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cli.run(
                new PrintWriter(out),
                new PrintWriter(err),
                false,
                "resolve",
                file.toString(),
                "--maps",
                folder.resolve("dist").toString());
        return new Ran(status, out.toString(), err.toString());
    }

    @Test
    void errorOfABuild_isResolvedFromItsFolder() throws Exception {
        Ran ran = resolve("TypeError: x\n    at f (https://cdn.example/v1/js/app.js?v=2:1:14)\n    at native\n");
        assertThat(ran.out).contains("at original (src.js:1:10)");
        assertThat(ran.status).isZero();
    }

    @Test
    void whatIsMissing_isToldWithItsRemedy() throws Exception {
        Ran ran = resolve("g@https://cdn.example/js/../../../error.txt:1:1\n");
        assertThat(ran.status).isEqualTo(1);
        assertThat(ran.out).contains("at g (", "was not uploaded", "to fix it: ");
    }

    @Test
    void textWithoutAStack_isWrongUsage() throws Exception {
        Ran ran = resolve("all is well\n");
        assertThat(ran.status).isEqualTo(2);
        assertThat(ran.err).contains("holds no line of a stack");
    }
}
