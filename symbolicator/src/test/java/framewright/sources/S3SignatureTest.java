package framewright.sources;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.fetch.WebUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class S3SignatureTest {
    /** The example in AWS's own description of signatures in the query. */
    @Test
    void presign_ofTheDocumentedExample_givesTheDocumentedSignature() {
        S3Signature signature =
                new S3Signature("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        WebUrl url = Objects.requireNonNull(WebUrl.parse("https://examplebucket.s3.amazonaws.com/test.txt"));
        assertThat(signature.presign(url, Instant.parse("2013-05-24T00:00:00Z"), Duration.ofDays(1)))
                .asString()
                .endsWith("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }
}
