package framewright.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.config.SettingsLoader;
import framewright.config.SharedCacheSettings.Place;
import framewright.fetch.Fetcher;
import framewright.fetch.StoreClient;
import framewright.fetch.WebUrl;
import framewright.sources.Bucket;
import framewright.sources.Buckets;
import framewright.testkit.FakeBucket;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BucketStoreTest {
    private final FakeBucket server = new FakeBucket();
    private final ManualClock clock = new ManualClock();
    private final Fetcher fetcher =
            new Fetcher(new SettingsLoader(Map.of()).withoutFile().fetch(), clock, "framewright/test");

    @AfterEach
    void close() {
        fetcher.close();
        server.close();
    }

    private Store open(SourceConfig config) {
        Buckets buckets = new Buckets(fetcher, clock, url("/google/token"), url("/"), url("/google/token"));
        if (buckets.of(config) instanceof Found<Bucket>(Bucket bucket)
                && Buckets.client(config, "framewright/test") instanceof Found<StoreClient>(StoreClient client)) {
            return new BucketStore(bucket, client);
        }
        throw new AssertionError("no bucket: " + config);
    }

    private WebUrl url(String path) {
        return Objects.requireNonNull(WebUrl.parse(server.url(path)));
    }

    private static SourceConfig config(String json) {
        try {
            return SourceConfigs.read(new ObjectMapper().readTree(json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private SourceConfig s3(String keys) {
        return config("""
                {"type":"s3","id":"shared","bucket":"b","prefix":"p","region":"eu-west-1","endpoint":"%s"%s}""".formatted(server.url(""), keys));
    }

    @Test
    void names_standBelowThePrefix() throws InterruptedException {
        try (Store store = open(s3(",\"access_key\":\"a\",\"secret_key\":\"s\""))) {
            var _ = store.create("objects/v1/ab", Text.of("one"));
        }
        assertThat(server.objects()).containsOnlyKeys("/b/p/objects/v1/ab");
    }

    @Test
    void bucketThatLetsNobodyIn_isDenied() throws InterruptedException {
        try (Store store = open(s3(""))) {
            assertThat(store.create("a", Text.of("one"))).isEqualTo(Outcome.failed(new Denied("403 Forbidden")));
        }
    }

    @Test
    void storeThatKeepsFailing_isLeftAloneForAWhile() throws InterruptedException {
        try (Store store = new GuardedStore(open(s3(",\"access_key\":\"a\",\"secret_key\":\"s\"")), clock)) {
            server.breakWith(500);
            for (int i = 0; i < 5; i++) {
                assertThat(store.read("a", Text::read)).isInstanceOf(Outcome.Failed.class);
            }
            server.breakWith(0);
            assertThat(store.read("a", Text::read).toString()).contains("temporarily blocked");
            clock.advance(Duration.ofMinutes(1));
            assertThat(store.read("a", Text::read)).isEqualTo(Outcome.failed(new Missing()));
        }
    }

    abstract static class OverHttp extends StoreContract {
        private final Store store;

        OverHttp(Store store) {
            this.store = store;
        }

        @Override
        Store store() {
            return store;
        }

        @AfterEach
        void close() {
            store.close();
        }
    }

    @Nested
    class OnS3 extends OverHttp {
        OnS3() {
            super(open(s3(",\"access_key\":\"a\",\"secret_key\":\"s\"")));
        }
    }

    @Nested
    class OnAzure extends OverHttp {
        OnAzure() {
            super(open(config("""
                    {"type":"azure","id":"shared","url":"%s","account":"devaccount","account_key":"c2VjcmV0"}""".formatted(server.url("/container")))));
        }
    }

    /** With the account of the machine. */
    @Nested
    class OnGoogle extends OverHttp {
        OnGoogle() {
            super(open(bucket()));
        }

        private static SourceConfig bucket() {
            var settings = new SettingsLoader(Map.of()).parse("shared_cache: {gcs: {bucket: b, prefix: p/q}}");
            return ((Place.InBucket)
                            Objects.requireNonNull(settings.settings().shared()).place())
                    .config();
        }
    }
}
