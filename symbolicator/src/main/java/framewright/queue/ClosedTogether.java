package framewright.queue;

import framewright.database.Database;
import org.jspecify.annotations.Nullable;

/** Some attempts are closed at once, as what a server is asked for takes the same for one. */
final class ClosedTogether implements Worker.Closing {
    /** Few where others wait for the one who writes. */
    private static final int BATCH = 20;

    /** Of a server, whose lock all nodes wait for. */
    private static final int SHARED_BATCH = 100;

    private final GroupCommit<Ledger.Attempt, EventResults.@Nullable Item> writes;

    ClosedTogether(ResultSender sender, Database database) {
        this.writes = new GroupCommit<>("queue-ledger", database.isShared() ? SHARED_BATCH : BATCH, sender::write);
    }

    @Override
    public EventResults.@Nullable Item write(Ledger.Attempt attempt, Lane lane, Runnable queued)
            throws InterruptedException {
        return writes.commit(attempt, queued);
    }

    @Override
    public void close() {
        writes.close();
    }
}
