package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceConfigsTest {
    private static SourceConfig read(String json) {
        try {
            return SourceConfigs.read(Json.TREES.readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_source_without_filters_and_layout_is_native_and_serves_all() {
        SourceConfig.Filesystem source =
                (SourceConfig.Filesystem) read("{\"type\":\"filesystem\",\"id\":\"a\",\"path\":\"/x\",\"name\":1}");
        assertThat(source.path()).isEqualTo("/x");
        assertThat(source.common().layout()).isEqualTo(Layout.DEFAULT);
        assertThat(source.common().fileTypes()).isEmpty();
        assertThat(source.common().pathPatterns()).isEmpty();
        assertThat(source.common().isPublic()).isFalse();
        assertThat(source.common().hasIndex()).isFalse();
        assertThat(source.common().requiresChecksum()).isFalse();
    }

    @Test
    void everything_that_an_http_source_says_is_kept() {
        SourceConfig.Http source = (SourceConfig.Http) read("""
                {"type":"http","id":"a","url":"https://example.com/a b","headers":{"X":"y"},"accept_invalid_certs":true,
                 "layout":{"type":"symstore_index2","casing":"uppercase"},"is_public":true,"has_index":true,
                 "filters":{"filetypes":["pe","mach_code"],"path_patterns":["*.dll"],"requires_checksum":true}}""");
        assertThat(source.url()).isEqualTo("https://example.com/a%20b");
        assertThat(source.headers()).containsEntry("X", "y");
        assertThat(source.access().acceptInvalidCerts()).isTrue();
        assertThat(source.common().layout())
                .isEqualTo(new Layout(Layout.Kind.SYMSTORE_INDEX2, Layout.Casing.UPPERCASE));
        assertThat(source.common().fileTypes()).containsExactly(FileType.PE, FileType.MACH_CODE);
        assertThat(source.common().pathPatterns()).containsExactly("*.dll");
        assertThat(source.common().requiresChecksum()).isTrue();
        assertThat(source.common().isPublic()).isTrue();
        assertThat(source.common().hasIndex()).isTrue();
    }

    @Test
    void a_region_is_a_name_or_a_name_with_an_endpoint() {
        SourceConfig.S3 amazon =
                (SourceConfig.S3) read("{\"type\":\"s3\",\"id\":\"a\",\"bucket\":\"b\",\"region\":\"us-east-1\"}");
        assertThat(amazon.region()).isEqualTo("us-east-1");
        assertThat(amazon.endpoint()).isNull();
        assertThat(amazon.pathStyle()).isFalse();
        assertThat(amazon.credentials()).isEqualTo(new AwsCredentials.Anonymous());
        assertThat(amazon.prefix()).isEmpty();
        SourceConfig.S3 other = (SourceConfig.S3) read("""
                {"type":"s3","id":"a","bucket":"b","region":["x","http://minio"],"prefix":"p","access_key":"k",
                 "secret_key":"s","aws_credentials_provider":"container"}""");
        assertThat(other.region()).isEqualTo("x");
        assertThat(other.endpoint()).isEqualTo("http://minio");
        assertThat(other.pathStyle()).isTrue();
        assertThat(other.credentials()).isEqualTo(new AwsCredentials.Ambient(AwsCredentials.Provider.CONTAINER, null));
    }

    @Test
    void gcs_takes_a_key_with_its_address_or_a_token() {
        assertThat(read("{\"type\":\"gcs\",\"id\":\"a\",\"bucket\":\"b\",\"private_key\":\"\",\"client_email\":\"c\"}"))
                .isInstanceOfSatisfying(
                        SourceConfig.Gcs.class,
                        gcs -> assertThat(gcs.privateKey()).isEmpty());
        assertThat(read("{\"type\":\"gcs\",\"id\":\"a\",\"bucket\":\"b\",\"bearer_token\":\"t\"}"))
                .isInstanceOfSatisfying(
                        SourceConfig.Gcs.class,
                        gcs -> assertThat(gcs.bearerToken()).isEqualTo("t"));
    }

    @Test
    void sentry_takes_a_token_or_cookies() {
        assertThat(read("{\"type\":\"sentry\",\"id\":\"a\",\"url\":\"http://b\",\"cookies\":\"c\"}"))
                .isEqualTo(new SourceConfig.Sentry("a", "http://b", null, "c"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|$: must be an object",
                "{}|$.type: is required",
                "{\"type\":\"ftp\",\"id\":\"a\"}|$.type: must be one of azure, debuginfod, filesystem, gcs, http, s3, sentry",
                "{\"type\":\"filesystem\",\"path\":\"x\"}|$.id: is required",
                "{\"type\":\"filesystem\",\"id\":7,\"path\":\"x\"}|$.id: must be a string",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"ftp://x\"}|$.url: must be an http or https address",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http:x\"}|$.url: must be an http or https address",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"layout\":{\"type\":\"x\"}}|$.layout.type: must be one of native",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"layout\":{\"casing\":\"x\"}}|$.layout.casing: must be one of default",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"filters\":{\"filetypes\":[\"x\"]}}|$.filters.filetypes: holds an unknown",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"is_public\":\"yes\"}|$.is_public: must be true or false",
                "{\"type\":\"s3\",\"id\":\"a\",\"bucket\":\"b\",\"region\":[\"x\"]}|$.region: must be the name",
                "{\"type\":\"s3\",\"id\":\"a\",\"bucket\":\"b\",\"region\":\"x\",\"aws_credentials_provider\":\"y\"}|$.aws_credentials_provider: must be",
                "{\"type\":\"gcs\",\"id\":\"a\",\"bucket\":\"b\"}|$.private_key: is required",
                "{\"type\":\"gcs\",\"id\":\"a\",\"bucket\":\"b\",\"private_key\":\"k\"}|$.client_email: is required",
                "{\"type\":\"sentry\",\"id\":\"a\",\"url\":\"http://b\"}|$.token: is required, or cookies",
            })
    void what_is_missing_or_of_another_form_is_named(String json, String message) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> read(json))
                .satisfies(e -> assertThat(e).hasMessageStartingWith(message));
    }
}
