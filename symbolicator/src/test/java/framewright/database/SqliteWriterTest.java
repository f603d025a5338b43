package framewright.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes that come together, and are one transaction. */
@Timeout(60)
class SqliteWriterTest {
    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("store.db"));
        database.write(sql -> sql.update("CREATE TABLE numbers (n BIGINT PRIMARY KEY)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static int insert(Sql sql, long number) throws SQLException {
        return sql.update("INSERT INTO numbers (n) VALUES (?)", number);
    }

    private List<Long> numbers() {
        return database.read(sql -> sql.all("SELECT n FROM numbers ORDER BY n", row -> row.getLong(1)));
    }

    @Test
    void whatFails_undoesItself_andNothingElse() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(1);
            Future<Integer> first = threads.submit(() -> database.write(sql -> {
                begun.countDown();
                await(release);
                return insert(sql, 0);
            }));
            begun.await();
            // all of these come while the first holds the writer
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 1; i <= 40; i++) {
                long number = i;
                others.add(threads.submit(() -> number % 2 == 0
                        ? database.writeLightly(sql -> insert(sql, number))
                        : database.write(sql -> fail(sql, number))));
            }
            release.countDown();
            assertThat(first.get()).isEqualTo(1);
            for (int i = 1; i <= 40; i++) {
                Future<Integer> other = others.get(i - 1);
                if (i % 2 == 0) {
                    assertThat(other.get()).isEqualTo(1);
                } else {
                    assertThatThrownBy(other::get)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isInstanceOfAny(StorageFailure.class, IllegalArgumentException.class);
                }
            }
        }
        List<Long> even = new ArrayList<>();
        for (long i = 0; i <= 40; i += 2) {
            even.add(i);
        }
        assertThat(numbers()).isEqualTo(even);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By a statement, or by a bug after one. */
    private static int fail(Sql sql, long number) throws SQLException {
        int _ = insert(sql, -number);
        if (number % 3 == 0) {
            throw new IllegalArgumentException("a bug");
        }
        return insert(sql, -number);
    }

    @Test
    void interruptedCaller_stillHearsTheEnd() throws Exception {
        Thread.currentThread().interrupt();
        try {
            int written = database.write(sql -> insert(sql, 7));
            assertThat(written).isEqualTo(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(numbers()).containsExactly(7L);
    }

    @Test
    void afterTheEnd_isSaid() {
        database.close();
        assertThatThrownBy(() -> database.write(sql -> insert(sql, 1)))
                .isInstanceOf(StorageFailure.class)
                .hasMessage("the store is closed");
        assertThatThrownBy(() -> database.writeLightly(sql -> insert(sql, 1)))
                .isInstanceOf(StorageFailure.class)
                .hasMessage("the store is closed");
    }

    /** Else it would grow for as long as somebody writes; the salt in its head is another one each time that it begins. */
    @Test
    void log_beginsAnew_whileOthersWrite() throws Exception {
        database.write(sql -> sql.update("CREATE TABLE pages (n BIGINT PRIMARY KEY, body BLOB)"));
        Path log = folder.resolve("store.db-wal");
        byte[] before = salt(log);
        byte[] page = new byte[64 << 10];
        for (long i = 0; Arrays.equals(salt(log), before); i++) {
            long number = i % 100;
            database.write(sql -> sql.update("INSERT OR REPLACE INTO pages (n, body) VALUES (?, ?)", number, page));
        }
        String sound = database.read(sql -> sql.first("PRAGMA integrity_check", row -> row.getString(1)));
        assertThat(sound).isEqualTo("ok");
    }

    private static byte[] salt(Path log) throws IOException {
        try (InputStream in = Files.newInputStream(log)) {
            return Arrays.copyOfRange(in.readNBytes(32), 16, 24);
        }
    }
}
