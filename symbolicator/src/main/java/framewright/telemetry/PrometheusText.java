package framewright.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** Writes metrics in Prometheus' text format. Label values come joined by a zero character. */
final class PrometheusText {
    private final StringBuilder text = new StringBuilder();

    void counter(Metric metric, Map<String, LongAdder> values) {
        head(metric, "counter");
        if (metric.labels().isEmpty() && values.isEmpty()) {
            line(metric.text(), "", "0");
        }
        values.forEach((labels, value) -> line(metric.text(), labels(metric.labels(), labels), "" + value.sum()));
    }

    /** What is read from elsewhere; counts for a counter where its name says so. */
    void gauge(Metric metric, Map<String, DoubleSupplier> values) {
        head(metric, metric.text().endsWith("_total") ? "counter" : "gauge");
        values.forEach(
                (labels, value) -> line(metric.text(), labels(metric.labels(), labels), number(value.getAsDouble())));
    }

    void timer(Metric metric, Map<String, Histogram> values) {
        head(metric, "histogram");
        values.forEach((labels, histogram) -> {
            String pairs = labels(metric.labels(), labels);
            long sum = 0;
            for (int bucket = 0; bucket <= Histogram.BOUNDS.length; bucket++) {
                sum += histogram.count(bucket);
                String bound = bucket < Histogram.BOUNDS.length ? number(Histogram.BOUNDS[bucket]) : "+Inf";
                String withBound = pairs + (pairs.isEmpty() ? "" : ",") + "le=\"" + bound + "\"";
                line(metric.text() + "_bucket", withBound, "" + sum);
            }
            line(metric.text() + "_sum", pairs, number(histogram.sumSeconds()));
            line(metric.text() + "_count", pairs, "" + sum);
        });
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void head(Metric metric, String kind) {
        text.append("# HELP ")
                .append(metric.text())
                .append(' ')
                .append(metric.help())
                .append('\n');
        text.append("# TYPE ").append(metric.text()).append(' ').append(kind).append('\n');
    }

    private void line(String name, String labels, String value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private static String labels(List<String> names, String values) {
        if (names.isEmpty()) {
            return "";
        }
        String[] parts = values.split("\u0000", -1);
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < parts.length; i++) {
            String value = parts[i].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            pairs.append(i == 0 ? "" : ",")
                    .append(names.get(i))
                    .append("=\"")
                    .append(value)
                    .append('"');
        }
        return pairs.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
