package framewright.queue;

import framewright.database.StorageFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** Our topics and groups: makes them, and looks how far the groups are. */
final class KafkaTopics {
    private static final Logger LOG = Logger.getLogger(KafkaTopics.class.getName());

    /** The feature of a cluster by which it has share groups, from level 1. */
    private static final String SHARE_VERSION = "share.version";

    /**
     * Without the first a group misses what was sent before its first member came. The second is the least that brokers
     * take: for so long nobody has what a node had that died, and behind it a partition hands out 2,000 more and then
     * nothing; nodes that live renew it in a third of that time.
     */
    private static final Map<String, String> NEEDED =
            Map.of("share.auto.offset.reset", "earliest", "share.record.lock.duration.ms", "15000");

    /** Beside it, each as far as the brokers have it: nothing is dropped for being handed out often. */
    private static final String DELIVERY_LIMIT = "share.delivery.count.limit";

    private static final String MOST_DELIVERIES = "10";

    private final KafkaClients clients;
    private final KafkaQueue.Place place;
    private volatile boolean share;

    KafkaTopics(KafkaClients clients, KafkaQueue.Place place) {
        this.clients = clients;
        this.place = place;
    }

    KafkaQueue.Place place() {
        return place;
    }

    /** Makes what is missing. Returns whether there are share groups. */
    boolean prepare() {
        try {
            share = hasShareGroups();
            makeTopics();
            if (share) {
                setGroups();
            } else {
                LOG.warning(() ->
                        place + " has no share groups (Kafka 4.2 with share.version 1 or newer has): a partition's"
                                + " messages go to one node, and are not counted");
            }
            return share;
        } catch (KafkaException e) {
            throw clients.failure("cannot be used", e);
        }
    }

    private boolean hasShareGroups() {
        try {
            FinalizedVersionRange version = clients.admin()
                    .describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get(SHARE_VERSION);
            return version != null && version.maxVersionLevel() > 0;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnsupportedVersionException) {
                return false;
            }
            throw clients.failure("does not say what it has", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw clients.failure("was not asked", e);
        }
    }

