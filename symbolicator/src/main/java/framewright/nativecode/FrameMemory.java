package framewright.nativecode;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bound on what all tables together remember of their frames. Where it is passed, the table that was asked least
 * recently forgets everything; it has only to be asked again.
 */
public final class FrameMemory {
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong uses = new AtomicLong();
    private final Set<TableFrames> tables = ConcurrentHashMap.newKeySet();

    /** @param maxBytes of remembered frames, roughly */
    public FrameMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What is remembered now, in bytes, roughly. */
    public long usedBytes() {
        return used.get();
    }

    TableFrames newTable() {
        TableFrames table = new TableFrames();
        tables.add(table);
        return table;
    }

    /** The table was asked, and remembers {@code grownBy} bytes more. Called without holding its lock. */
    void used(TableFrames table, long grownBy) {
        table.lastUse = uses.incrementAndGet();
        if (grownBy > 0 && used.addAndGet(grownBy) > maxBytes) {
            shrink();
        }
    }

    /** The table will not be asked again. */
    void closed(TableFrames table) {
        tables.remove(table);
        used.addAndGet(-table.forget());
    }

    private void shrink() {
        while (used.get() > maxBytes) {
            TableFrames coldest = coldest();
            if (coldest == null) {
                return;
            }
            used.addAndGet(-coldest.forget());
        }
    }

    private @Nullable TableFrames coldest() {
        TableFrames coldest = null;
        for (TableFrames table : tables) {
            if (table.remembersSomething() && (coldest == null || table.lastUse < coldest.lastUse)) {
                coldest = table;
            }
        }
        return coldest;
    }
}
