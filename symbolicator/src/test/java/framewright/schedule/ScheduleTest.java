package framewright.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.database.Database;
import framewright.telemetry.Metrics;
import framewright.testkit.Await;
import framewright.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    @SuppressWarnings("NullAway.Init")
    private Database database;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("store.db"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void at(String instance, Instant due) {
        database.write(sql -> {
            Schedule.at(sql, false, "work", instance, due);
            return null;
        });
    }

    private long rows() {
        return Objects.requireNonNull(
                database.read(sql -> sql.first("SELECT COUNT(*) FROM scheduled_tasks", row -> row.getLong(1))));
    }

    @Test
    void cron_followsItsZone_andTwoNodesDoItOnce() throws Exception {
        List<Instant> times = new CopyOnWriteArrayList<>();
        ZoneId zone = ZoneId.of("Europe/Berlin");
        try (Schedule one = new Schedule(database, clock, new Metrics());
                Schedule other = new Schedule(database, clock, new Metrics())) {
            for (Schedule node : List.of(one, other)) {
                node.cron("job", "30 3 * * *", zone, _ -> times.add(clock.instant()));
                node.start();
            }
            // across the end of March, when the clocks there go forward
            for (int hour = 0; hour < 24 * 120; hour++) {
                clock.advance(Duration.ofHours(1));
                boolean due = clock.instant().atZone(zone).getHour() == 4;
                if (due) {
                    int before = times.size();
                    one.look();
                    other.look();
                    Await.until("the job of " + clock.instant(), () -> times.size() > before && isAhead());
                }
            }
        }
        assertThat(times).hasSize(120);
        assertThat(times).allMatch(time -> time.atZone(zone).getHour() == 4);
    }

    /** The next time is written down. */
    private boolean isAhead() {
        return Objects.requireNonNull(database.read(sql -> sql.first(
                "SELECT COUNT(*) FROM scheduled_tasks WHERE picked = FALSE AND execution_time > ?",
                row -> row.getLong(1) == 1,
                clock.millis())));
    }

    @Test
    void whatFails_isTriedLater_andGoesOnceItIsDone() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Schedule schedule = new Schedule(database, clock, new Metrics())) {
            schedule.once("work", 1, _ -> {
                if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet");
                }
            });
            schedule.start();
            at("a", clock.instant());
            Await.until("it is done", () -> {
                clock.advance(Duration.ofSeconds(10));
                schedule.look();
                return rows() == 0;
            });
        }
        assertThat(tries).hasValue(3);
    }

    @Test
    void theSameTwice_isDueOnce_andNotBeforeItsTime() throws Exception {
        List<String> done = new CopyOnWriteArrayList<>();
        at("a", clock.instant().plusSeconds(5));
        at("a", clock.instant());
        at("b", clock.instant());
        try (Schedule schedule = new Schedule(database, clock, new Metrics())) {
            schedule.once("work", 4, done::add);
            schedule.start();
            Await.until("b is done", () -> rows() == 1);
            assertThat(done).containsExactly("b");
            clock.advance(Duration.ofSeconds(5));
            schedule.look();
            Await.until("a is done", () -> rows() == 0);
            assertThat(done).containsExactly("b", "a");
        }
    }
}
