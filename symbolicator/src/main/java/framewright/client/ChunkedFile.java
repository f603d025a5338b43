package framewright.client;

import framewright.store.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A file as it is sent: in parts of one size, the last one shorter.
 *
 * @param sha1 of the whole file
 * @param chunks SHA-1 of each part, in their order
 */
public record ChunkedFile(Path file, long size, String sha1, int chunkSize, List<String> chunks) {
    public ChunkedFile {
        chunks = List.copyOf(chunks);
    }

    static ChunkedFile read(Path file, int chunkSize) throws IOException {
        MessageDigest whole = Digest.hash("SHA-1");
        MessageDigest part = Digest.hash("SHA-1");
        List<String> chunks = new ArrayList<>();
        long size = 0;
        byte[] buffer = new byte[chunkSize];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count; (count = in.readNBytes(buffer, 0, chunkSize)) > 0; ) {
                whole.update(buffer, 0, count);
                part.update(buffer, 0, count);
                chunks.add(hex(part));
                size += count;
            }
        }
        return new ChunkedFile(file, size, hex(whole), chunkSize, chunks);
    }

    private static String hex(MessageDigest hash) {
        return HexFormat.of().formatHex(hash.digest());
    }
}
