package framewright.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Writes minidumps of a Linux process on x86-64, after Microsoft's and Breakpad's structures and without the reader's
 * code, so that both cannot be wrong together.
 */
public final class SynthDump {
    private static final int HEADER = 32;
    private static final int ENTRY = 12;
    private static final int CONTEXT = 1232;
    private static final int THREAD_LIST = 3;
    private static final int MODULE_LIST = 4;
    private static final int EXCEPTION = 6;
    private static final int SYSTEM_INFO = 7;

    private final List<byte[]> modules = new ArrayList<>();
    private final List<byte[]> threads = new ArrayList<>();
    private final ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] exception = {};

    public SynthDump() {
        out.position(HEADER + 4 * ENTRY);
    }

    /** Adds an ELF image with a build id. */
    public SynthDump module(String name, long base, int size, String buildId) {
        int nameAt = string(name);
        byte[] id = HexFormat.of().parseHex(buildId);
        int recordAt = out.position();
        out.putInt(0x4270_454c).put(id);
        ByteBuffer module =
                structure(108).putLong(base).putInt(size).putInt(0).putInt(0).putInt(nameAt);
        module.position(76);
        module.putInt(4 + id.length).putInt(recordAt);
        modules.add(module.array());
        return this;
    }

    /**
     * Adds a thread that stands at {@code rip}.
     *
     * @param rsp where its stack begins; {@code rbp} is the same
     * @param stack words of it
     */
    public SynthDump thread(int id, long rip, long rsp, long... stack) {
        int stackAt = out.position();
        for (long word : stack) {
            out.putLong(word);
        }
        int contextAt = context(rip, rsp);
        threads.add(structure(48)
                .putInt(id)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putLong(0)
                .putLong(rsp)
                .putInt(8 * stack.length)
                .putInt(stackAt)
                .putInt(CONTEXT)
                .putInt(contextAt)
                .array());
        return this;
    }

    /** The thread has met this signal. */
    public SynthDump crash(int thread, int signal, long address, long rip, long rsp) {
        int contextAt = context(rip, rsp);
        exception = structure(168)
                .putInt(thread)
                .putInt(0)
                .putInt(signal)
                .putInt(1)
                .putLong(0)
                .putLong(address)
                .position(160)
                .putInt(CONTEXT)
                .putInt(contextAt)
                .array();
        return this;
    }

    /** The whole file. */
    public byte[] bytes() {
        int versionAt = string("5.10.0 #1 SMP x86_64");
        byte[] system = structure(56)
                .putShort((short) 9)
                .putInt(0)
                .put((byte) 2)
                .put((byte) 0)
                .putInt(5)
                .putInt(10)
                .putInt(0)
                .putInt(0x8201)
                .putInt(versionAt)
                .array();
        ByteBuffer directory = structure(4 * ENTRY);
        stream(directory, SYSTEM_INFO, system);
        stream(directory, THREAD_LIST, list(threads));
        stream(directory, MODULE_LIST, list(modules));
        if (exception.length > 0) {
            stream(directory, EXCEPTION, exception);
        }
        int streams = directory.position() / ENTRY;
        byte[] file = new byte[out.position()];
        out.get(0, file);
        ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x504d_444d)
                .putInt(0xa793)
                .putInt(streams)
                .putInt(HEADER)
                .putInt(0)
                .putInt(1_700_000_000)
                .putLong(0)
                .put(directory.array());
        return file;
    }

    private void stream(ByteBuffer directory, int type, byte[] content) {
        directory.putInt(type).putInt(content.length).putInt(out.position());
        out.put(content);
    }

    private static byte[] list(List<byte[]> rows) {
        ByteBuffer list =
                structure(4 + rows.stream().mapToInt(row -> row.length).sum());
        list.putInt(rows.size());
        rows.forEach(list::put);
        return list.array();
    }

    private int context(long rip, long rsp) {
        int at = out.position();
        ByteBuffer context =
                structure(CONTEXT).putInt(48, 0x10_001f).putLong(152, rsp).putLong(160, rsp);
        out.put(context.putLong(248, rip).array());
        return at;
    }

    private int string(String text) {
        int at = out.position();
        byte[] utf16 = text.getBytes(StandardCharsets.UTF_16LE);
        out.putInt(utf16.length).put(utf16).putShort((short) 0);
        return at;
    }

    private static ByteBuffer structure(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
