package framewright.uploads;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The members of a tar archive (POSIX.1-2024 pax interchange format, and GNU's long names and large numbers), one after
 * the other as they come. What a member has left unread is passed over.
 */
final class TarReader {
    static final int BLOCK = 512;

    /** Of a header that only says how the next member is called. */
    private static final int MAX_EXTENSION_BYTES = 1 << 20;

    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_LENGTH = 8;

    private final InputStream in;
    private long left;
    private int padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** @param size of the content in bytes */
    record Member(String name, Type type, long size) {}

    enum Type {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    /** What headers before a member say of it. */
    private static final class Extension {
        private @Nullable String name;
        private long size = -1;
        private boolean sparse;
    }

    /** Whether an archive begins with these bytes: its first header sums up as it says. */
    static boolean isHeader(byte[] block) {
        return block.length == BLOCK && block[0] != 0 && sum(block) == number(block, CHECKSUM_AT, CHECKSUM_LENGTH);
    }

    /**
     * The next member; null after the last.
     *
     * @throws Archives.BrokenException where the archive is damaged or ends early
     */
    @Nullable
    Member next() throws IOException {
        skipRest();
        Extension extension = new Extension();
        while (true) {
            byte[] block = in.readNBytes(BLOCK);
            if (block.length == 0 || (block.length == BLOCK && isEmpty(block))) {
                return null;
            }
            if (!isHeader(block)) {
                throw new Archives.BrokenException("a header of the tar archive is damaged");
            }
            begin(number(block, 124, 12));
            switch (block[156]) {
                case 'x' -> pax(extension);
                case 'L' -> extension.name = text(extension(), 0, Integer.MAX_VALUE);
                case 'g', 'K' -> skipRest();
                default -> {
                    return member(block, extension);
                }
            }
        }
    }

    /** The bytes of the member that {@link #next} gave last. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (left == 0) {
                    return length == 0 ? 0 : -1;
                }
                int count = in.read(into, offset, (int) Math.min(length, left));
                if (count < 0) {
                    throw new Archives.BrokenException("the tar archive ends early");
                }
                left -= count;
                return count;
            }
        };
    }

    private Member member(byte[] block, Extension extension) throws IOException {
        if (extension.size >= 0) {
            begin(extension.size);
        }
        String name = extension.name;
        if (name == null) {
            String prefix = isUstar(block) ? text(block, 345, 155) : "";
            name = (prefix.isEmpty() ? "" : prefix + "/") + text(block, 0, 100);
        }
        Type type = switch (block[156]) {
            case 0, '0', '7' -> name.endsWith("/") ? Type.FOLDER : extension.sparse ? Type.OTHER : Type.FILE;
            case '1', '2' -> Type.LINK;
            case '5' -> Type.FOLDER;
            default -> Type.OTHER;
        };
        if (type == Type.LINK || type == Type.FOLDER) {
            // some writers say the size of what the link leads to, which does not follow
            begin(0);
        }
        return new Member(name, type, left);
    }

    private void begin(long size) throws IOException {
        if (size < 0) {
            throw new Archives.BrokenException("a size in the tar archive is no number");
        }
        left = size;
        padding = (int) (-size & (BLOCK - 1));
    }

    private void skipRest() throws IOException {
        try {
            in.skipNBytes(left);
            in.skipNBytes(padding);
        } catch (java.io.EOFException e) {
            throw new Archives.BrokenException("the tar archive ends early");
        }
        left = 0;
        padding = 0;
    }

    private byte[] extension() throws IOException {
        if (left > MAX_EXTENSION_BYTES) {
            throw new Archives.BrokenException("a name in the tar archive is longer than any");
        }
        byte[] bytes = content().readNBytes((int) left);
        skipRest();
        return bytes;
    }

    /** Records of {@code length key=value\n}. */
    private void pax(Extension into) throws IOException {
        String records = new String(extension(), StandardCharsets.UTF_8);
        for (String line : records.split("\n", -1)) {
            String record = line.substring(line.indexOf(' ') + 1);
            if (record.startsWith("path=")) {
                into.name = record.substring("path=".length());
            } else if (record.matches("size=[0-9]{1,18}")) {
                into.size = Long.parseLong(record.substring("size=".length()));
            } else if (record.startsWith("GNU.sparse.")) {
                into.sparse = true;
            }
        }
    }

    private static boolean isUstar(byte[] block) {
        return new String(block, 257, 6, StandardCharsets.US_ASCII).equals("ustar\0");
    }

    private static boolean isEmpty(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static long sum(byte[] block) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
            sum += own ? ' ' : block[i] & 0xFF;
        }
        return sum;
    }

    /** An octal number; or, with the highest bit set, a binary one; -1 where it is neither. */
    private static long number(byte[] block, int at, int length) {
        if ((block[at] & 0x80) != 0) {
            long value = block[at] & 0x7F;
            for (int i = 1; i < length; i++) {
                if (value >= 1L << 55) {
                    return -1;
                }
                value = value << 8 | (block[at + i] & 0xFF);
            }
            return value;
        }
        String digits = text(block, at, length).strip();
        return digits.isEmpty() ? 0 : digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : -1;
    }

    private static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < block.length && end - at < length && block[end] != 0) {
            end++;
        }
        return new String(block, at, end - at, StandardCharsets.UTF_8);
    }
}
