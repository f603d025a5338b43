package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.api.SourceConfig.AwsCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreReaderTest {
    private static StoreSettings read(String store) {
        return Objects.requireNonNull(new SettingsLoader(Map.of())
                .parse("store:\n  dir: /kept\n" + store.indent(2))
                .settings()
                .store());
    }

    @Test
    void folderAlone_keepsEverythingThere() {
        StoreSettings settings = read("");
        assertThat(settings.dir()).isEqualTo(Path.of("/kept"));
        assertThat(settings.database()).isNull();
        assertThat(settings.s3()).isNull();
        assertThat(settings.retention()).containsExactly(new RetentionRule(null, null, null, null, null, 0));
        assertThat(settings.quotas()).isEqualTo(StoreSettings.Quotas.NONE);
    }

    @Test
    void everything_isRead() {
        StoreSettings settings = read("""
                s3: {bucket: b, region: us-east-1, access_key: a, secret_key: s, path_style: true}
                retention:
                  max_unused_for: 90days
                  keep_last: 3
                  rules:
                    - {project: app, kind: proguard, release: "1.*", max_unused_for: null, keep_last: 5}
                quotas: {project: 10GiB, organization: 1TiB}
                """);
        assertThat(Objects.requireNonNull(settings.s3()).credentials())
                .isEqualTo(new AwsCredentials.Keys("a", "s", null));
        assertThat(settings.retention())
                .containsExactly(
                        new RetentionRule(null, "app", "proguard", "1.*", null, 5),
                        new RetentionRule(null, null, null, null, Duration.ofDays(90), 3));
        assertThat(settings.quotas()).isEqualTo(new StoreSettings.Quotas(10L << 30, 1L << 40));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://me:p%40ss+@host:5433/name, jdbc:postgresql://host:5433/name, me, p@ss+",
        "postgres://host/name?sslmode=require, jdbc:postgresql://host/name?sslmode=require, ,",
        "jdbc:postgresql://host/name?user=me&password=p&ssl=true, jdbc:postgresql://host/name?ssl=true, me, p"
    })
    void database_isReadInBothForms_andShowsNoSecret(String text, String url, String user, String password) {
        StoreSettings.Postgres database =
                Objects.requireNonNull(read("database: " + text).database());
        assertThat(database).isEqualTo(new StoreSettings.Postgres(url, user, password));
        assertThat(database).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "database: mysql://me:hush@host/name",
                "database: postgresql://me:hush@host",
                "database: 'postgresql:// me:hush@host/x'",
                "retention: {rules: [{projects: app}]}",
                "retention: {rules: [app]}",
                "retention: {rules: {kind: elf}}",
                "retention: {rules: [{keep_last: some}]}",
                "s3: {bucket: b}"
            })
    void whatIsWrong_isSaid_withoutWhatMayBeSecret(String store) {
        assertThatThrownBy(() -> read(store))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("store.")
                .hasMessageNotContaining("hush");
    }

    @Test
    void bucketWithoutFolder_isRefused() {
        assertThatThrownBy(() -> new SettingsLoader(Map.of()).parse("store: {database: 'postgresql://h/n'}"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("store.dir");
    }
}
