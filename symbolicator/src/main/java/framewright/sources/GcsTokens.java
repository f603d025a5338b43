package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.SourceConfig;
import framewright.cache.MemoryCache;
import framewright.cache.MemoryCache.Timed;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile.Limits;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.Transport;
import framewright.fetch.WebUrl;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens for Google Cloud Storage: a service account signs a statement (a JWT, RS256) and exchanges it for a
 * token that is good for an hour.
 */
final class GcsTokens {
    static final String READING = "https://www.googleapis.com/auth/devstorage.read_only";
    static final String WRITING = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final Duration VALID = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofMinutes(58);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** In characters of keys and addresses; far longer keys are none. */
    private static final int MAX_KEY = 16 << 10;

    private static final long MAX_KEPT = 100L * MAX_KEY;

    private static final Outcome<String> UNUSABLE_KEY = Outcome.failed(new Unreachable("failed encoding JWT"));

    private record Account(String email, String privateKey) {}

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final WebUrl tokenUrl;
    private final String scope;
    private final MemoryCache<Account, Outcome<String>> tokens;

    /**
     * @param tokenUrl where statements are exchanged
     * @param scope what the tokens are for
     */
    GcsTokens(Fetcher fetcher, InstantSource clock, WebUrl tokenUrl, String scope) {
        this.scope = scope;
        this.fetcher = fetcher;
        this.clock = clock;
        this.tokenUrl = tokenUrl;
        this.tokens = new MemoryCache<>(
                MAX_KEPT,
                (account, token) ->
                        account.email().length() + account.privateKey().length(),
                clock);
    }

    /**
     * The source's own token, or one for its account.
     *
     * @param way to the server of tokens
     */
    Outcome<String> token(SourceConfig.Gcs config, Transport way) throws InterruptedException {
        if (config.bearerToken() != null) {
            return Outcome.found(config.bearerToken());
        }
        String email = config.clientEmail();
        String privateKey = config.privateKey();
        if (email == null || privateKey == null || email.length() + privateKey.length() > MAX_KEY) {
            return UNUSABLE_KEY;
        }
        return tokens.getOrMake(new Account(email, privateKey), () -> {
            Outcome<String> token = exchange(email, privateKey, way);
            return new Timed<>(token, token instanceof Found ? KEPT : Duration.ZERO);
        });
    }

    private Outcome<String> exchange(String email, String privateKey, Transport way) throws InterruptedException {
        String statement = statement(email, privateKey);
        if (statement == null) {
            return UNUSABLE_KEY;
        }
        String form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + statement;
        Web request = new Web(
                "",
                tokenUrl.toString(),
                tokenUrl.toString(),
                () -> Outcome.found(new WebRequest(tokenUrl, Map.of(), form)),
                Trust.RESTRICTED,
                false,
                false,
                way,
                Limits.NONE);
        return GrantedToken.ask(fetcher, request, LIMIT).token();
    }

    /** The signed statement; null where the key or the address cannot be used. */
    @Nullable
    String statement(String email, String privateKey) {
        if (email.isEmpty() || !email.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '\\')) {
            return null;
        }
        long now = clock.instant().getEpochSecond();
        String claims = "{\"iss\":\"%s\",\"scope\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d}"
                .formatted(email, scope, tokenUrl, now, now + VALID.toSeconds());
        String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key(privateKey));
            signature.update(signed.getBytes(StandardCharsets.UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    /** PKCS #8 in PEM; where the text was carried in JSON or an environment variable, lines end with {@code \n}. */
    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String body = pem.replace("\\n", "\n")
                .replace("-----BEGIN PRIVATE KEY-----", "")
                .replace("-----END PRIVATE KEY-----", "");
        byte[] der = Base64.getMimeDecoder().decode(body);
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
