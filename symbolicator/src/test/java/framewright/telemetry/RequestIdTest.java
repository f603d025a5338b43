package framewright.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Missing;
import framewright.cache.CacheKey;
import framewright.cache.CacheKind;
import framewright.cache.Caches;
import framewright.cache.Retention;
import framewright.config.SettingsLoader;
import framewright.nativebridge.NativePool;
import framewright.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** Whose lines carry the id of a request. */
class RequestIdTest {
    private final List<String> lines = new ArrayList<>();

    private String log(String message) {
        String line = new JsonLine(true).format(new LogRecord(Level.INFO, message));
        lines.add(line);
        return line;
    }

    /** Loads run on virtual threads of the cache, for the first of those who wait. */
    @Test
    void linesOfALoad_carryTheRequestThatBeganIt() {
        try (Caches caches = new Caches(
                new SettingsLoader(Map.of()).parse("sources: []").settings().caches(), new ManualClock())) {
            RequestId.with("abc", () -> {
                try {
                    var _ = caches.getOrLoad(CacheKind.OBJECTS, new CacheKey("k"), Retention.PUBLIC, staging -> {
                        log("loading");
                        return Outcome.failed(new Missing());
                    });
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThat(lines).singleElement().asString().contains("\"request_id\":\"abc\"");
    }

    /** The threads of a pool are made when they are first needed, within some request. */
    @Test
    void threadsThatOutliveARequest_doNotGoOnInItsName() throws InterruptedException {
        try (NativePool pool = new NativePool("test", 1)) {
            RequestId.with("abc", () -> {
                try {
                    var _ = pool.call(() -> log("within"));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(pool.call(() -> log("later"))).doesNotContain("request_id");
        }
    }
}
