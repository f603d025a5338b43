package framewright.nativebridge;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for what is sent, one thing after another. An array would be copied twice for each call: to the
 * native side, and back.
 */
final class NativeRoom implements AutoCloseable {
    private @Nullable Memory memory;

    /** So many bytes to write; what was there before is lost. */
    ByteBuffer of(int bytes) {
        Memory room = memory;
        if (room == null || room.size() < bytes) {
            close();
            room = new Memory(Math.max(1, bytes));
            memory = room;
        }
        return room.getByteBuffer(0, bytes);
    }

    /** Where it is. */
    long address() {
        return memory == null ? 0 : Pointer.nativeValue(memory);
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
