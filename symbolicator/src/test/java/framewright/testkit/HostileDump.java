package framewright.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Small dumps that cost whoever reads them a lot: no threads, but a list of thread names that all lie at the same place,
 * so that each entry of 12 bytes makes a reader decode a megabyte.
 */
public final class HostileDump {
    private static final int NAME_BYTES = 1 << 20;

    private static final int HEADER_BYTES = 32;
    private static final int DIRECTORY_BYTES = 3 * 12;
    private static final int SYSTEM_BYTES = 56;
    private static final int THREADS_BYTES = 4;
    private static final int NAME_ENTRY_BYTES = 12;

    private HostileDump() {}

    /** Names of one thread, of which a reader keeps the last: a minute of work, a megabyte of memory. */
    public static byte[] ofWork() {
        return names(200_000, false);
    }

    /** A name for each of many threads: gigabytes of memory. */
    public static byte[] ofMemory() {
        return names(8_000, true);
    }

    private static byte[] names(int count, boolean distinct) {
        int system = HEADER_BYTES + DIRECTORY_BYTES;
        int threads = system + SYSTEM_BYTES;
        int names = threads + THREADS_BYTES;
        int namesBytes = 4 + count * NAME_ENTRY_BYTES;
        int name = names + namesBytes;
        ByteBuffer dump = ByteBuffer.allocate(name + 4 + NAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        dump.put("MDMP".getBytes(StandardCharsets.US_ASCII));
        dump.putInt(0xa793).putInt(3).putInt(HEADER_BYTES);
        dump.position(HEADER_BYTES);
        dump.putInt(7).putInt(SYSTEM_BYTES).putInt(system);
        dump.putInt(3).putInt(THREADS_BYTES).putInt(threads);
        dump.putInt(24).putInt(namesBytes).putInt(names);
        // x86-64, Linux
        dump.putShort(system, (short) 9).putInt(system + 20, 0x8201);
        dump.position(names);
        dump.putInt(count);
        for (int entry = 0; entry < count; entry++) {
            dump.putInt(distinct ? entry : 1).putLong(name);
        }
        dump.putInt(NAME_BYTES);
        while (dump.hasRemaining()) {
            dump.putShort((short) 'a');
        }
        return dump.array();
    }
}
