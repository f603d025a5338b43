package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.api.SourceConfig;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.debugfiles.FileType;
import framewright.fetch.RemoteFile;
import framewright.testkit.FakeSymbolServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AzureSourceTest {
    private static final String KEY = Base64.getEncoder().encodeToString(SourceFixture.text("a key of an account"));
    private static final String BLOB = "pre fix/" + SourceFixture.PDB;
    private static final String PATH = "/account/symbols/" + BLOB;

    private final SourceFixture fixture = new SourceFixture();
    private final FakeSymbolServer server = fixture.server;

    @AfterEach
    void close() {
        fixture.close();
    }

    private SourceConfig azure(String query, AzureCredentials credentials) {
        return new SourceConfig.Azure(
                "az",
                SourceFixture.symstore(false, FileType.PDB),
                server.url("/account/symbols" + query),
                "pre fix/",
                credentials,
                Access.PLAIN);
    }

    private Outcome<String> fetch(SourceConfig config) throws InterruptedException {
        return fixture.fetch(fixture.files(config, SourceFixture.PE).getFirst());
    }

    private String query() {
        String target = server.requests().getLast().target();
        return target.substring(target.indexOf('?') + 1);
    }

    @Test
    void publicContainer_isAskedWithoutCredentials_alsoBehindASignatureInItsAddress() throws Exception {
        server.put(PATH, SourceFixture.text("pdb"));
        assertThat(fetch(azure("", new AzureCredentials.Anonymous()))).isEqualTo(Outcome.found("pdb"));
        assertThat(server.requests().getLast().headers()).doesNotContainKey("authorization");
        SourceConfig signed = azure("?sp=r&sig=a%2Bb%3D", new AzureCredentials.Anonymous());
        assertThat(fetch(signed)).isEqualTo(Outcome.found("pdb"));
        assertThat(query()).isEqualTo("sp=r&sig=a%2Bb%3D");
        RemoteFile file = fixture.files(signed, SourceFixture.PE).getFirst();
        assertThat(file.location() + file.identity())
                .as("candidates and logs show no signature")
                .contains(server.url("/account/symbols/pre%20fix/" + SourceFixture.PDB))
                .doesNotContain("sig=");
    }

    @Test
    void sharedAccessToken_isSentAsItIs() throws Exception {
        server.put(PATH, SourceFixture.text("pdb"));
        assertThat(fetch(azure("", new AzureCredentials.SharedAccess("sv=2022-11-02&sig=x%2F%2By%3D"))))
                .isEqualTo(Outcome.found("pdb"));
        assertThat(query()).isEqualTo("sv=2022-11-02&sig=x%2F%2By%3D");
    }

    /** Computes the signature as Microsoft describes it, from what was sent. */
    private static boolean isSigned(String query, Instant now) {
        Map<String, String> sent = Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        String toSign = sent.get("sp") + "\n" + sent.getOrDefault("st", "") + "\n" + sent.get("se")
                + "\n/blob/account/symbols/" + BLOB + "\n\n\n" + sent.getOrDefault("spr", "") + "\n" + sent.get("sv")
                + "\n" + sent.get("sr") + "\n\n\n\n\n\n\n";
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            String expected = Base64.getEncoder().encodeToString(mac.doFinal(SourceFixture.text(toSign)));
            Duration left = Duration.between(now, Instant.parse(String.valueOf(sent.get("se"))));
            return expected.equals(sent.get("sig"))
                    && "r".equals(sent.get("sp"))
                    && left.isPositive()
                    && left.compareTo(Duration.ofMinutes(15)) <= 0;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void accountKey_signsEachBlobForAWhile() throws Exception {
        server.on(PATH, exchange -> {
            boolean signed = isSigned(exchange.getRequestURI().getRawQuery(), fixture.clock.instant());
            FakeSymbolServer.answer(exchange, signed ? 200 : 403, SourceFixture.text("pdb"));
        });
        assertThat(fetch(azure("", new AzureCredentials.AccountKey("account", KEY))))
                .isEqualTo(Outcome.found("pdb"));
        assertThat(fetch(azure("", new AzureCredentials.AccountKey("other", KEY))))
                .isEqualTo(Outcome.failed(new Denied("403 Forbidden")));
        assertThat(fetch(azure("", new AzureCredentials.AccountKey("account", "no base64!"))))
                .isEqualTo(Outcome.failed(new Unsupported("the source's account_key is not in Base64")));
    }

    @Test
    void managedIdentity_getsATokenOfTheMachine_andKeepsIt() throws Exception {
        server.on("/azure/token", exchange -> {
            boolean asked = "true".equals(exchange.getRequestHeaders().getFirst("Metadata"));
            FakeSymbolServer.answer(
                    exchange,
                    asked ? 200 : 400,
                    SourceFixture.text("{\"access_token\":\"granted\",\"expires_in\":\"3600\"}"));
        });
        server.put(PATH, SourceFixture.text("pdb"));
        SourceConfig config = azure("", new AzureCredentials.ManagedIdentity("me"));
        assertThat(fetch(config)).isEqualTo(Outcome.found("pdb"));
        assertThat(server.requests().getLast().headers())
                .containsEntry("authorization", "Bearer granted")
                .containsKey("x-ms-version");
        String token = "/azure/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=me";
        fixture.clock.advance(Duration.ofMinutes(54));
        fetch(config);
        assertThat(server.hits(token)).isEqualTo(1);
        fixture.clock.advance(Duration.ofMinutes(1));
        fetch(config);
        assertThat(server.hits(token)).isEqualTo(2);
    }

    @Test
    void machineWithoutIdentity_isTheFilesFailure() throws Exception {
        assertThat(fetch(azure("", new AzureCredentials.ManagedIdentity(null))))
                .isEqualTo(Outcome.failed(new Unreachable("cannot get a token: not found")));
    }
}
