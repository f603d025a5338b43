package framewright.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import framewright.api.SourceConfig.Access;
import framewright.api.SourceConfig.AwsCredentials;
import framewright.api.SourceConfig.AzureCredentials;
import framewright.api.SourceConfig.Common;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Layout;
import java.util.List;
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

    @Test
    void azure_takes_an_address_or_names_or_a_connection_string() {
        assertThat(azure("\"url\":\"https://acc.blob.core.windows.net/c?sig=s\",\"account_key\":\"YQ==\""))
                .isEqualTo(azure(
                        "https://acc.blob.core.windows.net/c?sig=s", new AzureCredentials.AccountKey("acc", "YQ==")));
        assertThat(azure("\"account\":\"account1\",\"container\":\"syms\",\"sas_token\":\"?sv=1&sig=a%3D\""))
                .isEqualTo(azure(
                        "https://account1.blob.core.windows.net/syms",
                        new AzureCredentials.SharedAccess("sv=1&sig=a%3D")));
        assertThat(azure("\"container\":\"syms\",\"connection_string\":\"DefaultEndpointsProtocol=http;"
                        + "AccountName=dev;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:10000/dev;\""))
                .isEqualTo(azure("http://127.0.0.1:10000/dev/syms", new AzureCredentials.AccountKey("dev", "YQ==")));
    }

    private static SourceConfig azure(String fields) {
        return read("{\"type\":\"azure\",\"id\":\"a\"," + fields + "}");
    }

    private static SourceConfig azure(String url, AzureCredentials credentials) {
        Common common = new Common(List.of(), List.of(), false, Layout.DEFAULT, false, false);
        return new SourceConfig.Azure("a", common, url, "", credentials, Access.PLAIN);
    }

    @Test
    void user_and_password_become_the_header_that_carries_them() {
        assertThat(read("""
                        {"type":"http","id":"a","url":"http://b","user":"Aladdin","password":"open sesame"}"""))
                .isInstanceOfSatisfying(
                        SourceConfig.Http.class,
                        http -> assertThat(http.headers())
                                .containsEntry("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
    }

    /** Whoever sends a request must get no use of what is the server's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"type\":\"http\",\"url\":\"http://h\",\"ca_bundle\":\"/etc/shadow\"|ca_bundle",
                "\"type\":\"http\",\"url\":\"http://h\",\"proxy\":\"http://10.0.0.1:1\"|proxy",
                "\"type\":\"debuginfod\",\"url\":\"http://h\",\"proxy\":\"http://10.0.0.1:1\"|proxy",
                "\"type\":\"s3\",\"bucket\":\"b\",\"region\":\"r\",\"aws_credentials_provider\":\"container\"|aws_credentials_provider",
                "\"type\":\"s3\",\"bucket\":\"b\",\"region\":\"r\",\"ca_bundle\":\"/x\"|ca_bundle",
                "\"type\":\"azure\",\"url\":\"http://h/c\",\"azure_credentials_provider\":\"managed_identity\"|azure_credentials_provider",
                "\"type\":\"azure\",\"url\":\"http://h/c\",\"proxy\":\"http://10.0.0.1:1\"|proxy"
            })
    void what_is_the_servers_own_is_refused_to_a_source_of_a_request(String fields, String field) throws Exception {
        String json = "{\"id\":\"a\"," + fields + "}";
        assertThat(SourceConfigs.readOfRequest(Json.TREES.readTree(json), "$"))
                .isEqualTo(new SourceConfig.Refused(
                        "a", field + " is only for sources of the server's own settings, not of a request"));
        assertThat(read(json)).isNotInstanceOf(SourceConfig.Refused.class);
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
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"password\":\"p\"}|$.user: is required with password",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"user\":\"a:b\"}|$.user: must not contain a colon",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"user\":\"u\",\"headers\":{\"authorization\":\"x\"}}|$.user: and an Auth",
                "{\"type\":\"http\",\"id\":\"a\",\"url\":\"http://x\",\"proxy\":\"https://p\"}|$.proxy: must be an http address",
                "{\"type\":\"debuginfod\",\"id\":\"a\",\"url\":\"http://x\",\"max_size\":-1}|$.max_size: must be 0 or more",
                "{\"type\":\"debuginfod\",\"id\":\"a\",\"url\":\"http://x\",\"max_time\":1.5}|$.max_time: must be a whole number",
                "{\"type\":\"azure\",\"id\":\"a\"}|$.url: is required, or container",
                "{\"type\":\"azure\",\"id\":\"a\",\"container\":\"sym\",\"account\":\"a.evil\"}|$.account: must be the name",
                "{\"type\":\"azure\",\"id\":\"a\",\"container\":\"../x\",\"account\":\"acc\"}|$.container: must be the name",
                "{\"type\":\"sentry\",\"id\":\"a\",\"url\":\"http://b\"}|$.token: is required, or cookies",
            })
    void what_is_missing_or_of_another_form_is_named(String json, String message) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> read(json))
                .satisfies(e -> assertThat(e).hasMessageStartingWith(message));
    }
}