    private void makeTopics() {
        Set<String> missing = new HashSet<>(List.of(place.results(), place.dead()));
        missing.addAll(lanes());
        missing.removeAll(clients.await(clients.admin().listTopics().names(), "does not list its topics"));
        Map<String, KafkaFuture<Void>> made = clients.admin()
                .createTopics(missing.stream().map(this::newTopic).toList())
                .values();
        for (Map.Entry<String, KafkaFuture<Void>> topic : made.entrySet()) {
            try {
                topic.getValue().get();
            } catch (ExecutionException e) {
                // another node was first
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw clients.failure("cannot make the topic " + topic.getKey(), e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw clients.failure("was not asked for a topic", e);
            }
        }
    }

    /** What waits is not forgotten because it waits for long: {@link #trim} is what makes room. */
    private NewTopic newTopic(String name) {
        long kept = name.equals(place.results()) ? place.resultsKept().toMillis() : -1;
        return new NewTopic(name, Optional.of(place.partitions()), Optional.empty())
                .configs(Map.of(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(kept),
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        "-1"));
    }

    /**
     * Deletes what all is done of, since brokers keep what was read.
     *
     * @throws StorageFailure where that is not allowed, or the cluster does not answer
     */
    void trim() {
        try {
            Map<TopicPartition, RecordsToDelete> done = new HashMap<>();
            for (String group : lanes()) {
                (share ? startsOfShareGroup(group) : startsOfConsumerGroup(group)).forEach((partition, start) -> {
                    if (start > 0) {
                        done.put(partition, RecordsToDelete.beforeOffset(start));
                    }
                });
            }
            var _ = clients.await(clients.admin().deleteRecords(done).all(), "cannot delete what is done");
        } catch (KafkaException e) {
            throw clients.failure("cannot delete what is done", e);
        }
    }

    private Map<TopicPartition, Long> startsOfShareGroup(String group) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Map.Entry<TopicPartition, @Nullable SharePartitionOffsetInfo> entry :
                ofShareGroup(group).entrySet()) {
            if (entry.getValue() != null) {
                starts.put(entry.getKey(), entry.getValue().startOffset());
            }
        }
        return starts;
    }

    private Map<TopicPartition, Long> startsOfConsumerGroup(String group) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Map.Entry<TopicPartition, @Nullable OffsetAndMetadata> entry :
                ofConsumerGroup(group).entrySet()) {
            if (entry.getValue() != null) {
                starts.put(entry.getKey(), entry.getValue().offset());
            }
        }
        return starts;
    }

    private void setGroups() {
        set(ConfigResource.Type.GROUP, lanes(), NEEDED);
        try {
            set(ConfigResource.Type.GROUP, lanes(), Map.of(DELIVERY_LIMIT, MOST_DELIVERIES));
            set(
                    ConfigResource.Type.TOPIC,
                    List.of(place.dead()),
                    Map.of("errors.deadletterqueue.group.enable", "true"));
            set(
                    ConfigResource.Type.GROUP,
                    lanes(),
                    Map.of(
                            "errors.deadletterqueue.topic.name",
                            place.dead(),
                            "errors.deadletterqueue.copy.record.enable",
                            "true"));
        } catch (StorageFailure e) {
            LOG.log(Level.WARNING, "{0}; what is handed out too often, 5 times or 10, is lost to it", e.getMessage());
        }
    }

    private void set(ConfigResource.Type type, Collection<String> names, Map<String, String> settings) {
        Collection<AlterConfigOp> changes = settings.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        var _ = clients.await(
                clients.admin()
                        .incrementalAlterConfigs(names.stream()
                                .collect(Collectors.toMap(name -> new ConfigResource(type, name), _ -> changes)))
                        .all(),
                "cannot set " + settings.keySet() + " of " + names);
    }

    /**
     * As many as are not settled yet; since when the oldest waits is not known.
     *
     * @throws StorageFailure where it does not answer
     */
    Map<Lane, Depth> depths() {
        try {
            List<TopicPartition> partitions = partitions();
            Map<TopicPartition, Long> first = offsets(partitions, OffsetSpec.earliest());
            Map<TopicPartition, Long> end = offsets(partitions, OffsetSpec.latest());
            Map<TopicPartition, Long> left = new HashMap<>();
            for (TopicPartition partition : partitions) {
                left.put(partition, end.getOrDefault(partition, 0L) - first.getOrDefault(partition, 0L));
            }
            for (String group : lanes()) {
                // a group that nobody has read from is not there, or has no partitions yet
                left.putAll(share ? leftOfShareGroup(group, end) : leftOfConsumerGroup(group, end));
            }
            Map<Lane, Depth> depths = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                long messages = left.entrySet().stream()
                        .filter(entry -> entry.getKey().topic().equals(place.topic(lane)))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
                depths.put(lane, new Depth(messages, null));
            }
            return depths;
        } catch (KafkaException e) {
            throw clients.failure("does not tell how full the lanes are", e);
        }
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription topic : clients.await(
                        clients.admin().describeTopics(lanes()).allTopicNames(), "does not describe the topics")
                .values()) {
            IntStream.range(0, topic.partitions().size())
                    .forEach(number -> partitions.add(new TopicPartition(topic.name(), number)));
        }
        return partitions;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> entry : clients.await(
                        clients.admin()
                                .listOffsets(partitions.stream().collect(Collectors.toMap(one -> one, _ -> which)))
                                .all(),
                        "does not tell its offsets")
                .entrySet()) {
            offsets.put(entry.getKey(), entry.getValue().offset());
        }
        return offsets;
    }

    private Map<TopicPartition, Long> leftOfShareGroup(String group, Map<TopicPartition, Long> end) {
        Map<TopicPartition, Long> left = new HashMap<>();
        for (Map.Entry<TopicPartition, @Nullable SharePartitionOffsetInfo> entry :
                ofShareGroup(group).entrySet()) {
            SharePartitionOffsetInfo info = entry.getValue();
            if (info != null) {
                left.put(entry.getKey(), info.lag().orElse(end.getOrDefault(entry.getKey(), 0L) - info.startOffset()));
            }
        }
        return left;
    }

    private Map<TopicPartition, Long> leftOfConsumerGroup(String group, Map<TopicPartition, Long> end) {
        Map<TopicPartition, Long> left = new HashMap<>();
        startsOfConsumerGroup(group)
                .forEach((partition, start) -> left.put(partition, end.getOrDefault(partition, 0L) - start));
        return left;
    }

    /** With null for a partition that nobody has read from. */
    private Map<TopicPartition, SharePartitionOffsetInfo> ofShareGroup(String group) {
        return found(
                clients.admin()
                        .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                        .partitionsToOffsetInfo(group),
                group);
    }

    /** With null for a partition that nobody has read from. */
    private Map<TopicPartition, OffsetAndMetadata> ofConsumerGroup(String group) {
        return found(
                clients.admin()
                        .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                        .partitionsToOffsetAndMetadata(group),
                group);
    }

    private <T> Map<TopicPartition, T> found(KafkaFuture<Map<TopicPartition, T>> answer, String group) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw clients.failure("does not tell how far the group " + group + " is", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw clients.failure("was not asked for a group", e);
        }
    }

    /** @throws StorageFailure where it does not answer */
    void check() {
        try {
            var _ = clients.await(clients.admin().describeCluster().nodes(), "does not answer");
        } catch (KafkaException e) {
            throw clients.failure("does not answer", e);
        }
    }

    private List<String> lanes() {
        return Arrays.stream(Lane.values()).map(place::topic).toList();
    }
}
