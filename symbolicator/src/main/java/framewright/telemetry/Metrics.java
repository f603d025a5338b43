package framewright.telemetry;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** The values of all {@link Metric}s of one server. */
public final class Metrics {
    private final Map<Metric, Map<List<String>, LongAdder>> counters = new EnumMap<>(Metric.class);
    private final Map<Metric, Map<List<String>, Histogram>> timers = new EnumMap<>(Metric.class);
    private final Map<Metric, Map<List<String>, DoubleSupplier>> gauges = new EnumMap<>(Metric.class);

    private final List<Runnable> refreshes = new CopyOnWriteArrayList<>();

    public Metrics() {
        for (Metric metric : Metric.values()) {
            counters.put(metric, new ConcurrentHashMap<>());
            timers.put(metric, new ConcurrentHashMap<>());
            gauges.put(metric, new ConcurrentHashMap<>());
        }
    }

    /** @param labels one value for each label of the metric, from a small fixed set */
    public void count(Metric metric, String... labels) {
        check(metric, Metric.Kind.COUNTER, labels);
        perLabels(counters, metric)
                .computeIfAbsent(List.of(labels), _ -> new LongAdder())
                .increment();
    }

    /** @param labels one value for each label of the metric, from a small fixed set */
    public void time(Metric metric, Duration duration, String... labels) {
        check(metric, Metric.Kind.TIMER, labels);
        perLabels(timers, metric)
                .computeIfAbsent(List.of(labels), _ -> new Histogram())
                .record(duration);
    }

    /**
     * @param value read whenever the metrics are printed
     * @param labels one value for each label of the metric, from a small fixed set
     */
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        check(metric, Metric.Kind.GAUGE, labels);
        perLabels(gauges, metric).put(List.of(labels), value);
    }

    /** Runs {@code refresh} once before each print: what many gauges read a part of is computed once. */
    public void beforePrint(Runnable refresh) {
        refreshes.add(refresh);
    }

    /** How often a counter was counted, for tests and status pages. */
    public long counted(Metric metric, String... labels) {
        LongAdder counter = perLabels(counters, metric).get(List.of(labels));
        return counter == null ? 0 : counter.sum();
    }

    /** Everything as Prometheus text, version 0.0.4. */
    public String print() {
        refreshes.forEach(Runnable::run);
        PrometheusText out = new PrometheusText();
        for (Metric metric : Metric.values()) {
            switch (metric.kind()) {
                case COUNTER -> out.counter(metric, sorted(perLabels(counters, metric)));
                case TIMER -> out.timer(metric, sorted(perLabels(timers, metric)));
                case GAUGE -> out.gauge(metric, sorted(perLabels(gauges, metric)));
            }
        }
        return out.toString();
    }

    private static <V> Map<List<String>, V> perLabels(Map<Metric, Map<List<String>, V>> all, Metric metric) {
        Map<List<String>, V> found = all.get(metric);
        if (found == null) {
            throw new IllegalStateException(metric.text());
        }
        return found;
    }

    private static <V> Map<String, V> sorted(Map<List<String>, V> values) {
        Map<String, V> sorted = new TreeMap<>();
        values.forEach((labels, value) -> sorted.put(String.join("\u0000", labels), value));
        return sorted;
    }

    private static void check(Metric metric, Metric.Kind kind, String... labels) {
        if (metric.kind() != kind || metric.labels().size() != labels.length) {
            throw new IllegalArgumentException(metric.text() + " is no such metric");
        }
    }
}
