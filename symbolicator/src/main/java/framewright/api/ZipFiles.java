package framewright.api;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Zip files that strangers have made. */
public final class ZipFiles {
    /** Of the directory at the end, which is read into memory whole: some 400,000 files. */
    private static final long MAX_DIRECTORY_BYTES = 64L << 20;

    /** The end record and the longest comment after it (APPNOTE 4.3.16). */
    private static final int END_BYTES = 22;

    private static final int MAX_COMMENT_BYTES = 0xFFFF;
    private static final int END_SIGNATURE = 0x0605_4B50;

    /** What the end record says where the 64-bit one before it says it (APPNOTE 4.4.23). */
    private static final int IN_ZIP64 = 0xFFFF_FFFF;

    private static final int LOCATOR_BYTES = 20;
    private static final int LOCATOR_SIGNATURE = 0x0706_4B50;

    private ZipFiles() {}

    /**
     * Opens a zip, also one with something before it, such as the head of a source bundle.
     *
     * @throws IOException where it is none, or its directory is larger than anyone's
     */
    public static ZipFile open(Path file) throws IOException {
        long bytes = directoryBytes(file);
        if (bytes > MAX_DIRECTORY_BYTES) {
            throw new IOException("its directory has " + bytes + " bytes, more than " + MAX_DIRECTORY_BYTES);
        }
        try {
            return new ZipFile(file.toFile());
        } catch (IllegalArgumentException e) {
            throw new IOException("a name in it is not UTF-8", e);
        }
    }

    /** The most that anything which may be an end record says of it; 0 where there is none. */
    private static long directoryBytes(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, file.length() - END_BYTES - MAX_COMMENT_BYTES - LOCATOR_BYTES);
            ByteBuffer tail = read(file, from, (int) (file.length() - from));
            long most = 0;
            for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
                if (tail.getInt(at) == END_SIGNATURE) {
                    int declared = tail.getInt(at + 12);
                    boolean located = at >= LOCATOR_BYTES && tail.getInt(at - LOCATOR_BYTES) == LOCATOR_SIGNATURE;
                    most = Math.max(most, declared == IN_ZIP64 ? 0 : Integer.toUnsignedLong(declared));
                    most = Math.max(most, located ? declaredInZip64(file, tail.getLong(at - LOCATOR_BYTES + 8)) : 0);
                }
            }
            return most;
        }
    }

    private static long declaredInZip64(RandomAccessFile file, long at) throws IOException {
        if (at < 0 || at > file.length() - 48) {
            return 0;
        }
        long bytes = read(file, at + 40, 8).getLong(0);
        return bytes < 0 ? Long.MAX_VALUE : bytes;
    }

    private static ByteBuffer read(RandomAccessFile file, long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.seek(at);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
