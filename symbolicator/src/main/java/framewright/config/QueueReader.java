package framewright.config;

import framewright.api.SourceConfig;
import framewright.config.SettingsException.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The section {@code queue}. */
final class QueueReader {
    private static final Set<String> RABBIT_SCHEMES = Set.of("amqp", "amqps");

    private final SettingsReader in;
    private final List<Problem> problems;

    QueueReader(SettingsReader in, List<Problem> problems) {
        this.in = in;
        this.problems = problems;
    }

    /** The engine by its name. */
    enum EngineName {
        NONE,
        DATABASE,
        KAFKA,
        RABBITMQ
    }

    /** Null: there is no queue. */
    @Nullable
    QueueSettings read() {
        QueueSettings.Engine engine = engine();
        Map<String, Double> weights = weights();
        List<QueueSettings.JobRule> jobs = new JobReader(problems).read(in.get(SettingKeys.QUEUE_JOBS));
        List<SourceConfig> buckets = buckets();
        QueueSettings.Slots slots = new QueueSettings.Slots(
                in.get(SettingKeys.QUEUE_WARM),
                in.get(SettingKeys.QUEUE_CONVERT),
                in.get(SettingKeys.QUEUE_DOWNLOAD),
                in.get(SettingKeys.QUEUE_SCRAPE),
                in.get(SettingKeys.QUEUE_DUMP));
        QueueSettings settings = engine == null
                ? null
                : new QueueSettings(
                        engine,
                        slots,
                        weights,
                        in.get(SettingKeys.QUEUE_MAX_DEPTH),
                        in.getOrNull(SettingKeys.QUEUE_MAX_AGE),
                        in.get(SettingKeys.QUEUE_RESULTS_KEPT),
                        in.get(SettingKeys.QUEUE_MISSING_KEPT),
                        in.getOrNull(SettingKeys.QUEUE_FILES),
                        buckets,
                        in.get(SettingKeys.QUEUE_MAX_RESULT),
                        jobs);
        boolean elsewhere = engine instanceof QueueSettings.InKafka || engine instanceof QueueSettings.InRabbit;
        if (elsewhere && in.getOrNull(SettingKeys.STORE_DIR) == null) {
            problem(SettingKeys.QUEUE_ENGINE, "needs the store's database beside it: set store.dir, too");
        }
        return settings;
    }

    private QueueSettings.@Nullable Engine engine() {
        String prefix = in.get(SettingKeys.QUEUE_PREFIX);
        String bootstrap = in.getOrNull(SettingKeys.QUEUE_KAFKA_BOOTSTRAP);
        String uri = in.getOrNull(SettingKeys.QUEUE_RABBIT_URI);
        Map<String, String> properties = properties();
        int partitions = in.get(SettingKeys.QUEUE_KAFKA_PARTITIONS);
        return switch (in.get(SettingKeys.QUEUE_ENGINE)) {
            case NONE -> null;
            case DATABASE -> new QueueSettings.InDatabase();
            case KAFKA -> {
                if (bootstrap == null) {
                    problem(SettingKeys.QUEUE_KAFKA_BOOTSTRAP, "expected brokers such as kafka1:9092,kafka2:9092");
                    yield null;
                }
                yield new QueueSettings.InKafka(bootstrap, prefix, partitions, properties);
            }
            case RABBITMQ -> {
                if (uri == null || !RABBIT_SCHEMES.contains(uri.substring(0, Math.max(0, uri.indexOf(':'))))) {
                    // without what it is, which may hold a password
                    problem(
                            SettingKeys.QUEUE_RABBIT_URI,
                            "expected an address such as amqp://user:password@host:5672/vhost");
                    yield null;
                }
                yield new QueueSettings.InRabbit(uri, prefix);
            }
        };
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        scalars(SettingKeys.QUEUE_KAFKA_PROPERTIES).forEach((name, scalar) -> properties.put(name, scalar.text()));
        return properties;
    }

    private List<SourceConfig> buckets() {
        Yaml list = in.get(SettingKeys.QUEUE_BUCKETS);
        List<SourceConfig> buckets = SourcesReader.read(list, SettingKeys.QUEUE_BUCKETS.path(), problems);
        for (SourceConfig bucket : buckets) {
            if (!(bucket instanceof SourceConfig.S3 || bucket instanceof SourceConfig.Gcs)) {
                problems.add(new Problem(
                        list.line(), SettingKeys.QUEUE_BUCKETS.path(), bucket.id() + " is of neither type, s3 or gcs"));
            }
        }
        return buckets;
    }

    private Map<String, Double> weights() {
        Map<String, Double> weights = new HashMap<>();
        scalars(SettingKeys.QUEUE_WEIGHTS).forEach((project, scalar) -> {
            try {
                double weight = Double.parseDouble(scalar.text());
                if (weight >= 0.01 && weight <= 1000) {
                    weights.put(project, weight);
                    return;
                }
            } catch (NumberFormatException e) {
                // told below
            }
            problems.add(new Problem(
                    scalar.line(),
                    SettingKeys.QUEUE_WEIGHTS.path() + "." + project,
                    "expected a number from 0.01 to 1000, not " + scalar.kind()));
        });
        return weights;
    }

    private Map<String, Yaml.Scalar> scalars(Key<Yaml> key) {
        Map<String, Yaml.Scalar> scalars = new TreeMap<>();
        Yaml value = in.get(key);
        if (value instanceof Yaml.Section section) {
            section.entries().forEach((name, entry) -> {
                if (entry.value() instanceof Yaml.Scalar scalar) {
                    scalars.put(name, scalar);
                } else {
                    problems.add(new Problem(
                            entry.line(),
                            key.path() + "." + name,
                            "expected a text or number, not " + entry.value().kind()));
                }
            });
        } else {
            problems.add(new Problem(value.line(), key.path(), "expected a section, not " + value.kind()));
        }
        return scalars;
    }

    private void problem(Key<?> key, String what) {
        problems.add(new Problem(0, key.path(), what));
    }
}
