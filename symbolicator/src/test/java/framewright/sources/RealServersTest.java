package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.debugfiles.FileType;
import framewright.testkit.Program;
import framewright.testkit.StoreServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources against the servers that they are meant for, or the nearest thing that runs here. */
class RealServersTest {
    private static final String KEY = "pre fix/" + SourceFixture.PDB;

    private static final String AZURITE_KEY = Base64.getEncoder().encodeToString(SourceFixture.text("of this test"));

    private final SourceFixture fixture = new SourceFixture();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        fixture.close();
    }

    /** A file of a bucket that is a folder. */
    private Path bucket() throws Exception {
        Path file = folder.resolve("data/bucket").resolve(KEY);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "pdb");
        return folder.resolve("data");
    }

    /** Signatures are of the time that the other side's clock shows. */
    private Outcome<String> fetch(SourceConfig config, String googleStorage) throws InterruptedException {
        Source source = fixture.sources(Clock.systemUTC(), googleStorage).of(config);
        return fixture.fetch(
                source.list(List.of(FileType.PDB), SourceFixture.PE).files().getFirst());
    }

    private Outcome<String> fetch(SourceConfig config) throws InterruptedException {
        return fetch(config, "http://127.0.0.1/");
    }

    private static SourceConfig s3(Program server, String prefix, AwsCredentials credentials) {
        return new SourceConfig.S3(
                "s3",
                SourceFixture.symstore(false, FileType.PDB),
                "bucket",
                prefix,
                "us-east-1",
                server.url("/"),
                true,
                credentials,
                Access.PLAIN);
    }

    @Test
    void versitygw_givesAnObjectToWhoSignsForIt_only() throws Exception {
        Path data = bucket();
        try (Program server = StoreServers.versitygw(folder, data)) {
            assertThat(fetch(s3(
                            server,
                            "pre fix",
                            new AwsCredentials.Keys(StoreServers.ACCESS_KEY, StoreServers.SECRET_KEY, null))))
                    .isEqualTo(Outcome.found("pdb"));
            assertThat(fetch(s3(
                            server,
                            "elsewhere",
                            new AwsCredentials.Keys(StoreServers.ACCESS_KEY, StoreServers.SECRET_KEY, null))))
                    .isEqualTo(Outcome.failed(new Missing()));
            Outcome<String> forbidden = Outcome.failed(new Denied("403 Forbidden"));
            assertThat(fetch(s3(server, "pre fix", new AwsCredentials.Keys(StoreServers.ACCESS_KEY, "wrong", null))))
                    .isEqualTo(forbidden);
            assertThat(fetch(s3(server, "pre fix", new AwsCredentials.Anonymous())))
                    .isEqualTo(forbidden);
        }
    }

    @Test
    void fakeGcsServer_givesAnObjectByItsEscapedName() throws Exception {
        Path data = bucket();
        try (Program server = StoreServers.fakeGcsServer(folder, data)) {
            String storage = server.url("/download/storage/v1/b");
            assertThat(fetch(gcs("pre fix/"), storage)).isEqualTo(Outcome.found("pdb"));
            assertThat(fetch(gcs("elsewhere/"), storage)).isEqualTo(Outcome.failed(new Missing()));
        }
    }

    private static SourceConfig gcs(String prefix) {
        return new SourceConfig.Gcs(
                "gcs", SourceFixture.symstore(false, FileType.PDB), "bucket", prefix, null, null, "token");
    }

    private SourceConfig azure(Program server, AzureCredentials credentials) {
        return new SourceConfig.Azure(
                "az",
                SourceFixture.symstore(false, FileType.PDB),
                server.url("/" + StoreServers.ACCOUNT + "/symbols"),
                "pre fix/",
                credentials,
                Access.PLAIN);
    }

    @Test
    void azurite_givesABlobToWhoSignsForIt_only() throws Exception {
        try (Program server = StoreServers.azurite(folder, AZURITE_KEY)) {
            put(server, "/symbols", "?restype=container", "");
            put(server, "/symbols/pre%20fix/" + SourceFixture.PDB, "", "pdb");
            assertThat(fetch(azure(server, new AzureCredentials.AccountKey(StoreServers.ACCOUNT, AZURITE_KEY))))
                    .isEqualTo(Outcome.found("pdb"));
            String otherKey = Base64.getEncoder().encodeToString(SourceFixture.text("other"));
            assertThat(fetch(azure(server, new AzureCredentials.AccountKey(StoreServers.ACCOUNT, otherKey))))
                    .isEqualTo(Outcome.failed(new Denied("403 Forbidden")));
        }
    }

    /** Puts a container or a blob there, signed as Microsoft's "Authorize with Shared Key" says. */
    private static void put(Program server, String path, String query, String body) throws Exception {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        Map<String, String> headers =
                Map.of("x-ms-blob-type", "BlockBlob", "x-ms-date", date, "x-ms-version", "2022-11-02");
        String length = body.isEmpty() ? "" : Integer.toString(body.length());
        String resource = "/" + StoreServers.ACCOUNT + "/" + StoreServers.ACCOUNT + path
                + (query.isEmpty() ? "" : "\nrestype:container");
        String signed = "PUT\n\n\n" + length + "\n\n\n\n\n\n\n\n\nx-ms-blob-type:BlockBlob\nx-ms-date:" + date
                + "\nx-ms-version:2022-11-02\n" + resource;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(AZURITE_KEY), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.url("/" + StoreServers.ACCOUNT + path + query)))
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "SharedKey " + StoreServers.ACCOUNT + ":" + signature);
        headers.forEach(request::header);
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(201);
        }
    }

    /** Redirects within the host, demands a password, packs, and delivers no more than this many bytes a second. */
    private Path nginxSettings(int port) throws Exception {
        String settings = """
                daemon off; worker_processes 1; pid %1$s/nginx.pid; error_log stderr; user root;
                events {}
                http {
                  access_log off; client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  server {
                    listen 127.0.0.1:%2$d; root %1$s/data/bucket; absolute_redirect off;
                    location /moved { rewrite ^/moved/(.*)$ /$1 redirect; }
                    location /locked { auth_basic "x"; auth_basic_user_file %1$s/users; alias %1$s/data/bucket; }
                    location /slow { alias %1$s/data/bucket; limit_rate 400k; }
                    location /packed { alias %1$s/data/bucket; gzip on; gzip_min_length 1; gzip_types *; }
                  }
                }
                """.formatted(folder, port);
        Files.writeString(folder.resolve("users"), "me:{PLAIN}secret\n");
        return Files.writeString(folder.resolve("nginx.conf"), settings);
    }

    private static SourceConfig http(Program server, String path, Map<String, String> headers) {
        return new SourceConfig.Http(
                "web", SourceFixture.symstore(false, FileType.PDB), server.url(path), headers, Access.PLAIN);
    }

    @Test
    void nginx_redirects_locks_packs_andDeliversSlowly() throws Exception {
        Path data = bucket();
        String large = "0123456789abcdef".repeat(50_000);
        Files.writeString(data.resolve("bucket").resolve(KEY), large);
        try (Program server = Program.start("nginx", folder, port -> {
            try {
                return List.of("-e", "stderr", "-c", nginxSettings(port).toString());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        })) {
            for (String way : List.of("/", "/moved/", "/packed/", "/slow/")) {
                assertThat(fetch(http(server, way + "pre%20fix/", Map.of())))
                        .as(way)
                        .isEqualTo(Outcome.found(large));
            }
            assertThat(fetch(http(server, "/elsewhere/", Map.of()))).isEqualTo(Outcome.failed(new Missing()));
            assertThat(fetch(http(server, "/locked/pre%20fix/", Map.of())))
                    .isEqualTo(Outcome.failed(new Denied("401 Unauthorized")));
            String password = Base64.getEncoder().encodeToString(SourceFixture.text("me:secret"));
            assertThat(fetch(http(server, "/locked/pre%20fix/", Map.of("Authorization", "Basic " + password))))
                    .isEqualTo(Outcome.found(large));
        }
    }
}
