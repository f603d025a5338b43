package framewright.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.config.SettingsLoader;
import framewright.config.StoreSettings;
import framewright.testkit.Postgres;
import framewright.testkit.Program;
import framewright.testkit.StoreServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The store over each database and each place of blobs; servers of others where they are installed. */
@Timeout(120)
class StoreTest {
    /** As a settings file has them. */
    static StoreSettings settings(Path folder, String more) {
        String yaml = "store:\n  dir: " + folder + "\n" + more;
        return Objects.requireNonNull(
                new SettingsLoader(Map.of()).parse(yaml).settings().store());
    }

    @Nested
    class SqliteAndFolder extends StoreContract {
        @Override
        StoreSettings settings() {
            return new StoreSettings(folder);
        }

        @Override
        Path fileOf(BlobKey key) {
            return folder.resolve(key.path());
        }
    }

    @Nested
    class PostgresAndFolder extends StoreContract {
        @RegisterExtension
        static final Postgres SERVER = new Postgres();

        private @Nullable String url;

        @Override
        StoreSettings settings() throws Exception {
            if (url == null) {
                url = SERVER.newDatabase();
            }
            return StoreTest.settings(folder, "  database: " + url + "\n");
        }

        @Override
        Path fileOf(BlobKey key) {
            return folder.resolve(key.path());
        }
    }

    @Nested
    class SqliteAndS3 extends StoreContract {
        @TempDir
        private static Path root;

        private static @Nullable Program server;
        private @Nullable String bucket;

        @BeforeAll
        static void start() throws Exception {
            server = StoreServers.versitygw(root, Files.createDirectory(root.resolve("root")));
        }

        @AfterAll
        static void stop() {
            if (server != null) {
                server.close();
            }
        }

        @Override
        StoreSettings settings() throws Exception {
            if (bucket == null) {
                bucket = newBucket(root.resolve("root"));
            }
            return inBucket(new StoreSettings(folder), Objects.requireNonNull(server), bucket);
        }

        @Override
        Path fileOf(BlobKey key) {
            return fileIn(root.resolve("root"), Objects.requireNonNull(bucket), key);
        }
    }

    /** As several servers share it. */
    @Nested
    class PostgresAndS3 extends StoreContract {
        @TempDir
        private static Path root;

        @RegisterExtension
        static final Postgres DATABASES = new Postgres();

        private static @Nullable Program server;
        private @Nullable String url;
        private @Nullable String bucket;

        @BeforeAll
        static void start() throws Exception {
            server = StoreServers.versitygw(root, Files.createDirectory(root.resolve("root")));
        }

        @AfterAll
        static void stop() throws Exception {
            if (server != null) {
                server.close();
            }
        }

        @Override
        StoreSettings settings() throws Exception {
            if (bucket == null) {
                bucket = newBucket(root.resolve("root"));
                url = DATABASES.newDatabase();
            }
            StoreSettings onDisk = StoreTest.settings(folder, "  database: " + url + "\n");
            return inBucket(onDisk, Objects.requireNonNull(server), bucket);
        }

        @Override
        Path fileOf(BlobKey key) {
            return fileIn(root.resolve("root"), Objects.requireNonNull(bucket), key);
        }
    }

    private static StoreSettings inBucket(StoreSettings onDisk, Program server, String bucket) throws Exception {
        return new StoreSettings(
                onDisk.dir(),
                onDisk.database(),
                s3(server.url(""), bucket),
                onDisk.retention(),
                onDisk.quotas(),
                onDisk.maxFileBytes());
    }

    private static String newBucket(Path root) throws IOException {
        return Files.createTempDirectory(root, "bucket").getFileName().toString();
    }

    private static Path fileIn(Path root, String bucket, BlobKey key) {
        return root.resolve(bucket).resolve("kept").resolve(key.path());
    }

    /** A bucket of versitygw. */
    static SourceConfig.S3 s3(String endpoint, String bucket) throws Exception {
        return (SourceConfig.S3) SourceConfigs.read(new ObjectMapper()
                .readTree("""
                        {"type":"s3","id":"store","bucket":"%s","prefix":"kept","region":"us-east-1","path_style":true,
                         "endpoint":"%s","access_key":"%s","secret_key":"%s"}""".formatted(bucket, endpoint, StoreServers.ACCESS_KEY, StoreServers.SECRET_KEY)));
    }
}
