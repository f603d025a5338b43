package framewright.nativecode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes a portable PDB by its specification: one document with its text embedded, two methods, of which the second
 * has two sequence points, at offset 0 in line 3 and at offset 5 in line 7.
 */
final class SynthPortablePdb {
    static final String DEBUG_ID = "01234567-89ab-cdef-0123-456789abcdef-cafe";
    static final String PATH = "/src/Program.cs";

    private static final UUID CSHARP = UUID.fromString("3F5162F8-07C6-11D3-9053-00C04FA302A1");
    private static final UUID EMBEDDED_SOURCE = UUID.fromString("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
    private static final int METHOD_DEF = 0x06;
    private static final int DOCUMENT = 0x30;
    private static final int METHOD_DEBUG_INFORMATION = 0x31;
    private static final int CUSTOM_DEBUG_INFORMATION = 0x37;
    private static final int DOCUMENT_TAG = 22;

    private final ByteArrayOutputStream blobs = new ByteArrayOutputStream();

    private SynthPortablePdb() {
        blobs.write(0);
    }

    static byte[] with(String text) {
        return new SynthPortablePdb().write(text);
    }

    private byte[] write(String text) {
        int src = blob("src".getBytes(StandardCharsets.UTF_8));
        int file = blob("Program.cs".getBytes(StandardCharsets.UTF_8));
        int name = blob(new byte[] {'/', 0, (byte) src, (byte) file});
        // no local signature; then offset, lines, columns, and where the point starts, the second as differences
        int points = blob(new byte[] {0, 0, 0, 9, 3, 1, 5, 0, 9, 8, 0});
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        int embedded = blob(
                ByteBuffer.allocate(4 + source.length).putInt(0).put(source).array());
        byte[] guids = little(32).put(guid(CSHARP)).put(guid(EMBEDDED_SOURCE)).array();
        byte[] tables = little(24 + 3 * 4 + 8 + 2 * 4 + 6)
                .putInt(0)
                .put((byte) 2)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) 1)
                .putLong(1L << DOCUMENT | 1L << METHOD_DEBUG_INFORMATION | 1L << CUSTOM_DEBUG_INFORMATION)
                .putLong(0)
                .putInt(1)
                .putInt(2)
                .putInt(1)
                // the document: name, no hash, language
                .putShort((short) name)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 1)
                // the methods: document, sequence points
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 1)
                .putShort((short) points)
                // the text: of document 1, kind, value
                .putShort((short) (1 << 5 | DOCUMENT_TAG))
                .putShort((short) 2)
                .putShort((short) embedded)
                .array();
        byte[] pdb = little(20 + 4 + 8 + 4)
                .put(guid(UUID.fromString(DEBUG_ID.substring(0, 36))))
                .putInt(0xcafe)
                .putInt(0)
                .putLong(1L << METHOD_DEF)
                .putInt(2)
                .array();
        String[] names = {"#Pdb", "#~", "#Blob", "#GUID", "#Strings", "#US"};
        byte[][] streams = {pdb, tables, blobs.toByteArray(), guids, {0}, {0}};
        return root(names, streams);
    }

    private int blob(byte[] content) {
        int at = blobs.size();
        if (content.length < 0x80) {
            blobs.write(content.length);
        } else {
            blobs.write(0x80 | content.length >> 8);
            blobs.write(content.length);
        }
        blobs.writeBytes(content);
        return at;
    }

    private static byte[] root(String[] names, byte[][] streams) {
        int size = 32;
        for (String name : names) {
            size += 8 + padded(name.length() + 1);
        }
        int offset = size;
        for (byte[] stream : streams) {
            size += padded(stream.length);
        }
        byte[] bytes = new byte[size];
        ByteBuffer file = ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x424A5342)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(0)
                .putInt(12)
                .put("PDB v1.0\0\0\0\0".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putShort((short) names.length);
        for (int i = 0; i < names.length; i++) {
            file.putInt(offset).putInt(padded(streams[i].length));
            file.put(Arrays.copyOf(names[i].getBytes(StandardCharsets.US_ASCII), padded(names[i].length() + 1)));
            offset += padded(streams[i].length);
        }
        for (byte[] stream : streams) {
            file.put(Arrays.copyOf(stream, padded(stream.length)));
        }
        return bytes;
    }

    private static int padded(int length) {
        return (length + 3) & ~3;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The first three fields of a GUID are little-endian. */
    private static byte[] guid(UUID id) {
        return little(16)
                .putInt((int) (id.getMostSignificantBits() >>> 32))
                .putShort((short) (id.getMostSignificantBits() >>> 16))
                .putShort((short) id.getMostSignificantBits())
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
