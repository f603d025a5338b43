package framewright.queue;

import framewright.config.StoreSettings;
import framewright.database.Database;
import framewright.testkit.PostgresServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class LateEventsTest {
    @Nested
    class OnSqlite extends LateEventsContract {
        @TempDir
        private Path folder;

        @Override
        Database open() {
            return Database.sqlite(folder.resolve("store.db"));
        }
    }

    @Nested
    class OnPostgres extends LateEventsContract {
        @SuppressWarnings("NullAway.Init")
        private static PostgresServer server;

        private StoreSettings.@Nullable Postgres address;

        @BeforeAll
        static void start() throws Exception {
            server = PostgresServer.start();
        }

        @AfterAll
        static void stop() throws Exception {
            if (server != null) {
                server.close();
            }
        }

        @Override
        Database open() throws Exception {
            if (address == null) {
                address = new StoreSettings.Postgres(server.newDatabase(), null, null);
            }
            return Database.postgres(address);
        }
    }
}
