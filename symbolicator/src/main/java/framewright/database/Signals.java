package framewright.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Wakes those who wait for a change of some table: in this process, and over PostgreSQL (LISTEN and NOTIFY) in the others.
 * A signal may get lost with a connection, so that whoever waits looks again after a while in any case.
 */
public final class Signals implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Signals.class.getName());

    /** One for all our uses: whoever is woken for nothing looks, and waits again. */
    private static final String CHANNEL = "framewright";

    /** How long the listener hears nothing before it looks whether it shall end. */
    private static final int LISTEN_MILLIS = 5_000;

    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final Map<String, Semaphore> waiting = new ConcurrentHashMap<>();
    private final @Nullable Thread listener;

    /** @param remote where other processes share the tables; null: nobody does */
    Signals(@Nullable DataSource remote) {
        this.listener = remote == null
                ? null
                : Thread.ofVirtual().name("database-signals").start(() -> listen(remote));
    }

    /** Wakes one or more of those who wait for the topic here. */
    public void wake(String topic) {
        Semaphore permits = of(topic);
        if (permits.availablePermits() == 0) {
            permits.release();
        }
    }

    /** As {@link #wake}, in all processes once the transaction is over; to be followed by a {@code wake} after it. */
    public void tell(Sql sql, String topic) throws SQLException {
        if (listener != null) {
            var _ = sql.first("SELECT pg_notify(?, ?)", row -> Boolean.TRUE, CHANNEL, topic);
        }
    }

    /** Waits for a signal; whatever came since the last wait counts. */
    public void await(String topic, Duration most) throws InterruptedException {
        var _ = of(topic).tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Semaphore of(String topic) {
        return waiting.computeIfAbsent(topic, _ -> new Semaphore(0));
    }

    private void listen(DataSource remote) {
        while (!Thread.currentThread().isInterrupted()) {
            try (Connection connection = remote.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
                hear(connection.unwrap(PGConnection.class));
            } catch (SQLException e) {
                LOG.log(Level.FINE, "no signals of the database for now", e);
                pause();
            }
        }
    }

    private void hear(PGConnection connection) throws SQLException {
        while (!Thread.currentThread().isInterrupted()) {
            for (var heard : connection.getNotifications(LISTEN_MILLIS)) {
                wake(heard.getParameter());
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.interrupt();
        }
    }
}
