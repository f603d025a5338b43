package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.SymbolFrame;
import framewright.nativebridge.AddressTable;
import framewright.nativebridge.FrameTable;
import framewright.nativebridge.LookupTable;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.NativeResult.Failed;
import framewright.nativebridge.NativeResult.Ok;
import framewright.nativebridge.UnconvertedObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A debug file that is ready to answer, and remembers what it has answered. */
final class OpenTable implements AutoCloseable {
    /** Addresses per native call; a request of real stacks needs one call. */
    private static final int MAX_BATCH = 1 << 16;

    private final AddressTable table;
    private final Held file;
    private final NativePool pool;
    private final FrameMemory memory;
    private final TableFrames frames;

    /** @param file lease on what the table reads from; given back with the table */
    OpenTable(AddressTable table, Held file, NativePool pool, FrameMemory memory) {
        this.table = table;
        this.file = file;
        this.pool = pool;
        this.memory = memory;
        this.frames = memory.newTable();
    }

    String arch() {
        return table.arch();
    }

    boolean isConverted() {
        return table instanceof LookupTable;
    }

    /**
     * The functions at each address, innermost first; none where nothing is known of it.
     *
     * @param addresses relative to the image, each once
     */
    Outcome<SymbolFrame[][]> resolve(long[] addresses) throws InterruptedException {
        @Nullable SymbolFrame[] @Nullable [] groups = new SymbolFrame[addresses.length][];
        long[] unknown = frames.recall(addresses, groups);
        if (unknown.length > 0 && !file.isIntact()) {
            return Outcome.failed(new Outcome.Malformed("the table was changed on the disk"));
        }
        long grownBy = 0;
        for (int from = 0; from < unknown.length; from += MAX_BATCH) {
            long[] batch = Arrays.copyOfRange(unknown, from, Math.min(unknown.length, from + MAX_BATCH));
            switch (ask(batch)) {
                case Ok<FrameTable>(FrameTable answer) -> grownBy += frames.remember(batch, answer, groups);
                case Failed<FrameTable>(NativeFailure failure) -> {
                    memory.used(frames, grownBy);
                    return Outcome.failed(Failures.of(failure));
                }
            }
        }
        memory.used(frames, grownBy);
        return Outcome.found(groups);
    }

    private NativeResult<FrameTable> ask(long[] addresses) throws InterruptedException {
        return switch (table) {
            case LookupTable converted -> converted.lookup(addresses);
            // reads compilation units, which takes milliseconds
            case UnconvertedObject unconverted -> pool.call(() -> unconverted.lookup(addresses));
        };
    }

    @Override
    public void close() {
        memory.closed(frames);
        table.close();
        file.close();
    }
}
