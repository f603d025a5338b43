package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.config.QueueSettings;
import framewright.database.Database;
import framewright.telemetry.Metrics;
import framewright.telemetry.Tracer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that end whoever works on them. */
class PoisonTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Message MESSAGE = new Message(
            "org/app/poison",
            0,
            Map.of(),
            ("{\"version\":1,\"organization\":\"org\",\"project\":\"app\",\"event_id\":\"poison\",\"kind\":\"native\","
                            + "\"payload\":{\"json\":{}}}")
                    .getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private Database database;
    private Ledger ledger;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("store.db"));
        ledger = new Ledger(database, false, CLOCK);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private record Handed(int deliveries) implements Delivery {
        @Override
        public Lane lane() {
            return Lane.WARM;
        }

        @Override
        public Message message() {
            return MESSAGE;
        }
    }

    /** As a node that has just been started. */
    private Worker.End work(int deliveries, Resolver resolver) throws InterruptedException {
        QueueSettings settings = QueueNode.SETTINGS;
        Worker worker = new Worker(
                resolver,
                ledger,
                new Retries(new Random(1)),
                settings,
                CLOCK,
                new Metrics(),
                Tracer.OFF,
                (_, _, _) -> null);
        try (Turn turn = turn(settings)) {
            return worker.work(Held.of(new Handed(deliveries), CLOCK.millis()), turn);
        }
    }

    private static Turn turn(QueueSettings settings) throws InterruptedException {
        Lanes lanes = new Lanes(settings);
        assertThat(lanes.pool(Lane.WARM).enter()).isTrue();
        return new Turn(lanes, Lane.WARM, true, CLOCK);
    }

    @Test
    void eventThatEndsItsNode_isGivenUp_afterSomeNodes() throws Exception {
        for (int i = 0; i < Worker.MAX_BEGUN; i++) {
            assertThatThrownBy(() -> work(2, _ -> {
                        throw new InterruptedException("the node dies");
                    }))
                    .isInstanceOf(InterruptedException.class);
        }
        assertThat(work(2, envelope -> {
                    throw new AssertionError("nobody begins with " + envelope.event());
                }))
                .isInstanceOfSatisfying(
                        Worker.Dead.class, dead -> assertThat(dead.why()).isEqualTo(DeadLetters.Why.GIVEN_UP));
        assertThat(Objects.requireNonNull(new EventTraces(database).find("org/app", "poison"))
                        .steps())
                .hasSize(Worker.MAX_BEGUN + 1)
                .allSatisfy(step -> assertThat(step.what()).startsWith("began first in warm, delivery 2"));
    }

    /** Handed out, and never begun: that is the fault of nodes, and not of the event. */
    @Test
    void eventThatIsHandedOutOverAndOver_isStillWorkedOn() throws Exception {
        assertThatThrownBy(() -> work(100, envelope -> {
                    throw new InterruptedException("worked on: " + envelope.event());
                }))
                .hasMessage("worked on: poison");
    }

    @Test
    void eventThatMeetsABugOfOurs_isGivenUp_withWhatFailed() throws Exception {
        Resolver bug = envelope -> {
            throw new IllegalStateException("bug at " + envelope.event());
        };
        for (int i = 0; i < Worker.MAX_BEGUN; i++) {
            assertThatThrownBy(() -> work(1, bug)).hasMessage("bug at poison");
        }
        assertThat(work(1, bug)).isInstanceOfSatisfying(Worker.Dead.class, dead -> {
            assertThat(dead.why()).isEqualTo(DeadLetters.Why.GIVEN_UP);
            assertThat(dead.details()).contains("first failed by a bug of this server", "bug at poison");
        });
    }
}
