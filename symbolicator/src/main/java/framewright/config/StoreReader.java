package framewright.config;

import framewright.api.SourceConfig;
import framewright.config.SettingsException.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code store}. */
final class StoreReader {
    private static final String SECTION = "store";

    private final SettingsReader in;
    private final List<Problem> problems;

    StoreReader(SettingsReader in, List<Problem> problems) {
        this.in = in;
        this.problems = problems;
    }

    /** Null: nothing is kept. */
    @Nullable
    StoreSettings read() {
        Path dir = in.getOrNull(SettingKeys.STORE_DIR);
        StoreSettings.Postgres database = database();
        SourceConfig bucket = BucketReader.read(in, problems, SettingKeys.STORE_S3, "s3", SECTION);
        List<RetentionRule> rules = new ArrayList<>(rules());
        rules.add(new RetentionRule(
                null,
                null,
                null,
                null,
                in.getOrNull(SettingKeys.STORE_MAX_UNUSED),
                in.get(SettingKeys.STORE_KEEP_LAST)));
        StoreSettings.Quotas quotas = new StoreSettings.Quotas(
                in.getOrNull(SettingKeys.STORE_PROJECT_QUOTA), in.getOrNull(SettingKeys.STORE_ORGANIZATION_QUOTA));
        long maxFileBytes = in.get(SettingKeys.STORE_MAX_FILE_SIZE);
        if (dir == null) {
            if (database != null || bucket != null) {
                problems.add(new Problem(
                        0,
                        SettingKeys.STORE_DIR.path(),
                        "expected a path: uploads are written there while they arrive"));
            }
            return null;
        }
        return new StoreSettings(dir, database, (SourceConfig.S3) bucket, rules, quotas, maxFileBytes);
    }

    private StoreSettings.@Nullable Postgres database() {
        String address = in.getOrNull(SettingKeys.STORE_DATABASE);
        try {
            return address == null ? null : PostgresAddress.parse(address);
        } catch (IllegalArgumentException e) {
            // without what it is, which may hold a password
            problems.add(new Problem(
                    0,
                    SettingKeys.STORE_DATABASE.path(),
                    "expected an address such as postgresql://user:password@host:5432/name?sslmode=require"));
            return null;
        }
    }

    private List<RetentionRule> rules() {
        List<RetentionRule> rules = new ArrayList<>();
        Yaml all = in.get(SettingKeys.STORE_RULES);
        if (!(all instanceof Yaml.Items items)) {
            problem(all, SettingKeys.STORE_RULES.path(), "a list of rules");
            return rules;
        }
        for (Yaml item : items.items()) {
            if (item instanceof Yaml.Section section) {
                rules.add(rule(section));
            } else {
                problem(
                        item,
                        SettingKeys.STORE_RULES.path(),
                        "a rule such as {kind: proguard, max_unused_for: 90days}");
            }
        }
        return rules;
    }

    private RetentionRule rule(Yaml.Section section) {
        RuleReader rule = new RuleReader(SettingKeys.STORE_RULES.path(), section, problems);
        RetentionRule read = new RetentionRule(
                rule.get("organization", KeyType.TEXT),
                rule.get("project", KeyType.TEXT),
                rule.get("kind", KeyType.TEXT),
                rule.get("release", KeyType.TEXT),
                rule.get("max_unused_for", KeyType.DURATION),
                rule.getOr("keep_last", KeyType.COUNT, 0));
        rule.reportOthers();
        return read;
    }

    private void problem(Yaml value, String path, String expected) {
        problems.add(new Problem(value.line(), path, "expected " + expected + ", not " + value.kind()));
    }
}
