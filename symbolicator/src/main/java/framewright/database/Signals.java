package framewright.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final @Nullable Thread listener;

    /** @param remote where other processes share the tables; null: nobody does */
    Signals(@Nullable DataSource remote) {
        this.listener = remote == null
                ? null
                : Thread.ofVirtual().name("database-signals").start(() -> listen(remote));
    }

    /** What is signalled together, and how often it was. */
    private static final class Topic {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition signalled = lock.newCondition();
        private long signals;

        void wake() {
            lock.lock();
            try {
                signals++;
                signalled.signalAll();
            } finally {
                lock.unlock();
            }
        }

        long signals() {
            lock.lock();
            try {
                return signals;
            } finally {
                lock.unlock();
            }
        }

        void await(long seen, Duration most) throws InterruptedException {
            long left = most.toNanos();
            lock.lockInterruptibly();
            try {
                while (signals == seen && left > 0) {
                    left = signalled.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Wakes all who wait for the topic here. */
    public void wake(String topic) {
        of(topic).wake();
    }

    /** As {@link #wake}, in all processes once the transaction is over; to be followed by a {@code wake} after it. */
    public void tell(Sql sql, String topic) throws SQLException {
        if (listener != null) {
            var _ = sql.first("SELECT pg_notify(?, ?)", row -> Boolean.TRUE, CHANNEL, topic);
        }
    }

    /** How often the topic was signalled: to be asked before whoever waits looks for the last time. */
    public long seen(String topic) {
        return of(topic).signals();
    }

    /** Waits for a signal that came after {@code seen} was asked. */
    public void await(String topic, long seen, Duration most) throws InterruptedException {
        of(topic).await(seen, most);
    }

    private Topic of(String topic) {
        return topics.computeIfAbsent(topic, _ -> new Topic());
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
