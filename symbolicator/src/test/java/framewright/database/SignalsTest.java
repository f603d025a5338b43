package framewright.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SignalsTest {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    @TempDir
    Path folder;

    private Database database;
    private Signals signals;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("store.db"));
        signals = database.signals();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void allWhoWait_areWoken() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long seen = signals.seen("topic");
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(threads.submit(() -> {
                    signals.await("topic", seen, FOR_EVER);
                    return null;
                }));
            }
            signals.wake("topic");
            for (Future<?> one : waiting) {
                one.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void whatCameBeforeTheWait_counts() throws Exception {
        long seen = signals.seen("topic");
        signals.wake("topic");
        signals.await("topic", seen, FOR_EVER);
        assertThat(signals.seen("topic")).isNotEqualTo(seen);
    }

    @Test
    void otherTopics_wakeNobody() throws Exception {
        long seen = signals.seen("topic");
        signals.wake("other");
        signals.await("topic", seen, Duration.ofMillis(1));
        assertThat(signals.seen("topic")).isEqualTo(seen);
    }
}
