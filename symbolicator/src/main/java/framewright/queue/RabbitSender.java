package framewright.queue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import framewright.database.StorageFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Publishes with confirms: on a few channels, each for one caller at a time. */
final class RabbitSender {
    private static final int CHANNELS = 8;

    private static final Duration CONFIRM = Duration.ofSeconds(20);

    /** A broker that is full says so, and then nothing: how often is looked for that. */
    private static final long LOOK_MILLIS = 500;

    private final RabbitConnection connection;
    private final Semaphore permits = new Semaphore(CHANNELS);
    private final Deque<Publisher> idle = new ConcurrentLinkedDeque<>();

    RabbitSender(RabbitConnection connection) {
        this.connection = connection;
    }

    /** @param returned why a message found no queue; null: all have */
    private record Publisher(Channel channel, AtomicReference<@Nullable String> returned) {
        void abort() {
            try {
                channel.abort();
            } catch (IOException e) {
                // it is gone
            }
        }
    }

    /** Returns when a majority of the queue's nodes has them all on disk. */
    void send(String exchange, String key, List<Message> messages) {
        String what = "cannot take messages for " + (exchange.isEmpty() ? key : exchange);
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connection.failure(what, e);
        }
        try {
            failIfFull(what);
            Publisher publisher = publisher();
            boolean whole = false;
            try {
                publish(publisher, exchange, key, messages, what);
                whole = true;
            } finally {
                if (whole) {
                    idle.push(publisher);
                } else {
                    // a broker that is full does not even answer to that
                    Thread.ofVirtual().name("rabbitmq-abort").start(publisher::abort);
                }
            }
        } catch (ShutdownSignalException | IOException e) {
            throw RabbitConnection.code(e) == AMQP.PRECONDITION_FAILED
                    ? tooLarge(messages, e)
                    : connection.failure(what, e);
        } catch (TimeoutException e) {
            throw connection.failure(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw connection.failure(what, e);
        } finally {
            permits.release();
        }
    }

    private void publish(Publisher publisher, String exchange, String key, List<Message> messages, String what)
            throws IOException, InterruptedException, TimeoutException {
        for (Message message : messages) {
            publisher.channel.basicPublish(exchange, key, true, RabbitMessages.properties(message), message.body());
        }
        boolean taken = isTaken(publisher.channel, what);
        String returned = publisher.returned.getAndSet(null);
        if (returned != null) {
            connection.declareAgain();
        }
        if (returned != null || !taken) {
            throw new StorageFailure(connection.place() + " " + what + ": "
                    + (returned == null ? "the queue is full, or has lost too many of its nodes" : returned));
        }
    }

    private boolean isTaken(Channel channel, String what) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + CONFIRM.toNanos();
        while (true) {
            try {
                return channel.waitForConfirms(LOOK_MILLIS);
            } catch (TimeoutException e) {
                failIfFull(what);
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
            }
        }
    }

    private void failIfFull(String what) {
        String blocked = connection.blocked();
        if (blocked != null) {
            throw new StorageFailure(connection.place() + " " + what + ": it is full (" + blocked + ")");
        }
    }

    private Publisher publisher() throws IOException {
        connection.ready();
        for (Publisher free = idle.poll(); free != null; free = idle.poll()) {
            if (free.channel.isOpen()) {
                return free;
            }
        }
        Channel channel = connection.open();
        var _ = channel.confirmSelect();
        AtomicReference<@Nullable String> returned = new AtomicReference<>();
        channel.addReturnListener(unrouted ->
                returned.set("there is no queue " + unrouted.getRoutingKey() + " (" + unrouted.getReplyText() + ")"));
        return new Publisher(channel, returned);
    }

    /** The broker says in its text what its limit is. */
    private StorageFailure tooLarge(List<Message> messages, Exception cause) {
        int largest = messages.stream()
                .mapToInt(message -> message.body().length)
                .max()
                .orElse(0);
        return connection.failure(
                "does not take a message of " + largest
                        + " bytes; raise max_message_size, or send a reference to the payload",
                cause);
    }
}
