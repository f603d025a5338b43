package framewright.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A tar archive made byte by byte, so that it may also be one that no archiver makes. */
public final class TarFile {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public TarFile file(String name, byte[] content) {
        return member(name, '0', content.length, content);
    }

    public TarFile link(String name) {
        return member(name, '2', 0, new byte[0]);
    }

    /** A name longer than a header has room for, as pax writes it. */
    public TarFile paxFile(String name, byte[] content) {
        String record = " path=" + name + "\n";
        int length = record.getBytes(UTF_8).length + 3;
        byte[] header = (length + record).getBytes(UTF_8);
        return member("pax", 'x', header.length, header).file("short", content);
    }

    /** The same as GNU's tar writes it. */
    public TarFile gnuFile(String name, byte[] content) {
        byte[] header = (name + "\0").getBytes(UTF_8);
        return member("././@LongLink", 'L', header.length, header).file("short", content);
    }

    /** @param size as the header says it */
    public TarFile member(String name, char type, long size, byte[] content) {
        byte[] header = new byte[BLOCK];
        byte[] bytes = name.getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, 0, Math.min(100, bytes.length));
        put(header, 100, "0000644");
        put(header, 124, String.format("%011o", size));
        header[156] = (byte) type;
        put(header, 257, "ustar");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xFF;
        }
        put(header, 148, String.format("%06o", sum));
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = (text + "\0").getBytes(UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    public byte[] bytes() {
        return Arrays.copyOf(out.toByteArray(), out.size() + 2 * BLOCK);
    }

    /** Without its end, as one that breaks off. */
    public byte[] cutOff(int bytes) {
        return Arrays.copyOf(out.toByteArray(), out.size() - bytes);
    }
}
