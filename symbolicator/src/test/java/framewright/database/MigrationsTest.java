package framewright.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class MigrationsTest {
    @TempDir
    private Path folder;

    private DataSource source;

    @BeforeEach
    void open() {
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl(url());
        source = file;
    }

    private String url() {
        return "jdbc:sqlite:" + folder.resolve("store.db");
    }

    private void openStore() {
        Database.sqlite(folder.resolve("store.db")).close();
    }

    @Test
    void scripts_areAllThatTheLibraryFinds() {
        assertThat(Arrays.stream(Migrations.SQLITE.flyway(source).info().all()).map(MigrationInfo::getScript))
                .containsExactlyElementsOf(Migrations.SCRIPTS);
    }

    @Test
    void tablesThatWereMade_areSeenToBeCurrent_withoutTheLibrary() {
        assertThat(Migrations.isCurrent(source)).isFalse();
        openStore();
        assertThat(Migrations.isCurrent(source)).isTrue();
        Migrations.SQLITE.flyway(source).validate();
    }

    @Test
    void tablesOfAnotherVersion_areLeftToTheLibrary_whichRefusesThem() throws Exception {
        openStore();
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE flyway_schema_history SET checksum = checksum + 1");
        }
        assertThat(Migrations.isCurrent(source)).isFalse();
        assertThatThrownBy(this::openStore)
                .isInstanceOf(StorageFailure.class)
                .hasMessageContaining("checksum mismatch");
    }
}
