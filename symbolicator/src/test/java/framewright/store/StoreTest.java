package framewright.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import framewright.config.StoreSettings;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds over each database and each place of blobs. */
class StoreTest {
    private static final DebugId DEBUG_ID =
            Objects.requireNonNull(DebugId.parse("6ae25ac9-cf30-3b57-8853-e5095dd30cbd"));
    private static final CodeId CODE_ID =
            Objects.requireNonNull(CodeId.parse("c95ae26a30cf573b8853e5095dd30cbd01234567"));

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-26T08:00:00Z");
    private Store store;
    private Organization mine;
    private Project app;

    @BeforeEach
    void open() {
        store = Store.open(new StoreSettings(folder), () -> now);
        mine = store.tenants().organization("mine", "Mine");
        app = store.tenants().project(mine, "app", "App");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void store_openedAgain_hasWhatWasKept() throws IOException {
        Digest digest = keep("debug");
        store.debugFiles().add(app, digest, List.of(elf("app", Set.of("debug"))));
        store.close();
        store = Store.open(new StoreSettings(folder), () -> now);
        DebugFile file = store.debugFiles().find(all(), DEBUG_ID, null).getFirst();
        assertThat(file.digest()).isEqualTo(digest);
        assertThat(file.size()).isEqualTo(5);
        try (var in = store.blobs().open(BlobKey.content(digest), 1, 2)) {
            assertThat(in).hasBinaryContent("eb".getBytes(UTF_8));
        }
    }

    @Test
    void debugFiles_ofOneId_comeWithTheOwnProjectFirstAndThenTheBetter() throws IOException {
        Project other = store.tenants().project(mine, "other", "Other");
        store.debugFiles().add(app, keep("1"), List.of(elf("stripped", Set.of("symtab"))));
        store.debugFiles().add(other, keep("2"), List.of(elf("full", Set.of("debug", "symtab"))));
        assertThat(names(new Tenancy(mine.id(), app.id()))).containsExactly("stripped", "full");
        assertThat(names(new Tenancy(mine.id(), other.id()))).containsExactly("full", "stripped");
        assertThat(names(all())).containsExactly("full", "stripped");
        assertThat(store.debugFiles().find(all(), null, CODE_ID)).hasSize(2);
    }

    @Test
    void files_ofAnotherOrganization_areNotSeen() throws IOException {
        Organization others = store.tenants().organization("others", "Others");
        store.debugFiles().add(app, keep("1"), List.of(elf("app", Set.of("debug"))));
        assertThat(names(new Tenancy(others.id(), app.id()))).isEmpty();
    }

    @Test
    void chunks_thatWereKept_areNotMissing() throws IOException {
        Path file = store.blobs().newFile();
        Files.writeString(file, "chunk");
        store.chunks().keep(mine, "aa".repeat(20), file, 5);
        assertThat(store.chunks().missing(mine, List.of("bb".repeat(20), "aa".repeat(20))))
                .containsExactly("bb".repeat(20));
        store.chunks().drop(mine, List.of("aa".repeat(20)));
        assertThat(store.chunks().missing(mine, List.of("aa".repeat(20)))).hasSize(1);
    }

    @Test
    void token_speaksForItsHolder_untilItExpiresOrIsRevoked() {
        String token = store.tokens().create(mine, app, "ci", Set.of(Permission.UPLOAD), now.plusSeconds(60));
        Principal holder = Objects.requireNonNull(store.tokens().authenticate(token));
        assertThat(holder.may(Permission.UPLOAD)).isTrue();
        assertThat(holder.may(Permission.READ)).isFalse();
        assertThat(holder.project()).isEqualTo(app);
        now = now.plusSeconds(60);
        assertThat(store.tokens().authenticate(token)).isNull();
        String other = store.tokens().create(mine, null, "dev", Set.of(Permission.ADMIN), null);
        long key = Objects.requireNonNull(store.tokens().authenticate(other)).token();
        assertThat(store.tokens().revoke(mine, key)).isTrue();
        assertThat(store.tokens().authenticate(other)).isNull();
    }

    @Test
    void bundles_areFoundByDebugIdAndByAddress() throws IOException {
        ArtifactBundle.File script =
                new ArtifactBundle.File("files/_/_/app.js", "~/js/app.min.js", "/js/app", "minified_source", DEBUG_ID);
        store.bundles()
                .add(mine, List.of(app), keep("b"), new ArtifactBundle.Description("one", "1.0", "", List.of(script)));
        assertThat(store.bundles().byDebugId(all(), DEBUG_ID, 5)).hasSize(1);
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("/js/app"), 5))
                .hasSize(1);
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("js/ap"), 5))
                .hasSize(1);
        assertThat(store.bundles().byAddress(all(), "1.0", "", List.of("js_ap"), 5))
                .isEmpty();
        assertThat(store.bundles().byAddress(all(), "2.0", "", List.of("/js/app"), 5))
                .isEmpty();
        assertThat(Objects.requireNonNull(store.releases().get(mine, "1.0")).projects())
                .containsExactly(app);
    }

    private Tenancy all() {
        return new Tenancy(mine.id(), null);
    }

    private List<String> names(Tenancy who) {
        return store.debugFiles().find(who, DEBUG_ID, null).stream()
                .map(file -> file.entry().name())
                .toList();
    }

    private static DebugFile.Entry elf(String name, Set<String> features) {
        return new DebugFile.Entry("elf", "exe", name, DEBUG_ID, CODE_ID, "x86_64", features);
    }

    private Digest keep(String text) throws IOException {
        Path file = store.blobs().newFile();
        Files.writeString(file, text);
        byte[] bytes = text.getBytes(UTF_8);
        String sha1 = HexFormat.of().formatHex(Digest.hash("SHA-1").digest(bytes));
        Digest digest =
                new Digest(HexFormat.of().formatHex(Digest.hash("SHA-256").digest(bytes)));
        store.keep(file, digest, sha1, bytes.length);
        return digest;
    }
}
