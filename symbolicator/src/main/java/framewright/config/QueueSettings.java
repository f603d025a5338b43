package framewright.config;

import framewright.api.SourceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processing queue.
 *
 * @param engine where messages wait
 * @param slots how much is worked on at a time
 * @param weights of projects, by {@code project} or {@code organisation/project}; 1 for all others
 * @param maxDepth messages that may wait; above, HTTP callers are refused
 * @param maxAge older events are not resolved any more; null: any age will do
 * @param resultsKept how long answers can be read
 * @param missingKept how long an event waits for what it lacked
 * @param files the folder that payloads may be in; null: none may be a file
 * @param buckets that payloads may be in, below their prefixes
 * @param maxResultBytes a larger answer does not travel over a broker, but where it is does
 * @param jobs what is done on a schedule
 */
public record QueueSettings(
        Engine engine,
        Slots slots,
        Map<String, Double> weights,
        long maxDepth,
        @Nullable Duration maxAge,
        Duration resultsKept,
        Duration missingKept,
        @Nullable Path files,
        List<SourceConfig> buckets,
        long maxResultBytes,
        List<JobRule> jobs) {
    public QueueSettings {
        weights = Map.copyOf(weights);
        buckets = List.copyOf(buckets);
        jobs = List.copyOf(jobs);
    }

    /** Where messages wait. */
    public sealed interface Engine {}

    /** In the database of the store. */
    public record InDatabase() implements Engine {}

    /**
     * In Kafka.
     *
     * @param bootstrap {@code host:port}, several with commas between
     * @param prefix of topics and groups
     * @param partitions of topics that are made
     * @param properties of the clients, as Kafka calls them
     */
    public record InKafka(String bootstrap, String prefix, int partitions, Map<String, String> properties)
            implements Engine {
        public InKafka {
            properties = Map.copyOf(properties);
        }

        /** Without the properties, among which are secrets. */
        @Override
        public String toString() {
            return "kafka " + bootstrap + ", prefix " + prefix;
        }
    }

    /**
     * In RabbitMQ.
     *
     * @param uri {@code amqp://user:password@host:port/vhost}
     * @param prefix of queues
     */
    public record InRabbit(String uri, String prefix) implements Engine {
        /** Without the address, which has a password. */
        @Override
        public String toString() {
            return "rabbitmq, prefix " + prefix;
        }
    }

    /** Events at a time, by lane; those that move between lanes count where they are. */
    public record Slots(int warm, int convert, int download, int scrape, int dump) {}

    /**
     * When caches are warmed, with what.
     *
     * @param name names it, for people; no two have the same
     * @param cron five or six fields; null: when something happens
     * @param zone of the times
     * @param on what has to happen; null: nothing
     * @param warm as {@link framewright.api.WarmTarget} reads it; of no meaning where something happens, which tells it
     * @param project on whose behalf, as {@code organisation/project}; empty: on the server's
     * @param maxBytes of downloads; no file is begun beyond
     * @param rate files in a minute; 0: as fast as it goes
     */
    public record JobRule(
            String name,
            @Nullable String cron,
            ZoneId zone,
            @Nullable On on,
            String warm,
            String project,
            long maxBytes,
            int rate) {
        /** What happens. */
        public enum On {
            RELEASE,
            DEPLOY,
            UPLOAD
        }
    }

    /** Of a project as {@code organisation/project}. */
    public double weight(String project) {
        Double exact = weights.get(project);
        return exact == null ? weights.getOrDefault(project.substring(project.indexOf('/') + 1), 1.0) : exact;
    }
}
