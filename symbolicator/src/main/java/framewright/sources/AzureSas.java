package framewright.sources;

import framewright.fetch.WebUrl;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs the address of one blob with the key of its account: a service shared access signature, as Microsoft's "Create
 * a service SAS" describes it for versions from 2020-12-06 on. Unlike the signature in the {@code Authorization} header
 * it does not cover {@code Range}, so that a download may go on where it was cut.
 *
 * @param key of the account
 */
record AzureSas(String account, SecretKeySpec key) {
    /** Of the protocol, in which the order of what is signed is fixed. */
    private static final String VERSION = "2022-11-02";

    private static final Duration VALID = Duration.ofMinutes(15);
    private static final String HMAC = "HmacSHA256";

    /** @return null where the key is no Base64 */
    static @Nullable AzureSas of(String account, String key) {
        try {
            return new AzureSas(account, new SecretKeySpec(Base64.getDecoder().decode(key.strip()), HMAC));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * The address with what proves that it may be used for a quarter of an hour.
     *
     * @param permission {@code r} to read, {@code c} to create, {@code w} to write, {@code d} to delete
     * @param blob its name as it is, without escapes
     */
    WebUrl sign(WebUrl url, String permission, String container, String blob, Instant now) {
        String expiry = now.plus(VALID).truncatedTo(ChronoUnit.SECONDS).toString();
        String protocol = url.scheme().equals("https") ? "https" : "https,http";
        String toSign = String.join(
                "\n",
                permission,
                "",
                expiry,
                "/blob/" + account + "/" + container + "/" + blob,
                "", // identifier of a stored policy
                "", // range of client addresses
                protocol,
                VERSION,
                "b", // a blob
                "", // snapshot
                "", // encryption scope
                // headers that the answer should have instead of the blob's own
                "",
                "",
                "",
                "",
                "");
        return url.withParameter("sv", VERSION)
                .withParameter("se", expiry)
                .withParameter("sr", "b")
                .withParameter("sp", permission)
                .withParameter("spr", protocol)
                .withParameter("sig", Base64.getEncoder().encodeToString(hmac(toSign)));
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }
}
