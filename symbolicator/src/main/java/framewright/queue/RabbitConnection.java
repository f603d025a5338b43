package framewright.queue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import framewright.database.StorageFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connection to RabbitMQ, made anew by the next who needs it when it is lost. Not by the library's own recovery: that
 * opens the same channels again, on which nobody could tell old deliveries from new ones.
 */
final class RabbitConnection implements AutoCloseable {
    /** The library tells of each connection that breaks, as we do; held, since a logger that nobody holds forgets its level. */
    private static final Logger QUIET = Logger.getLogger("com.rabbitmq");

    static {
        QUIET.setLevel(Level.OFF);
    }

    private static final int MILLIS = 10_000;

    /** What brokers take at most if not told otherwise; the library's own limit is half of it. */
    private static final int LARGEST_BYTES = 128 << 20;

    /** What is given back so often, or was in the hands of so many nodes that died, goes to the dead. */
    private static final int DELIVERY_LIMIT = 20;

    private final RabbitQueue.Place place;
    private @Nullable Connection connection;

    /** Whether all queues were there when this was last looked at. */
    private volatile boolean declared;

    /** Why the broker takes nothing just now; null: it does. */
    private volatile @Nullable String blocked;

    RabbitConnection(RabbitQueue.Place place) {
        this.place = place;
    }

    @FunctionalInterface
    interface Work<T> {
        T on(Channel channel) throws IOException;
    }

    RabbitQueue.Place place() {
        return place;
    }

    @Nullable
    String blocked() {
        return blocked;
    }

    /** Does something on a channel of its own. */
    <T> T with(String what, Work<T> work) {
        try (Channel channel = open()) {
            return work.on(channel);
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            throw failure(what, e);
        }
    }

    /** A channel that the caller closes. */
    Channel open() {
        try {
            return connected().createChannel();
        } catch (IOException | AlreadyClosedException e) {
            throw failure("gives no channel", e);
        }
    }

    /** Connects where that has to be done, and makes the queues that are missing. */
    void ready() {
        var _ = connected();
    }

    private synchronized Connection connected() {
        try {
            if (connection == null || !connection.isOpen()) {
                connection = connect();
                declared = false;
            }
            if (!declared) {
                declare(connection);
                declared = true;
            }
            return connection;
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            throw failure("cannot be used", e);
        }
    }

    /** Somebody has deleted a queue. */
    void declareAgain() {
        declared = false;
    }

    private Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(place.uri());
            if (factory.isSSL()) {
                // the library would trust any certificate
                factory.useSslProtocol(SSLContext.getDefault());
                factory.enableHostnameVerification();
            }
        } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
            // not what the address is: there is a password in it
            throw new StorageFailure("the address of RabbitMQ is not of the form amqp://user:password@host:port/vhost");
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(MILLIS);
        factory.setHandshakeTimeout(MILLIS);
        factory.setChannelRpcTimeout(MILLIS);
        factory.setRequestedHeartbeat(MILLIS / 1000);
        factory.setMaxInboundMessageBodySize(LARGEST_BYTES);
        factory.setThreadFactory(Thread.ofVirtual().name("rabbitmq-", 0).factory());
        factory.setSharedExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Connection made = factory.newConnection("framewright");
        made.addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
                blocked = reason;
            }

            @Override
            public void handleUnblocked() {
                blocked = null;
            }
        });
        blocked = null;
        return made;
    }

    private void declare(Connection on) throws IOException, TimeoutException {
        Map<String, Object> kept = Map.of("x-queue-type", "quorum");
        Map<String, Object> handedOut = Map.of(
                "x-queue-type", "quorum",
                "x-delivery-limit", DELIVERY_LIMIT,
                "x-dead-letter-exchange", "",
                "x-dead-letter-routing-key", place.dead(),
                // what is moved to the dead is not lost on the way, and none is dropped to make room
                "x-dead-letter-strategy", "at-least-once",
                "x-overflow", "reject-publish");
        declare(on, place.dead(), kept);
        for (Lane lane : Lane.values()) {
            declare(on, place.queue(lane), handedOut);
        }
        Map<String, Object> read = Map.of(
                "x-queue-type", "quorum", "x-message-ttl", place.resultsKept().toMillis());
        if (declare(on, place.results(), read)) {
            try (Channel channel = on.createChannel()) {
                var _ = channel.exchangeDeclare(place.results(), BuiltinExchangeType.FANOUT, true);
                var _ = channel.queueBind(place.results(), place.results(), "");
            }
        }
    }

    /** Returns whether it was missing. One that somebody has made is taken as it is. */
    private static boolean declare(Connection on, String queue, Map<String, Object> settings)
            throws IOException, TimeoutException {
        Channel looking = on.createChannel();
        try {
            var _ = looking.queueDeclarePassive(queue);
            looking.close();
            return false;
        } catch (IOException e) {
            if (code(e) != AMQP.NOT_FOUND) {
                throw e;
            }
        }
        // the broker has closed the other for the question
        try (Channel channel = on.createChannel()) {
            var _ = channel.queueDeclare(queue, true, false, false, settings);
            return true;
        }
    }

    /** Why the broker has closed a channel or the connection; 0: it has not. */
    static int code(Exception e) {
        return switch (reason(e)) {
            case AMQP.Channel.Close close -> close.getReplyCode();
            case AMQP.Connection.Close close -> close.getReplyCode();
            case null, default -> 0;
        };
    }

    private static @Nullable Method reason(Exception e) {
        return e instanceof ShutdownSignalException closed
                ? closed.getReason()
                : e.getCause() instanceof ShutdownSignalException closed ? closed.getReason() : null;
    }

    /** @param what follows the name of the place */
    StorageFailure failure(String what, Exception cause) {
        if (code(cause) == AMQP.NOT_FOUND) {
            declareAgain();
        }
        String why = switch (cause) {
            case AuthenticationFailureException _, PossibleAuthenticationFailureException _ ->
                "it refuses the credentials";
            case SSLException e -> "TLS failed (" + e.getMessage() + ")";
            case ConnectException _, TimeoutException _ ->
                "it does not answer; look whether it runs and can be reached (" + cause.getMessage() + ")";
            case UnknownHostException _ -> "no such host";
            case InterruptedException _ -> "this node stops";
            default -> text(cause);
        };
        return new StorageFailure(place + " " + what + ": " + why, cause);
    }

    private static String text(Exception cause) {
        return switch (reason(cause)) {
            case AMQP.Channel.Close close -> close.getReplyText();
            case AMQP.Connection.Close close -> close.getReplyText();
            case null, default ->
                String.valueOf(
                        cause.getMessage() == null && cause.getCause() != null
                                ? cause.getCause().getMessage()
                                : cause.getMessage());
        };
    }

    /** The broker delivers again what was in hand. */
    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.abort(MILLIS);
        }
    }
}
