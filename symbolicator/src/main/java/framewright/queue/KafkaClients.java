package framewright.queue;

import framewright.database.StorageFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Makes Kafka's clients, and says in our words what they fail at. */
final class KafkaClients implements AutoCloseable {
    /** How long a client may say goodbye. */
    static final Duration CLOSE = Duration.ofSeconds(5);

    /** They tell of each connection, each member and each setting; held, since a logger that nobody holds forgets its level. */
    private static final Logger QUIET = Logger.getLogger("org.apache.kafka");

    static {
        QUIET.setLevel(Level.SEVERE);
    }

    /** A message must fit into the producer's buffer, whatever the brokers take. */
    private static final int BUFFER_BYTES = 32 << 20;

    private final KafkaQueue.Place place;
    private @Nullable Admin admin;

    KafkaClients(KafkaQueue.Place place) {
        this.place = place;
    }

    KafkaQueue.Place place() {
        return place;
    }

    /** @throws KafkaException where the settings are no good or no host is known */
    Producer<byte[], byte[]> producer() {
        Map<String, Object> settings = settings(Map.of(
                // a caller waits for this, and may try again
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
                ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd"));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) BUFFER_BYTES);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, BUFFER_BYTES);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A member of a share group, which takes so many at a time and no more.
     *
     * @throws KafkaException as {@link #producer}
     */
    ShareConsumer<byte[], byte[]> shareConsumer(String group, int most) {
        Map<String, Object> settings = settings(Map.of(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, most);
        ShareConsumer<byte[], byte[]> made =
                new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        made.subscribe(List.of(group));
        return made;
    }

    /**
     * A member of a consumer group.
     *
     * @throws KafkaException as {@link #producer}
     */
    Consumer<byte[], byte[]> consumer(String group, int most) {
        Map<String, Object> settings = settings(Map.of(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
                // for so long nobody has what a node had that died
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 12_000));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, most);
        // those of a node stay with it when others come
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(CooperativeStickyAssignor.class));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** @throws KafkaException as {@link #producer} */
    synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(settings(Map.of(
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000)));
        }
        return admin;
    }

    /** Ours, which the place's override. */
    private Map<String, Object> settings(Map<String, Object> defaults) {
        Map<String, Object> settings = new HashMap<>(defaults);
        // what was in DNS at the start may be elsewhere later
        settings.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "rebootstrap");
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        settings.putAll(place.properties());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, place.bootstrap());
        return settings;
    }

    /** What the answer to a question of the {@link #admin} is. */
    <T> T await(KafkaFuture<T> answer, String what) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw failure(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(what, e);
        }
    }

    /** How large a message of a topic may be, as far as can be known. */
    String limit(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = await(admin().describeConfigs(List.of(resource)).all(), "does not tell the settings")
                    .values()
                    .iterator()
                    .next();
            return config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
        } catch (StorageFailure e) {
            return "some";
        }
    }

    /**
     * @param what follows the name of the place
     * @param cause of an {@link ExecutionException} its own cause counts
     */
    StorageFailure failure(String what, Exception cause) {
        Throwable of = cause instanceof ExecutionException && cause.getCause() != null ? cause.getCause() : cause;
        String why = switch (of) {
            case AuthenticationException _ -> "it refuses the credentials (" + of.getMessage() + ")";
            case AuthorizationException _ -> "these credentials may not do that (" + of.getMessage() + ")";
            case TimeoutException _ ->
                "it did not answer in time; look whether it runs and can be reached (" + of.getMessage() + ")";
            case InterruptedException _ -> "this node stops";
            default ->
                of.getMessage()
                        + (of.getCause() == null ? "" : ": " + of.getCause().getMessage());
        };
        return new StorageFailure(place + " " + what + ": " + why, of);
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE);
        }
    }
}
