package framewright.warming;

import framewright.api.WarmTarget;
import framewright.config.QueueSettings.JobRule;
import framewright.database.Database;
import framewright.database.StorageFailure;
import framewright.schedule.Schedule;
import framewright.store.Store;
import framewright.telemetry.Effort;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.warming.WarmJob.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes jobs, and works on them: one at a time on a node, and one file at a time, so that requests are hardly held up.
 * Files are asked for as requests do; what is there already costs a look.
 */
public final class Warming {
    private static final Logger LOG = Logger.getLogger(Warming.class.getName());

    static final String TASK = "warm";

    private static final String RULE = "rule ";

    /** How often a job says how far it is, and hears that it was cancelled. */
    private static final long TOLD_EVERY_MILLIS = 500;

    private static final long MINUTE_MILLIS = 60_000;

    private static final Duration USES_WRITTEN = Duration.ofMinutes(1);
    private static final Duration EXPIRY = Duration.ofHours(6);

    private final WarmJobs jobs;
    private final WarmFiles files;
    private final ModuleUses uses;
    private final Warmer warmer;
    private final List<JobRule> rules;
    private final Schedule schedule;
    private final InstantSource clock;
    private final Metrics metrics;

    /** @param schedule which does the work; not started yet */
    public Warming(
            Store store,
            Database database,
            Warmer warmer,
            List<JobRule> rules,
            Schedule schedule,
            InstantSource clock,
            Metrics metrics) {
        this.jobs = new WarmJobs(database, clock);
        this.uses = new ModuleUses(database, clock);
        this.files = new WarmFiles(store, uses, warmer);
        this.warmer = warmer;
        this.rules = List.copyOf(rules);
        this.schedule = schedule;
        this.clock = clock;
        this.metrics = metrics;
        addTo(schedule);
    }

    private void addTo(Schedule schedule) {
        schedule.once(TASK, 1, instance -> run(Long.parseLong(instance)));
        schedule.every("warm-uses", USES_WRITTEN, _ -> uses.write());
        schedule.every("warm-expiry", EXPIRY, _ -> {
            jobs.forgetOld();
            uses.forgetOld();
        });
        for (JobRule rule : rules) {
            if (rule.cron() != null) {
                schedule.cron(
                        "job-" + rule.name(), rule.cron(), rule.zone(), _ -> begin(rule, rule.warm(), rule.project()));
            }
        }
    }

    /** What requests are about is counted here. */
    public ModuleUses uses() {
        return uses;
    }

    /**
     * Begins a job, on whichever node has time.
     *
     * @param project as {@link WarmJob#project}
     * @param by who asks
     */
    public WarmJob begin(String project, String by, WarmTarget target, long maxBytes, int rate) {
        WarmJob job = jobs.create(project, by, target.text(), maxBytes, rate);
        schedule.look();
        return job;
    }

    /**
     * Something has happened for which there may be rules.
     *
     * @param target what it was about
     * @param project as {@link WarmJob#project}; rules of another project or organisation are not meant
     */
    public void happened(JobRule.On event, WarmTarget target, String project) {
        for (JobRule rule : rules) {
            if (rule.on() != event || !isMeant(rule, project)) {
                continue;
            }
            if (target instanceof WarmTarget.Ids(List<String> ids)) {
                jobs.gather(project, RULE + rule.name(), ids, rule.maxBytes(), rule.rate());
            } else {
                begin(rule, target.text(), project);
            }
        }
    }

    private static boolean isMeant(JobRule rule, String project) {
        return rule.project().isEmpty()
                || rule.project().equals(project)
                || (project.endsWith("/") && rule.project().startsWith(project));
    }

    private void begin(JobRule rule, String target, String project) {
        var _ = jobs.create(project, RULE + rule.name(), target, rule.maxBytes(), rule.rate());
        schedule.look();
    }

    /** Null: there is none, or it is forgotten. */
    public @Nullable WarmJob get(long id) {
        return jobs.get(id);
    }

    /**
     * The newest first.
     *
     * @param project whose; those of the settings are everybody's
     */
    public List<WarmJob> list(String project, int most) {
        return jobs.list(project, most);
    }

    /** Whether it had not ended by itself. A file that is being fetched is still fetched. */
    public boolean cancel(long id) {
        return jobs.cancel(id);
    }

    private void run(long id) throws InterruptedException {
        WarmJob job = jobs.begin(id);
        if (job == null) {
            return;
        }
        try {
            work(job);
        } catch (StorageFailure e) {
            // on with it when the database is back
            throw e;
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a job failed by a bug of ours", e);
            jobs.end(id, State.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void work(WarmJob job) throws InterruptedException {
        WarmTarget target = Objects.requireNonNull(WarmTarget.parse(job.target()), job.target());
        List<WarmFile> all = files.of(target, job.organization());
        Budget budget = new Budget(job.maxBytes(), job.bytes());
        long found = job.found();
        long done = Math.min(job.done(), all.size());
        long told = 0;
        for (WarmFile file : all.subList((int) done, all.size())) {
            long now = clock.millis();
            if (now - told >= TOLD_EVERY_MILLIS) {
                told = now;
                if (!jobs.progress(job.id(), new WarmJobs.Progress(all.size(), done, found, budget.bytes()))) {
                    return;
                }
            }
            if (budget.isSpent()) {
                break;
            }
            boolean whole = warm(file, job.project(), budget);
            metrics.count(Metric.WARMED, whole ? "found" : "missing");
            done++;
            found += whole ? 1 : 0;
            if (job.rate() > 0) {
                Thread.sleep(MINUTE_MILLIS / job.rate());
            }
        }
        jobs.progress(job.id(), new WarmJobs.Progress(all.size(), done, found, budget.bytes()));
        jobs.end(
                job.id(),
                State.DONE,
                done < all.size() ? "ended early: " + job.maxBytes() + " bytes have come (max_bytes)" : "");
    }

    private boolean warm(WarmFile file, String project, Budget budget) throws InterruptedException {
        Effort.enter(budget);
        try {
            return warmer.warm(file, project);
        } finally {
            Effort.leave();
        }
    }
}
