package framewright.queue;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.config.StoreSettings;
import framewright.database.Database;
import framewright.testkit.ManualClock;
import framewright.testkit.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DatabaseQueueTest {
    /** One process has the file. */
    @Nested
    class OnSqlite extends QueueContract {
        @TempDir
        private Path folder;

        @SuppressWarnings("NullAway.Init") // made by the first node of a test
        private Database database;

        @Override
        QueueEngine open() {
            if (database == null) {
                database = Database.sqlite(folder.resolve("store.db"));
            }
            return new DatabaseQueue(database, InstantSource.system());
        }

        @AfterEach
        void closeDatabase() {
            database.close();
        }

        @Test
        void whatNobodyRenews_isDeliveredAgain_andIsCounted() throws Exception {
            ManualClock clock = new ManualClock();
            open();
            DatabaseQueue first = new DatabaseQueue(database, clock);
            first.send(Lane.WARM, List.of(QueueContract.message("lost")));
            Delivery lost = first.receive(Lane.WARM, 1, Duration.ZERO).getFirst();
            assertThat(first.receive(Lane.WARM, 1, Duration.ZERO)).isEmpty();
            clock.advance(first.lease().plusMillis(1));
            Delivery again = first.receive(Lane.WARM, 1, Duration.ZERO).getFirst();
            assertThat(again.deliveries()).isEqualTo(2);
            // who was overtaken settles nothing
            first.acknowledge(List.of(lost));
            clock.advance(first.lease().plusMillis(1));
            assertThat(first.receive(Lane.WARM, 1, Duration.ZERO)).hasSize(1);
        }

        @Test
        void whatIsSentAndTakenAtOnce_isADeliveryLikeAny() throws Exception {
            ManualClock clock = new ManualClock();
            open();
            DatabaseQueue queue = new DatabaseQueue(database, clock);
            List<Delivery> mine = queue.send(
                    Lane.WARM,
                    List.of(QueueContract.message("a"), QueueContract.message("b"), QueueContract.message("c")),
                    2);
            assertThat(QueueContract.keys(mine)).containsExactly("a", "b");
            assertThat(mine).allMatch(one -> one.deliveries() == 1 && one.lane() == Lane.WARM);
            assertThat(QueueContract.keys(queue.receive(Lane.WARM, 9, Duration.ZERO)))
                    .containsExactly("c");
            queue.acknowledge(mine.subList(0, 1));
            clock.advance(queue.lease().plusMillis(1));
            // who took it has died
            List<Delivery> again = queue.receive(Lane.WARM, 9, Duration.ZERO);
            assertThat(QueueContract.keys(again)).containsExactly("b", "c");
            assertThat(again).allMatch(one -> one.deliveries() == 2);
        }

        @Test
        void projects_areCountedByLane() {
            countsProjects(open());
        }

        @Test
        void higherPriority_comesFirst() throws Exception {
            QueueEngine queue = open();
            queue.send(Lane.WARM, List.of(QueueContract.message("usual")));
            queue.send(Lane.WARM, List.of(new Message("urgent", 9, Map.of(), new byte[0])));
            assertThat(queue.receive(Lane.WARM, 1, Duration.ZERO)
                            .getFirst()
                            .message()
                            .key())
                    .isEqualTo("urgent");
        }

        @Test
        void depths_tellWhatWaits_andSinceWhen() throws Exception {
            ManualClock clock = new ManualClock();
            open();
            DatabaseQueue queue = new DatabaseQueue(database, clock);
            queue.send(Lane.SCRAPE, List.of(QueueContract.message("a"), QueueContract.message("b")));
            assertThat(queue.depths().get(Lane.SCRAPE)).isEqualTo(new Depth(2, clock.instant()));
            assertThat(queue.depths().get(Lane.WARM)).isEqualTo(new Depth(0, null));
        }
    }

    @Nested
    class OnPostgres extends QueueContract {
        @RegisterExtension
        static final Postgres SERVER = new Postgres();

        private final List<Database> databases = new ArrayList<>();

        @SuppressWarnings("NullAway.Init") // made by the first node of a test
        private StoreSettings.Postgres address;

        /** As in another process, with connections of its own. */
        @Override
        QueueEngine open() throws Exception {
            if (address == null) {
                address = new StoreSettings.Postgres(SERVER.newDatabase(), null, null);
            }
            Database database = Database.postgres(address);
            databases.add(database);
            return new DatabaseQueue(database, InstantSource.system());
        }

        @Test
        void projects_areCountedByLane() throws Exception {
            countsProjects(open());
        }

        @AfterEach
        void closeDatabases() {
            databases.forEach(Database::close);
        }
    }

    private static void countsProjects(QueueEngine queue) {
        queue.send(
                Lane.SCRAPE,
                List.of(
                        QueueContract.message("acme/web/1"),
                        QueueContract.message("acme/app/2"),
                        QueueContract.message("acme/app/an event")));
        queue.send(Lane.WARM, List.of(QueueContract.message("acme/web/4")));
        assertThat(queue.projects(Lane.SCRAPE)).containsExactly(Map.entry("acme/app", 2L), Map.entry("acme/web", 1L));
        assertThat(queue.projects(Lane.LATE)).isEmpty();
    }
}
