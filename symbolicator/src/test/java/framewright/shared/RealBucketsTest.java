package framewright.shared;

import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.config.SettingsLoader;
import framewright.fetch.Fetcher;
import framewright.fetch.StoreClient;
import framewright.fetch.WebUrl;
import framewright.sources.Bucket;
import framewright.sources.Buckets;
import framewright.testkit.Await;
import framewright.testkit.ManualClock;
import framewright.testkit.Program;
import framewright.testkit.StoreServers;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store over servers that others have written, each where it is installed. */
@Timeout(60)
class RealBucketsTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final InstantSource clock = InstantSource.system();
    private final Fetcher fetcher =
            new Fetcher(new SettingsLoader(Map.of()).withoutFile().fetch(), new ManualClock(), "framewright/test");

    @AfterEach
    void close() {
        fetcher.close();
    }

    private Store open(String config, String google) throws Exception {
        SourceConfig described = SourceConfigs.read(new ObjectMapper().readTree(config));
        WebUrl url = Objects.requireNonNull(WebUrl.parse(google));
        if (new Buckets(fetcher, clock, url, url, url).of(described) instanceof Found<Bucket>(Bucket bucket)
                && Buckets.client(described, "framewright/test") instanceof Found<StoreClient>(StoreClient client)) {
            return new BucketStore(bucket, client);
        }
        throw new AssertionError("no bucket: " + config);
    }

    private static int send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    abstract static class OnAServer extends StoreContract {
        private Program server;
        private Store store;

        abstract Program start() throws Exception;

        abstract Store open(Program server) throws Exception;

        @BeforeEach
        void begin() throws Exception {
            server = start();
            store = open(server);
        }

        @Override
        Store store() {
            return store;
        }

        @AfterEach
        void end() throws Exception {
            if (store != null) {
                store.close();
            }
            if (server != null) {
                server.close();
            }
        }
    }

    /** S3 over a folder, with its own check of signatures. */
    @Nested
    class Versitygw extends OnAServer {
        @Override
        Program start() throws Exception {
            Path root = Files.createDirectories(folder.resolve("root"));
            Files.createDirectory(root.resolve("bucket"));
            return StoreServers.versitygw(folder, root);
        }

        @Override
        Store open(Program server) throws Exception {
            return RealBucketsTest.this.open(
                    """
                    {"type":"s3","id":"s","bucket":"bucket","prefix":"p","region":"us-east-1",
                     "endpoint":"%s","access_key":"%s","secret_key":"%s"}""".formatted(server.url(""), StoreServers.ACCESS_KEY, StoreServers.SECRET_KEY),
                    "http://127.0.0.1/");
        }
    }

    /** Microsoft's own emulator. */
    @Nested
    class Azurite extends OnAServer {
        /** Any will do; this one stands for an account that only this test has. */
        private static final String KEY =
                Base64.getEncoder().encodeToString("of this test".getBytes(StandardCharsets.UTF_8));

        @Override
        Program start() throws Exception {
            return StoreServers.azurite(folder, KEY);
        }

        @Override
        Store open(Program server) throws Exception {
            String url = server.url("/" + StoreServers.ACCOUNT + "/container");
            Await.until(
                    "the container is there",
                    () -> send(HttpRequest.newBuilder(URI.create(url + "?restype=container&" + accountSignature()))
                                    .PUT(HttpRequest.BodyPublishers.noBody()))
                            == 201);
            return RealBucketsTest.this.open("""
                    {"type":"azure","id":"a","url":"%s","account":"%s","account_key":"%s"}""".formatted(url, StoreServers.ACCOUNT, KEY), "http://127.0.0.1/");
        }

        /** An account SAS that may create containers, as Microsoft's "Create an account SAS" has it. */
        private static String accountSignature() throws Exception {
            String signed = String.join(
                    "\n",
                    StoreServers.ACCOUNT,
                    "c",
                    "b",
                    "c",
                    "",
                    "2099-01-01T00:00:00Z",
                    "",
                    "http,https",
                    "2022-11-02",
                    "",
                    "");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
            return "sv=2022-11-02&ss=b&srt=c&sp=c&se=2099-01-01T00:00:00Z&spr=http,https&sig="
                    + URLEncoder.encode(signature, StandardCharsets.UTF_8);
        }
    }

    /** Checks no credentials, but knows Google's API. */
    @Nested
    class FakeGcsServer extends OnAServer {
        @Override
        Program start() throws Exception {
            return StoreServers.fakeGcsServer(folder, Files.createDirectory(folder.resolve("data")));
        }

        @Override
        Store open(Program server) throws Exception {
            String url = server.url("/");
            var _ = send(HttpRequest.newBuilder(URI.create(url + "storage/v1/b?project=p"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"bucket\"}")));
            return RealBucketsTest.this.open(
                    "{\"type\":\"gcs\",\"id\":\"g\",\"bucket\":\"bucket\",\"prefix\":\"p\",\"bearer_token\":\"any\"}",
                    url);
        }
    }
}
