package framewright.nativebridge;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Names an opened native object until it is closed. Safe to close while other threads use it. */
final class NativeHandle implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicLong LEAKS = new AtomicLong();

    private final long id;
    private final Closing closing;
    private final Cleaner.Cleanable cleanable;

    NativeHandle(long id) {
        this.id = id;
        this.closing = new Closing(id);
        this.cleanable = CLEANER.register(this, closing);
    }

    /** How many handles were freed by the collector because their owner never closed them. */
    static long leaks() {
        return LEAKS.get();
    }

    /** Calls {@code use} with the id; the handle is not collected before it returns. */
    <T> T with(LongFunction<T> use) {
        try {
            return use.apply(id);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public void close() {
        closing.byOwner.set(true);
        cleanable.clean();
    }

    private static final class Closing implements Runnable {
        private final long id;
        private final AtomicBoolean byOwner = new AtomicBoolean();

        Closing(long id) {
            this.id = id;
        }

        @Override
        public void run() {
            if (!byOwner.get()) {
                LEAKS.incrementAndGet();
            }
            Signatures.fw_close(id);
        }
    }
}
