package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import framewright.api.WarmTarget;
import framewright.config.QueueSettings.JobRule;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobReaderTest {
    private static List<JobRule> rules(String yaml) {
        return Objects.requireNonNull(new SettingsLoader(Map.of())
                        .parse("queue:\n  jobs:\n" + yaml)
                        .settings()
                        .queue())
                .jobs();
    }

    @Test
    void rule_hasATimeInAZone_orSomethingThatHappens() {
        assertThat(rules("""
                            - {name: a, cron: '0 6 * * 1-5', zone: Europe/Berlin, warm: top 10, max_bytes: 1GiB, rate: 5}
                            - {name: b, cron: '*/30 * * * * *', warm: release web@1 beta}
                            - {name: c, on: deploy, project: acme/web}
                        """)).satisfies(rules -> {
            assertThat(rules.get(0))
                    .isEqualTo(new JobRule(
                            "a", "0 6 * * 1-5", ZoneId.of("Europe/Berlin"), null, "top 10", "", 1L << 30, 5));
            assertThat(WarmTarget.parse(rules.get(1).warm())).isEqualTo(new WarmTarget.Release("web@1 beta"));
            assertThat(rules.get(2).on()).isEqualTo(JobRule.On.DEPLOY);
            assertThat(rules.get(2).project()).isEqualTo("acme/web");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, cron: '0 6 * *', warm: top 1} | queue.jobs[].cron",
                "{name: a, cron: '0 25 * * *', warm: top 1} | queue.jobs[].cron",
                "{name: a, warm: top 1} | queue.jobs[].cron",
                "{name: a, on: deploy, cron: '0 6 * * *', warm: top 1} | queue.jobs[].cron",
                "{name: a, cron: '0 6 * * *', zone: Mars, warm: top 1} | queue.jobs[].zone",
                "{name: a, cron: '0 6 * * *', warm: top 0} | queue.jobs[].warm",
                "{name: a, cron: '0 6 * * *', warm: all} | queue.jobs[].warm",
                "{name: a b, cron: '0 6 * * *', warm: top 1} | queue.jobs[].name",
                "{name: a, cron: '0 6 * * *', warm: top 1, every: day} | queue.jobs[].every",
                "{name: a, cron: '0 6 * * *', warm: top 1, project: web} | queue.jobs[].project"
            })
    void whatIsWrong_isToldByItsKey(String rule, String key) {
        assertThatThrownBy(() -> rules("    - " + rule + "\n")).hasMessageContaining(key);
    }
}
