package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import framewright.api.SourceConfig;
import framewright.config.SettingsException.Problem;
import framewright.config.SharedCacheSettings.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCacheReaderTest {
    private final SettingsLoader loader = new SettingsLoader(Map.of("SECRET", "s"));

    @TempDir
    private Path folder;

    private SharedCacheSettings read(String section) {
        LoadedSettings loaded = loader.parse("shared_cache: " + section);
        assertThat(loaded.notes()).isEmpty();
        return Objects.requireNonNull(loaded.settings().shared());
    }

    private SourceConfig bucket(String section) {
        return ((Place.InBucket) read(section).place()).config();
    }

    private List<String> problems(String section) {
        return catchThrowableOfType(SettingsException.class, () -> loader.parse("shared_cache: " + section))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void keysOfThePeer_areRead() {
        assertThat(read("{max_concurrent_uploads: 3, max_upload_queue_size: 7, filesystem: {path: /shared}}"))
                .isEqualTo(new SharedCacheSettings(
                        new Place.Folder(Path.of("/shared")), 3, 7, Duration.ofSeconds(15), Duration.ofSeconds(2)));
    }

    @Test
    void nothing_isNoSharedCache() {
        assertThat(loader.parse("shared_cache: null").settings().shared()).isNull();
        assertThat(loader.parse("shared_cache: {max_concurrent_uploads: 3}")
                        .settings()
                        .shared())
                .isNull();
    }

    @Test
    void gcs_hasTheAccountOfTheMachine_orThatOfAFile() throws IOException {
        assertThat(bucket("{gcs: {bucket: b}}"))
                .isInstanceOfSatisfying(
                        SourceConfig.Gcs.class,
                        gcs -> assertThat(gcs.privateKey()).isNull());
        Path key = folder.resolve("key.json");
        Files.writeString(key, "{\"type\":\"service_account\",\"private_key\":\"k\",\"client_email\":\"e\"}");
        assertThat(bucket("{gcs: {bucket: b, service_account_path: " + key + "}}"))
                .isInstanceOfSatisfying(SourceConfig.Gcs.class, gcs -> {
                    assertThat(gcs.privateKey()).isEqualTo("k");
                    assertThat(gcs.clientEmail()).isEqualTo("e");
                });
        Files.writeString(key, "[]");
        assertThatThrownBy(() -> bucket("{gcs: {bucket: b, service_account_path: " + key + "}}"))
                .hasMessageContaining("service_account_path");
    }

    @Test
    void s3AndAzure_areDescribedLikeSources() {
        assertThat(bucket("{s3: {bucket: b, region: eu-west-1, access_key: a, secret_key: \"${SECRET}\"}}"))
                .isInstanceOfSatisfying(
                        SourceConfig.S3.class,
                        s3 -> assertThat(s3.credentials())
                                .isEqualTo(new SourceConfig.AwsCredentials.Keys("a", "s", null)));
        assertThat(bucket("{azure: {account: acct, container: cont, azure_credentials_provider: managed_identity}}"))
                .isInstanceOfSatisfying(
                        SourceConfig.Azure.class,
                        azure -> assertThat(azure.url()).contains("acct.blob"));
    }

    @Test
    void mistakes_areNamedWithTheirPlace() {
        assertThat(problems("{s3: {bucket: b}}")).singleElement().asString().contains("shared_cache.s3.region");
        assertThat(problems("{filesystem: {path: /a}, gcs: {bucket: b}}"))
                .singleElement()
                .asString()
                .contains("one of filesystem, gcs, s3 and azure");
        assertThat(loader.parse("shared_cache: {s3: {bucket: b, region: r, buckt: c}}")
                        .notes())
                .singleElement()
                .asString()
                .contains("did you mean bucket");
    }
}
