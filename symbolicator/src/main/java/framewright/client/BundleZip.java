package framewright.client;

import framewright.store.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The container of artifact and source bundles (contract, A7): {@code SYSB}, a version, then a zip whose offsets count
 * from the start of the file. The same members give the same bytes.
 */
final class BundleZip implements AutoCloseable {
    private static final byte[] HEAD = {'S', 'Y', 'S', 'B', 2, 0, 0, 0};

    /** Maps are text that shrinks well; what a higher one saves is not worth its time. */
    private static final int LEVEL = 3;

    /** APPNOTE 4.3.12 and 4.3.16. */
    private static final int ENTRY = 0x0201_4B50;

    private static final int ENTRY_BYTES = 46;
    private static final int END = 0x0605_4B50;
    private static final int END_BYTES = 22;

    private final ZipOutputStream zip;
    private final MessageDigest content = Digest.hash("SHA-1");

    BundleZip(OutputStream out) throws IOException {
        out.write(HEAD);
        this.zip = new ZipOutputStream(out);
        zip.setLevel(LEVEL);
    }

    void add(String path, InputStream in) throws IOException {
        ZipEntry entry = new ZipEntry(path);
        entry.setTime(0);
        zip.putNextEntry(entry);
        content.update(path.getBytes(StandardCharsets.UTF_8));
        byte[] buffer = new byte[64 << 10];
        for (int count; (count = in.read(buffer)) >= 0; ) {
            content.update(buffer, 0, count);
            zip.write(buffer, 0, count);
        }
        zip.closeEntry();
    }

    /** Made of the names and bytes of all that was added; nothing may be hashed after it. */
    UUID contentId() {
        return UUID.nameUUIDFromBytes(content.digest());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /**
     * Moves the offsets, which the JDK counts from the start of the zip, behind the head. A zip that needs 64-bit offsets
     * stays as it is: readers find the difference themselves.
     */
    static void makeAbsolute(Path bundle) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(bundle.toFile(), "rw")) {
            long endAt = file.length() - END_BYTES;
            byte[] endBytes = read(file, endAt, END_BYTES);
            ByteBuffer end = littleEndian(endBytes);
            long directory = Integer.toUnsignedLong(end.getInt(16));
            int bytes = end.getInt(12);
            boolean small = end.getInt(0) == END && bytes >= 0 && directory + HEAD.length + bytes == endAt;
            if (!small) {
                return;
            }
            byte[] entryBytes = read(file, directory + HEAD.length, bytes);
            ByteBuffer entries = littleEndian(entryBytes);
            for (int at = 0; at < bytes && entries.getInt(at) == ENTRY; ) {
                entries.putInt(at + 42, entries.getInt(at + 42) + HEAD.length);
                at += ENTRY_BYTES
                        + unsigned(entries, at + 28)
                        + unsigned(entries, at + 30)
                        + unsigned(entries, at + 32);
            }
            end.putInt(16, (int) directory + HEAD.length);
            write(file, directory + HEAD.length, entryBytes);
            write(file, endAt, endBytes);
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return Short.toUnsignedInt(buffer.getShort(at));
    }

    private static byte[] read(RandomAccessFile file, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.seek(at);
        file.readFully(bytes);
        return bytes;
    }

    private static void write(RandomAccessFile file, long at, byte[] bytes) throws IOException {
        file.seek(at);
        file.write(bytes);
    }
}
