package framewright.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Malformed;
import framewright.nativebridge.NativePool;
import framewright.testkit.StoreServer;
import framewright.testkit.TarFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final NativePool pool = new NativePool("test", 1);
    private Archives archives;

    @BeforeEach
    void open() {
        archives = new Archives(pool, () -> folder.resolve("scratch"), 100, 1 << 20);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private final class Seen implements Archives.Visitor {
        @Override
        public void file(String name, InputStream content) throws IOException {
            files.put(name, new String(content.readAllBytes(), UTF_8));
        }

        @Override
        public void refused(String name, String reason) {
            refused.put(name, reason);
        }
    }

    private Outcome<Integer> read(String name, byte[] archive) throws Exception {
        Path file = Files.write(folder.resolve("archive"), archive);
        return archives.read(file, name, new Seen());
    }

    private String problem(byte[] archive) throws Exception {
        assertThat(read("a", archive)).isInstanceOf(Failed.class);
        return read("a", archive) instanceof Failed<Integer>(Malformed malformed) ? malformed.details() : "";
    }

    static byte[] zip(Map<String, byte[]> members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(new ZipEntry(member.getKey()));
                zip.write(member.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz", "tar.zst"})
    void read_ofEachKind_showsFilesAndNoFolders(String kind) throws Exception {
        byte[] tar = new TarFile()
                .member("a/", '5', 0, new byte[0])
                .file("./a/one", HELLO)
                .file("two", HELLO)
                .file("__MACOSX/x", HELLO)
                .bytes();
        byte[] archive = switch (kind) {
            case "zip" -> zip(Map.of("a/", new byte[0], "a/one", HELLO, "two", HELLO, "a/._one", HELLO));
            case "tar" -> tar;
            case "tar.gz" -> StoreServer.gzip(tar);
            default -> Zstd.compress(tar);
        };
        assertThat(read("a." + kind, archive)).isEqualTo(Outcome.found(2));
        assertThat(files).containsOnly(Map.entry("a/one", "hello"), Map.entry("two", "hello"));
        assertThat(folder.resolve("scratch")).doesNotExist();
    }

    @Test
    void read_ofAPackedFile_showsItUnderItsOwnName() throws Exception {
        assertThat(read("app.sym.gz", StoreServer.gzip(HELLO))).isEqualTo(Outcome.found(1));
        assertThat(files).containsExactly(Map.entry("app.sym", "hello"));
    }

    @Test
    void read_ofTarWithLongNames_knowsBothWaysToWriteThem() throws Exception {
        String name = "folder/".repeat(40) + "file";
        read("a", new TarFile().paxFile(name, HELLO).bytes());
        read("a", new TarFile().gnuFile(name + "2", HELLO).bytes());
        assertThat(files.keySet()).containsExactly(name, name + "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/evil", "C:\\evil", "..\\evil", "a\u0007b"})
    void read_ofANameThatLeadsOut_refusesIt(String name) throws Exception {
        read("a", zip(Map.of(name, HELLO)));
        read("a", new TarFile().file(name, HELLO).bytes());
        assertThat(files).isEmpty();
        assertThat(refused).containsOnlyKeys(name.replace('\\', '/'));
    }

    @Test
    void read_ofLinks_refusesThemByName() throws Exception {
        read("a", new TarFile().link("to").file("file", HELLO).bytes());
        assertThat(refused).containsOnlyKeys("to");
        assertThat(files).containsOnlyKeys("file");
    }

    @Test
    void read_ofBombs_stopsAtTheBound() throws Exception {
        byte[] large = new byte[4 << 20];
        assertThat(problem(zip(Map.of("zeros", large)))).contains("more comes out of it than is taken at once");
        open();
        assertThat(problem(StoreServer.gzip(large))).contains("cannot be unpacked");
        open();
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("f" + i, new byte[0]);
        }
        assertThat(problem(zip(many))).contains("more files than are taken at once");
    }

    @Test
    void read_ofDamagedArchives_saysSo() throws Exception {
        assertThat(problem(new TarFile().file("a", new byte[2000]).cutOff(1000)))
                .contains("ends early");
        assertThat(problem(new TarFile()
                        .file("a", HELLO)
                        .member("b", '0', -1, HELLO)
                        .bytes()))
                .contains("tar archive");
        byte[] zip = zip(Map.of("a", new byte[9999]));
        assertThat(problem(java.util.Arrays.copyOf(zip, zip.length - 30))).contains("zip archive is damaged");
    }

    /** Whatever an archive is called and calls its members, what is shown lies below any folder it is put into. */
    @Property(tries = 500)
    void names_thatAreShown_stayWithin(
            @ForAll @StringLength(max = 12) @CharRange(from = '.', to = '/') String dots,
            @ForAll @StringLength(max = 4) String any) {
        Path root = Path.of("/root/folder");
        for (String name :
                Stream.of(dots, dots + any, any + dots, "a/" + dots + any).toList()) {
            String normal = MemberName.normal(name);
            if (MemberName.problem(normal) == null) {
                assertThat(root.resolve(normal).normalize().startsWith(root))
                        .as(name)
                        .isTrue();
            }
        }
    }
}
