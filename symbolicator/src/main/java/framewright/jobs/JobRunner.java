package framewright.jobs;

import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.RequestId;
import framewright.telemetry.Span;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs each job on a virtual thread of its own and hands out its answer. A client that stops waiting gets an id, and
 * only then is the answer kept: nobody can ask for a job whose id was never told.
 *
 * <p>A job's slot is free as soon as its end is known. At the wall limit its thread is interrupted.
 */
public final class JobRunner implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobRunner.class.getName());

    private static final byte[] NO_EVIDENCE = {};

    private final JobLimits limits;
    private final InstantSource clock;
    private final Timers timers;
    private final Metrics metrics;
    private final AtomicInteger running = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final KeptJobs kept;
    private volatile boolean closed;

    /** @param timers closed by the caller */
    public JobRunner(JobLimits limits, InstantSource clock, Timers timers, Metrics metrics) {
        this.limits = limits;
        this.clock = clock;
        this.timers = timers;
        this.metrics = metrics;
        this.kept = new KeptJobs(limits.keptBytes());
        metrics.gauge(Metric.JOBS_RUNNING, running::get);
        metrics.gauge(Metric.ANSWERS_KEPT, kept::answers);
        metrics.gauge(Metric.ANSWERS_KEPT_BYTES, kept::bytes);
    }

    /**
     * Starts a job and waits for it.
     *
     * @param wait after which the answer is {@link JobState.Pending} and the work goes on; null: no such limit
     * @throws AtCapacityException where too many jobs are in flight
     */
    public JobState run(Work work, @Nullable Duration wait) throws InterruptedException {
        admit();
        Job job = new Job();
        start(job, work);
        JobState state = job.await(wait, timers);
        if (state instanceof JobState.Pending) {
            keep(job);
        }
        return state;
    }

    /**
     * Asks for a job again.
     *
     * @param wait how long to wait for its end; null: as long as it takes
     * @return null where no such job is known, or no longer
     */
    public @Nullable JobState poll(UUID id, @Nullable Duration wait) throws InterruptedException {
        Job job = kept.find(id);
        return job == null ? null : job.await(wait, timers);
    }

    /** Jobs in flight. */
    public int running() {
        return running.get();
    }

    /** Interrupts what still runs. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }

    private void admit() {
        Integer limit = limits.concurrent();
        int now = running.incrementAndGet();
        if (limit != null && now > limit) {
            running.decrementAndGet();
            metrics.count(Metric.JOBS_REFUSED);
            throw new AtCapacityException();
        }
        metrics.count(Metric.JOBS_ADMITTED);
    }

    private void start(Job job, Work work) {
        long started = clock.millis();
        Thread thread = Thread.ofVirtual()
                .name("job-" + job.id())
                .unstarted(() -> RequestId.with(job.id().toString(), () -> run(job, work)));
        threads.add(thread);
        // The slot is free before anyone who waits learns the end: the next request of the same client must fit in.
        job.whenEnded(ended -> {
            running.decrementAndGet();
            threads.remove(thread);
            metrics.count(Metric.JOBS_ENDED, ended.name());
            metrics.time(Metric.JOB_SECONDS, Duration.ofMillis(clock.millis() - started));
        });
        Runnable cancelWall = timers.after(limits.wall(), () -> {
            job.end(new JobState.TimedOut());
            thread.interrupt();
        });
        job.whenEnded(_ -> cancelWall.run());
        thread.start();
        if (closed) {
            thread.interrupt();
        }
    }

    private void run(Job job, Work work) {
        JobState.Ended ended;
        // ends before the answer goes out, so that whoever asked finds it there
        try (Span span = Span.begin("job").with("request_id", job.id().toString())) {
            ended = attempt(job, work);
            span.with("outcome", ended.name());
        }
        job.end(ended);
    }

    private JobState.Ended attempt(Job job, Work work) {
        try {
            byte[] answer = work.answer();
            byte[] evidence = kept.find(job.id()) == null ? NO_EVIDENCE : work.evidence();
            return new JobState.Completed(answer, evidence);
        } catch (InterruptedException e) {
            // Only the wall limit and the stop of the server interrupt a job.
            return new JobState.TimedOut();
        } catch (Exception | Error e) {
            LOG.log(Level.SEVERE, "a job failed by a bug of ours", e);
            return new JobState.Errored();
        }
    }

    private void keep(Job job) {
        kept.add(job);
        job.whenEnded(ended -> {
            kept.finished(
                    job.id(),
                    ended instanceof JobState.Completed(byte[] body, byte[] evidence)
                            ? body.length + evidence.length
                            : 0);
            timers.after(limits.linger(), () -> kept.remove(job.id()));
        });
    }
}
