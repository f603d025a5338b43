package framewright.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import framewright.api.WarmTarget;
import framewright.config.QueueSettings.JobRule;
import framewright.config.SettingsException.Problem;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The list {@code queue.jobs}. */
final class JobReader {
    private static final int UNIX_FIELDS = 5;
    private static final long DEFAULT_BYTES = 10L << 30;
    private static final String OF_ITS_EVENT = "release";

    private final List<Problem> problems;

    JobReader(List<Problem> problems) {
        this.problems = problems;
    }

    List<JobRule> read(Yaml all) {
        List<JobRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String path = SettingKeys.QUEUE_JOBS.path();
        if (!(all instanceof Yaml.Items items)) {
            problems.add(new Problem(all.line(), path, "expected a list of jobs, not " + all.kind()));
            return rules;
        }
        for (Yaml item : items.items()) {
            if (!(item instanceof Yaml.Section section)) {
                problems.add(new Problem(
                        item.line(),
                        path,
                        "expected a job such as {name: morning, cron: 0 6 * * *, warm: top 100}, not " + item.kind()));
                continue;
            }
            JobRule rule = rule(new RuleReader(path, section, problems));
            if (rule != null && !names.add(rule.name())) {
                problems.add(new Problem(section.line(), path + "[].name", "two jobs are called " + rule.name()));
            } else if (rule != null) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private static @Nullable JobRule rule(RuleReader in) {
        String name = in.get("name", KeyType.TEXT);
        String cron = in.get("cron", KeyType.TEXT);
        String zone = in.getOr("zone", KeyType.TEXT, "UTC");
        JobRule.On on = in.get("on", KeyType.choice(JobRule.On.class));
        String warm = in.get("warm", KeyType.TEXT);
        String project = in.get("project", KeyType.TEXT);
        long maxBytes = in.getOr("max_bytes", KeyType.BYTES, DEFAULT_BYTES);
        int rate = in.getOr("rate", KeyType.COUNT, 0);
        in.reportOthers();
        boolean good = true;
        if (name == null || !name.matches("[A-Za-z0-9._-]{1,60}")) {
            in.problem("name", "expected 1 to 60 letters, digits and . _ -");
            good = false;
        }
        if ((cron == null) == (on == null)) {
            in.problem("cron", "expected either a cron expression or `on`: release, deploy or upload");
            good = false;
        }
        if (cron != null && !isCron(cron)) {
            in.problem("cron", "expected five fields such as 0 6 * * *, or six with seconds first");
            good = false;
        }
        if (on == null && (warm == null || WarmTarget.parse(warm) == null)) {
            in.problem("warm", "expected release NAME, ids ID ..., top N or newest N");
            good = false;
        }
        if (project != null && !project.matches("[^/]+/[^/]+")) {
            in.problem("project", "expected organisation/project");
            good = false;
        }
        try {
            var _ = ZoneId.of(zone);
        } catch (DateTimeException e) {
            in.problem("zone", "expected a time zone such as Europe/Berlin");
            good = false;
        }
        return good && name != null
                ? new JobRule(
                        name,
                        cron,
                        ZoneId.of(zone),
                        on,
                        warm == null ? OF_ITS_EVENT : warm,
                        project == null ? "" : project,
                        maxBytes,
                        rate)
                : null;
    }

    private static boolean isCron(String text) {
        CronType type = text.strip().split("\\s+").length == UNIX_FIELDS ? CronType.UNIX : CronType.SPRING53;
        try {
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type)).parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
