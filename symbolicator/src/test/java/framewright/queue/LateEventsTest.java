package framewright.queue;

import framewright.config.StoreSettings;
import framewright.database.Database;
import framewright.testkit.Postgres;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
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
        @RegisterExtension
        static final Postgres SERVER = new Postgres();

        private StoreSettings.@Nullable Postgres address;

        @Override
        Database open() throws Exception {
            if (address == null) {
                address = new StoreSettings.Postgres(SERVER.newDatabase(), null, null);
            }
            return Database.postgres(address);
        }
    }
}
