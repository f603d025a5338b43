package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.debugfiles.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewestFilesTest {
    @TempDir
    private Path folder;

    /** @param hour at which it is written */
    private void file(String path, int hour) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[1]);
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(hour * 3600L)));
    }

    private List<String> newest(Layout.Kind layout, int most) throws InterruptedException {
        return NewestFiles.of(folder, layout, most).stream()
                .map(one -> String.valueOf(one.id().codeId()))
                .toList();
    }

    @Test
    void modules_comeByTheirNewestFile() throws Exception {
        file("aa/aaaaaaaaaaaaaaaa/debuginfo", 1);
        file("aa/aaaaaaaaaaaaaaaa/executable", 9);
        file("bb/bbbbbbbbbbbbbbbb/debuginfo", 8);
        file("bb/bbbbbbbbbbbbbbbb/executable", 2);
        file("cc/cccccccccccccccc/debuginfo", 3);
        file("cc/cccccccccccccccc/meta", 10);
        file("README", 11);
        assertThat(newest(Layout.Kind.UNIFIED, 10))
                .containsExactly("aaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbb", "cccccccccccccccccc");
        assertThat(newest(Layout.Kind.UNIFIED, 2)).containsExactly("aaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbb");
        assertThat(newest(Layout.Kind.DEBUGINFOD, 2)).isEmpty();
    }

    @Test
    void deepestLayout_isSeen_andLinksAreNotFollowed() throws Exception {
        file("67E9/247C/814E/392B/A027/DBDE6748FCBF", 1);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/bb"));
        Files.write(elsewhere.resolve("bbbbbbbbbbbbbbbb.debug"), new byte[1]);
        Files.createSymbolicLink(folder.resolve("bb"), elsewhere);
        Files.createSymbolicLink(folder.resolve("67E9/round"), folder);
        assertThat(NewestFiles.of(folder, Layout.Kind.NATIVE, 10))
                .singleElement()
                .satisfies(one -> assertThat(String.valueOf(one.id().debugId()))
                        .isEqualTo("67e9247c-814e-392b-a027-dbde6748fcbf"));
    }

    @Test
    void folderThatIsNotThere_hasNothing() throws Exception {
        assertThat(NewestFiles.of(folder.resolve("none"), Layout.Kind.UNIFIED, 10))
                .isEmpty();
    }

    @Test
    void interrupt_endsTheLook() throws Exception {
        file("aa/aaaaaaaaaaaaaaaa/debuginfo", 1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> newest(Layout.Kind.UNIFIED, 10)).isInstanceOf(InterruptedException.class);
    }
}
