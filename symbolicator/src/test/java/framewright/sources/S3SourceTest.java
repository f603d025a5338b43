package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.api.SourceConfig.AwsCredentials.Ambient;
import framewright.api.SourceConfig.AwsCredentials.Keys;
import framewright.aws.AwsIdentities;
import framewright.debugfiles.FileType;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.WebUrl;
import framewright.testkit.FakeSymbolServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SourceTest {
    private static final Keys KEYS = new Keys("AKIA", "secret", null);
    private static final String[] PROPERTIES = {
        "aws.containerCredentialsFullUri",
        "aws.ec2MetadataServiceEndpoint",
        "aws.sharedCredentialsFile",
        "aws.configFile",
        "aws.accessKeyId"
    };

    private final SourceFixture fixture = new SourceFixture();
    private final FakeSymbolServer server = fixture.server;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        Arrays.stream(PROPERTIES).forEach(System::clearProperty);
        fixture.close();
    }

    private static SourceConfig s3(
            String region, @Nullable String endpoint, boolean pathStyle, AwsCredentials credentials) {
        return new SourceConfig.S3(
                "s3",
                SourceFixture.symstore(false, FileType.PDB),
                "bucket",
                "pre",
                region,
                endpoint,
                pathStyle,
                credentials,
                Access.PLAIN);
    }

    private String address(SourceConfig config) throws InterruptedException {
        return fixture.files(config, SourceFixture.PE).getFirst() instanceof Web web ? web.identity() : "";
    }

    private Outcome<String> fetch(SourceConfig config) throws InterruptedException {
        return fixture.fetch(fixture.files(config, SourceFixture.PE).getFirst());
    }

    /** The example in AWS's own description of signatures in the query. */
    @Test
    void presign_ofTheDocumentedExample_givesTheDocumentedSignature() {
        Keys keys = new Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null);
        WebUrl url = SourceFixture.url("https://examplebucket.s3.amazonaws.com/test.txt");
        assertThat(new AwsSignature()
                        .presign(
                                url,
                                "GET",
                                Map.of(),
                                "us-east-1",
                                AwsIdentities.of(keys),
                                Instant.parse("2013-05-24T00:00:00Z"),
                                Duration.ofDays(1)))
                .asString()
                .contains("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }

    @Test
    void bucket_isPartOfTheHostOrOfThePath() throws Exception {
        assertThat(address(s3("eu-west-1", null, false, KEYS)))
                .isEqualTo("https://bucket.s3.eu-west-1.amazonaws.com/pre/" + SourceFixture.PDB);
        assertThat(address(s3("cn-north-1", null, true, KEYS)))
                .isEqualTo("https://s3.cn-north-1.amazonaws.com.cn/bucket/pre/" + SourceFixture.PDB);
        assertThat(address(s3("x", "http://minio:9000", true, KEYS)))
                .isEqualTo("http://minio:9000/bucket/pre/" + SourceFixture.PDB);
        assertThat(address(s3("x", "http://minio:9000", false, KEYS)))
                .isEqualTo("http://bucket.minio:9000/pre/" + SourceFixture.PDB);
        assertThat(fixture.locations(s3("x", "minio", false, KEYS), SourceFixture.PE)
                        .getFirst())
                .isEqualTo("s3://bucket/pre/" + SourceFixture.PDB);
    }

    /** Computes the signature as Amazon describes it, from what was sent; the server's own address is the host. */
    private void serveSigned(String secret, @Nullable String token) {
        String path = "/bucket/pre/" + SourceFixture.PDB;
        server.on(path, exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            String unsigned = Arrays.stream(query.split("&"))
                    .filter(pair -> !pair.startsWith("X-Amz-Signature="))
                    .sorted()
                    .collect(Collectors.joining("&"));
            String day = query.replaceAll(".*X-Amz-Date=(\\d{8}).*", "$1");
            String time = query.replaceAll(".*X-Amz-Date=(\\w+).*", "$1");
            String host = exchange.getRequestHeaders().getFirst("Host");
            String canonical = "GET\n" + path + "\n" + unsigned + "\nhost:" + host + "\n\nhost\nUNSIGNED-PAYLOAD";
            String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + day + "/eu-west-1/s3/aws4_request\n"
                    + HexFormat.of().formatHex(sha256(canonical));
            byte[] key = SourceFixture.text("AWS4" + secret);
            for (String part : new String[] {day, "eu-west-1", "s3", "aws4_request"}) {
                key = hmac(key, part);
            }
            boolean signed = query.contains("X-Amz-Signature=" + HexFormat.of().formatHex(hmac(key, toSign)))
                    && query.contains("X-Amz-Security-Token=") == (token != null)
                    && (token == null || query.contains("X-Amz-Security-Token=" + token));
            FakeSymbolServer.answer(exchange, signed ? 200 : 403, SourceFixture.text("pdb"));
        });
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(SourceFixture.text(text));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(SourceFixture.text(text));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private SourceConfig here(AwsCredentials credentials) {
        return s3("eu-west-1", server.url("/"), true, credentials);
    }

    @Test
    void staticKeys_signEachRequest_withTheTokenOfTheirSession() throws Exception {
        serveSigned("secret", null);
        assertThat(fetch(here(KEYS))).isEqualTo(Outcome.found("pdb"));
        assertThat(fetch(here(new Keys("AKIA", "wrong", null)))).isEqualTo(Outcome.failed(new Denied("403 Forbidden")));
        serveSigned("secret", "tok");
        assertThat(fetch(here(new Keys("AKIA", "secret", "tok")))).isEqualTo(Outcome.found("pdb"));
    }

    @Test
    void publicBucket_isAskedWithoutASignature() throws Exception {
        server.put("/bucket/pre/" + SourceFixture.PDB, SourceFixture.text("pdb"));
        assertThat(fetch(here(new AwsCredentials.Anonymous()))).isEqualTo(Outcome.found("pdb"));
        assertThat(server.requests().getLast().target()).doesNotContain("?");
    }

    private static final String GRANTED = """
            {"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"granted","Token":"tok",
             "Expiration":"2099-01-01T00:00:00Z","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC"}
            """;

    @Test
    void container_getsItsCredentialsFromTheAgent() throws Exception {
        serveSigned("granted", "tok");
        server.put("/agent", SourceFixture.text(GRANTED));
        System.setProperty("aws.containerCredentialsFullUri", server.url("/agent"));
        assertThat(fetch(here(new Ambient(AwsCredentials.Provider.CONTAINER, null))))
                .isEqualTo(Outcome.found("pdb"));
        assertThat(fetch(here(new Ambient(AwsCredentials.Provider.CONTAINER, null))))
                .isEqualTo(Outcome.found("pdb"));
        assertThat(server.hits("/agent")).isEqualTo(1);
    }

    @Test
    void instance_getsItsCredentialsFromTheMetadataService_withATokenFirst() throws Exception {
        serveSigned("granted", "tok");
        server.on(
                "/latest/api/token",
                exchange -> FakeSymbolServer.answer(
                        exchange,
                        exchange.getRequestMethod().equals("PUT") ? 200 : 405,
                        SourceFixture.text("session")));
        for (String root : new String[] {
            "/latest/meta-data/iam/security-credentials/", "/latest/meta-data/iam/security-credentials-extended/"
        }) {
            server.put(root, SourceFixture.text("role"));
            server.put(root + "role", SourceFixture.text(GRANTED));
        }
        System.setProperty("aws.ec2MetadataServiceEndpoint", server.url(""));
        assertThat(fetch(here(new Ambient(AwsCredentials.Provider.INSTANCE, null))))
                .isEqualTo(Outcome.found("pdb"));
        assertThat(server.requests())
                .filteredOn(request -> request.target().contains("security-credentials"))
                .isNotEmpty()
                .allSatisfy(
                        request -> assertThat(request.headers()).containsEntry("x-aws-ec2-metadata-token", "session"));
    }

    @Test
    void profile_isReadFromTheSharedFiles() throws Exception {
        serveSigned("of-profile", null);
        Path credentials = Files.writeString(
                folder.resolve("credentials"),
                "[symbols]\naws_access_key_id = AKIA\naws_secret_access_key = of-profile\n");
        System.setProperty("aws.sharedCredentialsFile", credentials.toString());
        System.setProperty("aws.configFile", folder.resolve("none").toString());
        assertThat(fetch(here(new Ambient(AwsCredentials.Provider.PROFILE, "symbols"))))
                .isEqualTo(Outcome.found("pdb"));
        assertThat(fetch(here(new Ambient(AwsCredentials.Provider.PROFILE, "absent"))))
                .as("what is wrong with the machine is in the log, not in the answer")
                .isEqualTo(Outcome.failed(new Denied("the server has no AWS credentials; its log says why")));
    }
}
