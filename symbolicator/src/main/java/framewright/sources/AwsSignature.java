package framewright.sources;

import framewright.fetch.WebUrl;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** AWS Signature Version 4 in the query ("presigned URL"), by Amazon's own signer. */
final class AwsSignature {
    static final Duration VALID = Duration.ofMinutes(15);
    private static final String PREFIX = "X-Amz-";

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /** The address with what proves that it may be asked for from {@code now} on for a quarter of an hour. */
    WebUrl presign(WebUrl url, String region, AwsCredentialsIdentity identity, Instant now) {
        return presign(url, "GET", Map.of(), region, identity, now, VALID);
    }

    /** The same for any method, and for headers which must be sent along as they are. */
    WebUrl presign(
            WebUrl url,
            String method,
            Map<String, String> headers,
            String region,
            AwsCredentialsIdentity identity,
            Instant now,
            Duration valid) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder();
        headers.forEach(request::putHeader);
        SdkHttpRequest unsigned = request.method(SdkHttpMethod.fromValue(method))
                .protocol(url.scheme())
                .host(url.host())
                .port(url.port())
                .encodedPath(url.target())
                .build();
        SdkHttpRequest signed = signer.sign(sign -> sign.identity(identity)
                        .request(unsigned)
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        // S3 signs paths as they are
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, valid)
                        .putProperty(
                                HttpSigner.SIGNING_CLOCK,
                                InstantSource.fixed(now).withZone(ZoneOffset.UTC)))
                .request();
        WebUrl presigned = url;
        for (var parameter : signed.rawQueryParameters().entrySet()) {
            if (parameter.getKey().startsWith(PREFIX)) {
                presigned = presigned.withParameter(
                        parameter.getKey(), parameter.getValue().getFirst());
            }
        }
        return presigned;
    }
}
