package framewright.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** A broker of Kafka in this JVM, which is its own controller. */
public final class KafkaBroker implements AutoCloseable {
    /** They tell of all they do; held, since a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET = Stream.of("kafka", "org.apache.kafka", "state", "org.apache.zookeeper")
            .map(Logger::getLogger)
            .toList();

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private final Map<String, String> settings;
    private final Place place;
    private @Nullable KafkaRaftServer server;

    /** @param controller that of the cluster's first broker */
    private record Place(int node, Path data, int port, int controller, Uuid cluster) {}

    private KafkaBroker(Map<String, String> settings, Place place) {
        this.settings = settings;
        this.place = place;
    }

    /**
     * @param folder for its data
     * @param shareGroups whether it has them, or is like one from before there were any
     * @param more settings, as in {@code server.properties}
     */
    public static KafkaBroker start(Path folder, boolean shareGroups, Map<String, String> more) throws Exception {
        Path data = Files.createDirectories(folder.resolve("kafka"));
        Place place = new Place(1, data, Program.freePort(), Program.freePort(), Uuid.randomUuid());
        return start(place, shareGroups, more);
    }

    /** Another one of the same cluster; a broker only. */
    public KafkaBroker another(Path folder, int node, Map<String, String> more) throws Exception {
        Path data = Files.createDirectories(folder.resolve("kafka" + node));
        return start(new Place(node, data, Program.freePort(), place.controller, place.cluster), true, more);
    }

    private static KafkaBroker start(Place place, boolean shareGroups, Map<String, String> more) throws Exception {
        Map<String, String> settings = settings(place);
        settings.putAll(more);
        format(place, shareGroups);
        KafkaBroker broker = new KafkaBroker(settings, place);
        broker.startAgain();
        return broker;
    }

    /**
     * A process of its own, for those who kill it: {@code FOLDER PORT CONTROLLER_PORT}, the same again for the same broker.
     */
    public static void main(String... arguments) throws Exception {
        Path data = Path.of(arguments[0], "kafka");
        boolean fresh = !Files.exists(data);
        Files.createDirectories(data);
        Place place =
                new Place(1, data, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Uuid.randomUuid());
        if (fresh) {
            format(place, true);
        }
        new KafkaBroker(settings(place), place).startAgain();
        System.out.println("ready");
        Thread.currentThread().join();
    }

    private static Map<String, String> settings(Place place) {
        boolean first = place.node == 1;
        Map<String, String> settings = new HashMap<>();
        settings.put("node.id", Integer.toString(place.node));
        settings.put("process.roles", first ? "broker,controller" : "broker");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + place.controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + place.port + (first ? ",CONTROLLER://127.0.0.1:" + place.controller : ""));
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", place.data.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.share.min.heartbeat.interval.ms", "200");
        settings.put("group.share.heartbeat.interval.ms", "200");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.enable", "false");
        return settings;
    }

    private static void format(Place place, boolean shareGroups) throws Exception {
        Formatter formatter = new Formatter()
                .setClusterId(place.cluster.toString())
                .setNodeId(place.node)
                .setDirectories(List.of(place.data.toString()))
                .setMetadataLogDirectory(place.data.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setPrintStream(new PrintStream(new ByteArrayOutputStream()));
        if (!shareGroups) {
            var _ = formatter.setFeatureLevel(Feature.SHARE_VERSION.featureName(), (short) 0);
        }
        formatter.run();
    }

    /** On the same port, with the same data; returns when it serves. */
    public void startAgain() {
        server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
    }

    /** Breaks all connections. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** For clients. */
    public String bootstrap() {
        return "127.0.0.1:" + place.port;
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
