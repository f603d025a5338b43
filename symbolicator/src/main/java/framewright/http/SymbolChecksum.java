package framewright.http;

import framewright.store.BlobKey;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Digest;
import framewright.store.Store;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a program knows of the bytes of its portable PDB, which clients of SSQP send along: only a PDB with one of these
 * checksums is the one that was built with it. It is computed over the file with its id, 20 bytes at the start of the
 * stream {@code #Pdb}, as zeros (Portable PDB format, "PDB checksum").
 */
final class SymbolChecksum {
    private static final HeaderName NAME = HeaderNames.create("SymbolChecksum");

    private static final Map<String, String> ALGORITHMS = Map.of(
            "SHA256", "SHA-256",
            "SHA384", "SHA-384",
            "SHA512", "SHA-512");

    private static final int MAGIC = 0x424A_5342;
    private static final int ID_BYTES = 20;

    /** The metadata root and its headers of streams, which are a few dozen bytes each. */
    private static final int HEAD_BYTES = 4096;

    private static final int BUFFER_BYTES = 64 << 10;

    private final Store store;
    private final List<Sum> wanted;

    private record Sum(String algorithm, String hex) {}

    private SymbolChecksum(Store store, List<Sum> wanted) {
        this.store = store;
        this.wanted = List.copyOf(wanted);
    }

    /** What a request says; algorithms that nobody has here say nothing. */
    static SymbolChecksum of(ServerRequest request, Store store) {
        String header = request.headers().first(NAME).orElse("");
        List<Sum> sums = new ArrayList<>();
        for (String part : header.split(";", -1)) {
            String[] sum = part.strip().split(":", 2);
            String algorithm = ALGORITHMS.get(sum[0].toUpperCase(Locale.ROOT));
            if (algorithm != null && sum.length == 2) {
                sums.add(new Sum(algorithm, sum[1].toLowerCase(Locale.ROOT)));
            }
        }
        return new SymbolChecksum(store, sums);
    }

    /** Whether the file may be given: it has one of the checksums, or none was asked for, or it is no portable PDB. */
    boolean allows(DebugFile file) {
        return wanted.isEmpty()
                || file.entry().kind() != DebugFileKind.PORTABLEPDB
                || wanted.stream().anyMatch(sum -> sum.hex.equals(of(file, sum.algorithm)));
    }

    /** Empty: it cannot be read. */
    private String of(DebugFile file, String algorithm) {
        try (InputStream in = store.blobs().open(BlobKey.content(file.digest()), 0, -1)) {
            if (in == null) {
                return "";
            }
            byte[] head = in.readNBytes(HEAD_BYTES);
            long id = idAt(head);
            MessageDigest hash = Digest.hash(algorithm);
            long position = 0;
            byte[] bytes = head;
            int count = head.length;
            while (count > 0) {
                // as much of the id as lies within
                long from = Math.clamp(id - position, 0, count);
                long to = Math.clamp(id + ID_BYTES - position, 0, count);
                Arrays.fill(bytes, (int) from, (int) to, (byte) 0);
                hash.update(bytes, 0, count);
                position += count;
                bytes = bytes.length == BUFFER_BYTES ? bytes : new byte[BUFFER_BYTES];
                count = in.readNBytes(bytes, 0, BUFFER_BYTES);
            }
            return id < 0 ? "" : HexFormat.of().formatHex(hash.digest());
        } catch (IOException e) {
            return "";
        }
    }

    /** Where the id is (ECMA-335, II.24.2.1); -1: there is none. */
    private static long idAt(byte[] head) {
        ByteBuffer root = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (root.getInt(0) != MAGIC) {
                return -1;
            }
            int at = 16 + root.getInt(12) + 2;
            int streams = root.getShort(at) & 0xFFFF;
            at += 2;
            for (int i = 0; i < streams; i++) {
                long offset = root.getInt(at) & 0xFFFF_FFFFL;
                int end = at + 8;
                while (root.get(end) != 0) {
                    end++;
                }
                if (new String(head, at + 8, end - at - 8, StandardCharsets.US_ASCII).equals("#Pdb")) {
                    return offset;
                }
                // names are padded to four bytes, their end included
                at += 8 + (end - at - 8) / 4 * 4 + 4;
            }
            return -1;
        } catch (IndexOutOfBoundsException e) {
            return -1;
        }
    }
}
