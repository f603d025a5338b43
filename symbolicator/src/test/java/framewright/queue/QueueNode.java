package framewright.queue;

import com.fasterxml.jackson.core.JsonGenerator;
import framewright.api.Answer;
import framewright.api.Cause;
import framewright.api.Envelope;
import framewright.api.Shortfall;
import framewright.config.QueueSettings;
import framewright.database.Database;
import framewright.schedule.Schedule;
import framewright.telemetry.Metrics;
import framewright.telemetry.Tracer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A node of a cluster: its queue over a database or a broker, and its schedule. An event's payload is {@code {"lacks": [ids]}}; what of
 * those is among the files that are here is not missing.
 */
final class QueueNode implements AutoCloseable {
    static final QueueSettings SETTINGS = new QueueSettings(
            new QueueSettings.InDatabase(),
            new QueueSettings.Slots(8, 2, 2, 2, 2),
            Map.of(),
            10_000,
            null,
            Duration.ofDays(3),
            Duration.ofDays(30),
            null,
            List.of(),
            1 << 20,
            List.of());

    final Database database;
    final EventQueue queue;
    final Schedule schedule;

    /** What all nodes see. */
    static final class World {
        final Set<String> files = ConcurrentHashMap.newKeySet();
        final List<String> resolved = new CopyOnWriteArrayList<>();
        volatile Cause cause = Cause.NOT_FOUND;

        private Answer resolve(Envelope envelope) {
            resolved.add(envelope.event());
            List<Shortfall> missing = new ArrayList<>();
            for (String id : ids(envelope)) {
                if (!files.contains(id)) {
                    missing.add(new Shortfall(Shortfall.Kind.DEBUG_FILE, id, "lib" + id + ".so", cause, "not there"));
                }
            }
            return new Answer() {
                @Override
                public void writeFields(JsonGenerator out) throws IOException {
                    out.writeNumberField("missing", missing.size());
                }

                @Override
                public List<Shortfall> shortfalls() {
                    return missing;
                }
            };
        }

        private static List<String> ids(Envelope envelope) {
            var inline =
                    (framewright.api.EventPayload.Inline) envelope.payload().content();
            String text = new String(inline.bytes(), StandardCharsets.UTF_8).replaceAll("[^0-9a-f,-]", "");
            return List.of(text.split(","));
        }
    }

    QueueNode(Database database, World world, InstantSource clock) {
        this(new DatabaseQueue(database, clock), database, world, clock);
    }

    QueueNode(QueueEngine engine, Database database, World world, InstantSource clock) {
        this.database = database;
        this.queue = new EventQueue(engine, database, world::resolve, SETTINGS, clock, new Metrics(), Tracer.OFF);
        this.schedule = new Schedule(database, clock, new Metrics());
        queue.addTo(schedule);
    }

    QueueNode start() {
        queue.start();
        schedule.start();
        return this;
    }

    void submit(String organization, String event, String... lacks) {
        String body = "{\"version\":1,\"organization\":\"" + organization + "\",\"project\":\"app\",\"event_id\":\""
                + event + "\",\"kind\":\"native\",\"payload\":{\"json\":[\"" + String.join("\",\"", lacks) + "\"]}}";
        Message message =
                new Message(organization + "/app/" + event, 0, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        queue.submit(Map.of(Lane.WARM, List.of(message)));
    }

    /** Generations of an event, in the order of their answers, as a reader gets them page by page. */
    List<Integer> generations(String organization, String event) throws InterruptedException {
        List<Integer> generations = new ArrayList<>();
        List<EventResults.Item> page = queue.results().read(0, organization + "/app", 10_000, Duration.ZERO);
        while (!page.isEmpty()) {
            page.stream()
                    .filter(item -> item.event().equals(event))
                    .map(EventResults.Item::generation)
                    .forEach(generations::add);
            page = queue.results().read(page.getLast().id(), organization + "/app", 10_000, Duration.ZERO);
        }
        return generations;
    }

    long count(String table) {
        return Objects.requireNonNull(
                database.read(sql -> sql.first("SELECT COUNT(*) AS n FROM " + table, row -> row.getLong("n"))));
    }

    @Override
    public void close() {
        schedule.close();
        queue.close();
        database.close();
    }
}
