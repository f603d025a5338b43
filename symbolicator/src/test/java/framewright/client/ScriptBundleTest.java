package framewright.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.BundleManifest;
import framewright.api.ZipFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptBundleTest {
    private static final String ID = "3b0b1b52-0c4a-4a3e-9a3c-0123456789ab";
    private static final String OTHER_ID = "7b0b1b52-0c4a-4a3e-9a3c-0123456789ab";
    private static final Account ACCOUNT = new Account("http://localhost", null, "o", "p");

    @TempDir
    private Path folder;

    private Path dist() {
        return folder.resolve("dist");
    }

    private void file(String name, byte[] content) throws IOException {
        Path file = dist().resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, content);
    }

    private void file(String name, String content) throws IOException {
        file(name, content.getBytes(UTF_8));
    }

    private Gathering gather(@Nullable String release) throws Exception {
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        return Gathering.of(List.of(dist()), scratch, new Gathering.Packing(ACCOUNT, 1 << 20, release, null));
    }

    private static BundleManifest.File in(BundleManifest manifest, String url) {
        return manifest.files().stream()
                .filter(file -> file.url().equals(url))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void gather_ofScripts_makesABundleAsSentryCliDoes() throws Exception {
        file("js/app.min.js", "throw 1\n//# debugId=" + ID + "\n//# sourceMappingURL=../maps/app.map?v=1\n");
        file("maps/app.map", "{\"version\":3,\"sources\":[\"x\"],\"mappings\":\"AAAA\"}");
        file("other.js", "throw 2\n//# sourceMappingURL=other.js.map\n");
        file("other.js.map", "{\"debug_id\":\"" + OTHER_ID + "\",\"version\":3,\"mappings\":\"\"}");
        file("style.css.map", "{}");
        file("linker.map", "Archive member included");
        Gathering gathering = gather(null);
        assertThat(gathering.leftOut()).isEmpty();
        Upload.Bundle bundle = (Upload.Bundle) gathering.uploads().getFirst();
        assertThat(bundle.scripts()).isEqualTo(4);
        Path file = bundle.file().file();
        try (ZipFile zip = ZipFiles.open(file)) {
            BundleManifest manifest = BundleManifest.of(zip);
            BundleManifest.File script = in(manifest, "~/js/app.min.js");
            assertThat(script.path()).isEqualTo("files/_/_/js/app.min.js");
            assertThat(script.type()).isEqualTo("minified_source");
            assertThat(script.sourceMap()).isEqualTo("../maps/app.map?v=1");
            assertThat(String.valueOf(script.debugId())).isEqualTo(ID);
            assertThat(String.valueOf(in(manifest, "~/maps/app.map").debugId())).isEqualTo(ID);
            assertThat(String.valueOf(in(manifest, "~/other.js").debugId())).isEqualTo(OTHER_ID);
            assertThat(manifest.release()).isNull();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt(8)).isEqualTo(0x0403_4B50);
        int directory = bytes.getInt(bytes.limit() - 6);
        assertThat(bytes.getInt(directory)).isEqualTo(0x0201_4B50);
        assertThat(bytes.getInt(directory + 42)).isEqualTo(8);
        assertThat(((Upload.Bundle) gather(null).uploads().getFirst()).file().sha1())
                .isEqualTo(bundle.file().sha1());
    }

    @Test
    void gather_ofScriptsThatNobodyCouldAskFor_leavesThemOut() throws Exception {
        file("a.js", "throw 1\n//# sourceMappingURL=a.js.map\n");
        file("a.js.map", "{\"version\":3,\"mappings\":\"\"}");
        file("plain.js", "f()");
        Gathering gathering = gather(null);
        assertThat(gathering.uploads()).isEmpty();
        assertThat(gathering.leftOut()).extracting(LeftOut::name).allMatch(name -> name.contains("a.js"));
        assertThat(gathering.leftOut())
                .hasSize(2)
                .allMatch(file -> file.reason().contains("--release"));
        assertThat(((Upload.Bundle) gather("1.0").uploads().getFirst()).scripts())
                .isEqualTo(3);
    }

    @Test
    void gather_ofHermesBytecode_sendsItsNameOnly() throws Exception {
        byte[] bytecode = HexFormat.of().parseHex("c61fbc03c103191f00000000");
        file("index.android.bundle", bytecode);
        file("index.android.bundle.map", "{\"version\":3,\"mappings\":\"\",\"debugId\":\"" + ID + "\"}");
        Upload.Bundle bundle = (Upload.Bundle) gather(null).uploads().getFirst();
        try (ZipFile zip = ZipFiles.open(bundle.file().file())) {
            BundleManifest.File script = in(BundleManifest.of(zip), "~/index.android.bundle");
            assertThat(String.valueOf(script.debugId())).isEqualTo(ID);
            assertThat(script.type()).isEqualTo("minified_source");
            assertThat(zip.getEntry(script.path()).getSize()).isZero();
        }
    }
}
