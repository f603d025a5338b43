package framewright.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import framewright.database.Database;
import framewright.database.Sql;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in what the cluster has to do at times. What is due is a row of the database, which one node takes at a
 * time and keeps while it lives; rows of a node that has not been heard of for two minutes are taken over. What fails is
 * tried again, later each time, up to every ten minutes.
 *
 * <p>First everything that there is to do is named, then {@link #start} begins.
 */
public final class Schedule implements AutoCloseable {
    /** Held, since a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("com.github.kagkarlsson"), Logger.getLogger("com.cronutils"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /** Fewer than the database has connections, each of which one may hold. */
    private static final int THREADS = 4;

    /** How late something may begin that another node has scheduled. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final int MISSED_HEARTBEATS = 4;

    /** What was interrupted by a stop is done again. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 7;

    /** When something is looked at again that this node has no room for. */
    private static final Duration NO_ROOM = Duration.ofSeconds(10);

    private static final int UNIX_FIELDS = 5;

    private final Database database;
    private final InstantSource clock;
    private final Metrics metrics;
    private final List<Task<?>> known = new ArrayList<>();
    private final List<RecurringTask<?>> recurring = new ArrayList<>();
    private @Nullable Scheduler scheduler;

    /** @param database closed by the caller, after this */
    public Schedule(Database database, InstantSource clock, Metrics metrics) {
        this.database = database;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Does one thing that was due. Whatever it throws, it is done again. */
    @FunctionalInterface
    public interface Work {
        /** @param instance tells it from others of its task */
        void run(String instance) throws InterruptedException;
    }

    /**
     * Knows how to do what is scheduled with {@link #at} under this name.
     *
     * @param most of these on this node at a time
     */
    public void once(String task, int most, Work work) {
        Semaphore room = new Semaphore(most);
        known.add(Tasks.custom(task, Void.class)
                .onFailure(this::tryLater)
                .onDeadExecution(this::takeOver)
                .execute((instance, _) -> {
                    if (!room.tryAcquire()) {
                        return (complete, row) ->
                                row.reschedule(complete, clock.instant().plus(NO_ROOM));
                    }
                    try {
                        run(work, instance.getId());
                    } finally {
                        room.release();
                    }
                    return (_, row) -> row.remove();
                }));
    }

    /** Does this when it was first heard of, and always so long after its last end. */
    public void every(String task, Duration pause, Work work) {
        recurring(task, Schedules.fixedDelay(pause), work);
    }

    /**
     * Does this at the times of a cron expression. A time that passes while no node is there is made up for once.
     *
     * @param cron of five fields, or six with seconds first
     */
    public void cron(String task, String cron, ZoneId zone, Work work) {
        CronStyle style = cron.strip().split("\\s+").length == UNIX_FIELDS ? CronStyle.UNIX : CronStyle.SPRING53;
        recurring(task, new CronSchedule(cron, zone, style), work);
    }

    private void recurring(String task, com.github.kagkarlsson.scheduler.task.schedule.Schedule when, Work work) {
        recurring.add(Tasks.recurring(task, when)
                .onFailure(this::tryLater)
                .onDeadExecution(this::takeOver)
                .execute((instance, _) -> run(work, instance.getId())));
    }

    private static void run(Work work, String instance) {
        try {
            work.run(instance);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", e);
        }
    }

    private void takeOver(ExecutionComplete complete, ExecutionOperations<Void> row) {
        row.reschedule(complete, clock.instant());
    }

    private void tryLater(ExecutionComplete complete, ExecutionOperations<Void> row) {
        metrics.count(Metric.SCHEDULE_FAILURES, complete.getExecution().getTaskName());
        int times = Math.min(complete.getExecution().consecutiveFailures, MAX_DOUBLINGS);
        Duration pause = FIRST_RETRY.multipliedBy(1L << times);
        row.reschedule(complete, clock.instant().plus(pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause));
    }

    /**
     * Has something done at a time, within a transaction of others; nothing where the same is due already.
     *
     * @param instance tells it from others of its task
     */
    public static void at(Sql sql, boolean shared, String task, String instance, Instant due) throws SQLException {
        sql.update(
                "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)"
                        + " VALUES (?, ?, " + (shared ? "to_timestamp(? / 1000.0)" : "?")
                        + ", FALSE, 1, 0) ON CONFLICT (task_name, task_instance) DO NOTHING",
                task,
                instance,
                due.toEpochMilli());
    }

    /** Begins to do what is due. */
    public void start() {
        SchedulerBuilder builder = Scheduler.create(database.source(), known)
                .startTasks(recurring.toArray(RecurringTask<?>[]::new))
                .threads(THREADS)
                .pollingInterval(LOOK_EVERY)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .schedulerName(new SchedulerName.Fixed("node-" + UUID.randomUUID()))
                .failureLogging(LogLevel.WARN, false)
                .shutdownMaxWait(GRACE)
                .clock(clock::instant);
        if (database.isShared()) {
            builder.pollUsingLockAndFetch(0.5, 1.0);
        } else {
            builder.jdbcCustomization(new SqliteRows());
        }
        scheduler = builder.build();
        scheduler.start();
    }

    /** Looks for what is due now, and not only when it is time to look again. */
    public void look() {
        if (scheduler != null) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    /** Does something recurring now, if nobody is just doing it. */
    public void soon(String task) {
        if (scheduler == null) {
            return;
        }
        try {
            scheduler.reschedule(TaskInstanceId.of(task, RecurringTask.INSTANCE), clock.instant());
            look();
        } catch (DbSchedulerException | SQLRuntimeException e) {
            // it is done when it is due
        }
    }

    @Override
    public void close() {
        if (scheduler != null) {
            scheduler.stop();
        }
    }
}
