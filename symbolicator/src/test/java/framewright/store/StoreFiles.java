package framewright.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;

/** Files for stores of tests. */
final class StoreFiles {
    static final DebugId DEBUG_ID = Objects.requireNonNull(DebugId.parse("6ae25ac9-cf30-3b57-8853-e5095dd30cbd"));
    static final CodeId CODE_ID = Objects.requireNonNull(CodeId.parse("c95ae26a30cf573b8853e5095dd30cbd01234567"));

    private StoreFiles() {}

    /** Keeps a text as a blob. */
    static Digest keep(Store store, String text) throws IOException {
        return keep(store, text.getBytes(UTF_8));
    }

    static Digest keep(Store store, byte[] bytes) throws IOException {
        Path file = store.blobs().newFile();
        Files.write(file, bytes);
        Digest digest = digest(bytes);
        store.keep(file, digest, sha1(bytes), bytes.length);
        return digest;
    }

    static Digest digest(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(Digest.hash("SHA-256").digest(bytes)));
    }

    static String sha1(byte[] bytes) {
        return HexFormat.of().formatHex(Digest.hash("SHA-1").digest(bytes));
    }

    static DebugFile.Entry elf(String name, Set<String> features) {
        return elf(name, DEBUG_ID, features);
    }

    static DebugFile.Entry elf(String name, DebugId debugId, Set<String> features) {
        return new DebugFile.Entry(DebugFileKind.ELF, "exe", name, debugId, CODE_ID, "x86_64", features);
    }
}
