package framewright.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void print_ofCountersGaugesAndTimers_isPrometheusText() {
        metrics.count(Metric.HTTP_REQUESTS, "/symbolicate", "200");
        metrics.count(Metric.HTTP_REQUESTS, "/symbolicate", "200");
        metrics.count(Metric.HTTP_REQUESTS, "/proxy", "404");
        metrics.gauge(Metric.HEAP_BYTES, () -> 1.5);
        metrics.time(Metric.HTTP_SECONDS, Duration.ofMillis(3), "/symbolicate");
        metrics.time(Metric.HTTP_SECONDS, Duration.ofHours(1), "/symbolicate");
        assertThat(metrics.print().lines())
                .contains(
                        "# TYPE framewright_http_requests_total counter",
                        "framewright_http_requests_total{route=\"/proxy\",status=\"404\"} 1",
                        "framewright_http_requests_total{route=\"/symbolicate\",status=\"200\"} 2",
                        "framewright_heap_bytes 1.5",
                        "# TYPE framewright_http_request_seconds histogram",
                        "framewright_http_request_seconds_bucket{route=\"/symbolicate\",le=\"0.0025\"} 0",
                        "framewright_http_request_seconds_bucket{route=\"/symbolicate\",le=\"0.005\"} 1",
                        "framewright_http_request_seconds_bucket{route=\"/symbolicate\",le=\"600\"} 1",
                        "framewright_http_request_seconds_bucket{route=\"/symbolicate\",le=\"+Inf\"} 2",
                        "framewright_http_request_seconds_sum{route=\"/symbolicate\"} 3600.003",
                        "framewright_http_request_seconds_count{route=\"/symbolicate\"} 2",
                        "framewright_jobs_admitted_total 0");
    }

    @Test
    void labelValue_withQuotesAndLines_isEscaped() {
        metrics.count(Metric.JOBS_ENDED, "a\"b\\c\nd");
        assertThat(metrics.print()).contains("{outcome=\"a\\\"b\\\\c\\nd\"} 1");
    }

    @Test
    void metric_usedAsAnotherKindOrWithOtherLabels_isABug() {
        assertThatIllegalArgumentException().isThrownBy(() -> metrics.count(Metric.HEAP_BYTES));
        assertThatIllegalArgumentException().isThrownBy(() -> metrics.count(Metric.JOBS_ENDED));
        assertThatIllegalArgumentException().isThrownBy(() -> metrics.time(Metric.JOBS_ADMITTED, Duration.ZERO));
    }

    @Test
    void metrics_haveDistinctNamesInPrometheusForm() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::text))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("framewright_[a-z_]+"));
        assertThat(Arrays.stream(Metric.values()).filter(metric -> metric.kind() == Metric.Kind.COUNTER))
                .allMatch(metric -> metric.text().endsWith("_total"));
    }

    @Test
    void whatManyGaugesShare_isComputedOncePerPrint() {
        Metrics metrics = new Metrics();
        AtomicInteger computed = new AtomicInteger();
        metrics.beforePrint(computed::incrementAndGet);
        metrics.gauge(Metric.CACHE_USED_BYTES, computed::get);
        metrics.gauge(Metric.CACHE_MAX_BYTES, computed::get);
        assertThat(metrics.print()).contains("cache_used_bytes 1\n", "cache_max_bytes 1\n");
        assertThat(metrics.print()).contains("cache_used_bytes 2\n", "cache_max_bytes 2\n");
    }
}
