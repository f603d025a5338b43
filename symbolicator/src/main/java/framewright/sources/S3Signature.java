package framewright.sources;

import framewright.fetch.WebUrl;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AWS Signature Version 4 in the query of a GET ("presigned URL"), from its public description. */
record S3Signature(String region, String accessKey, String secretKey) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Duration VALID = Duration.ofMinutes(15);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The address with what proves that it may be asked for from {@code now} on for a quarter of an hour. */
    WebUrl presign(WebUrl url, Instant now) {
        return presign(url, now, VALID);
    }

    WebUrl presign(WebUrl url, Instant now, Duration valid) {
        String time = TIME.format(now);
        String scope = time.substring(0, 8) + "/" + region + "/s3/aws4_request";
        // the parameters are signed in the order of their names, which this is
        WebUrl unsigned = url.withParameter("X-Amz-Algorithm", ALGORITHM)
                .withParameter("X-Amz-Credential", accessKey + "/" + scope)
                .withParameter("X-Amz-Date", time)
                .withParameter("X-Amz-Expires", Long.toString(valid.toSeconds()))
                .withParameter("X-Amz-SignedHeaders", "host");
        int query = unsigned.target().indexOf('?');
        String canonical = String.join(
                "\n",
                "GET",
                unsigned.target().substring(0, query),
                unsigned.target().substring(query + 1),
                "host:" + unsigned.hostAndPort(),
                "",
                "host",
                "UNSIGNED-PAYLOAD");
        String toSign = String.join("\n", ALGORITHM, time, scope, HexFormat.of().formatHex(sha256(canonical)));
        return unsigned.withParameter("X-Amz-Signature", HexFormat.of().formatHex(hmac(key(time), toSign)));
    }

    private byte[] key(String time) {
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {time.substring(0, 8), region, "s3", "aws4_request"}) {
            key = hmac(key, part);
        }
        return key;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC", e);
        }
    }
}
