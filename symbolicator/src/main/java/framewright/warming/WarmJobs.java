package framewright.warming;

import framewright.api.WarmTarget;
import framewright.database.Database;
import framewright.database.Sql;
import framewright.schedule.Schedule;
import framewright.warming.WarmJob.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The jobs, as they stand in the database. */
final class WarmJobs {
    /** Ended jobs are told of for so long. */
    private static final Duration KEPT = Duration.ofDays(14);

    /** How long a job gathers before it begins. */
    private static final Duration GATHERED = Duration.ofSeconds(5);

    /** Of what is gathered: fewer ids than a job may have, however short they are. */
    private static final int MAX_TEXT = 120_000;

    private final Database database;
    private final InstantSource clock;

    WarmJobs(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What is new in a job that runs. */
    record Progress(long files, long done, long found, long bytes) {}

    /** A job that some node begins at once, with the row that has it do so. */
    WarmJob create(String project, String reason, String target, long maxBytes, int rate) {
        return database.write(sql -> create(sql, project, reason, target, maxBytes, rate, clock.instant()));
    }

    /**
     * Adds to a job for the same reason that nobody has begun, or makes one that begins in a moment: a build sends thousands
     * of files, one by one.
     *
     * @param ids of {@link WarmTarget.Ids}
     */
    void gather(String project, String reason, List<String> ids, long maxBytes, int rate) {
        String more = String.join(" ", ids);
        database.write(sql -> {
            int added = sql.update(
                    "UPDATE warm_job SET target = target || ?, updated = ? WHERE id = (SELECT MAX(id) FROM warm_job"
                            + " WHERE state = 'queued' AND project = ? AND reason = ?) AND state = 'queued'"
                            + " AND LENGTH(target) < ?",
                    " " + more,
                    clock.millis(),
                    project,
                    reason,
                    (long) MAX_TEXT - more.length());
            if (added == 0) {
                Instant due = clock.instant().plus(GATHERED);
                var _ = create(sql, project, reason, new WarmTarget.Ids(ids).text(), maxBytes, rate, due);
            }
            return null;
        });
    }

    private WarmJob create(Sql sql, String project, String reason, String target, long maxBytes, int rate, Instant due)
            throws SQLException {
        long now = clock.millis();
        long id = Objects.requireNonNull(sql.first(
                "INSERT INTO warm_job (project, reason, target, max_bytes, rate, state, created, updated)"
                        + " VALUES (?, ?, ?, ?, ?, 'queued', ?, ?) RETURNING id",
                row -> row.getLong(1),
                project,
                reason,
                target,
                maxBytes,
                (long) rate,
                now,
                now));
        Schedule.at(sql, database.isShared(), Warming.TASK, String.valueOf(id), due);
        return Objects.requireNonNull(find(sql, id));
    }

    @Nullable
    WarmJob get(long id) {
        return database.read(sql -> find(sql, id));
    }

    /**
     * The newest first.
     *
     * @param project those of this one, or of all of an organisation ({@code organisation/}), and the settings' own
     */
    List<WarmJob> list(String project, int most) {
        return database.read(sql -> sql.all(
                "SELECT * FROM warm_job WHERE project = '' OR project = ?"
                        + (project.endsWith("/")
                                ? " OR substr(project, 1, CAST(? AS INTEGER)) = ?"
                                : " OR ? < 0 OR ? = ''")
                        + " ORDER BY id DESC LIMIT ?",
                WarmJobs::job,
                project,
                (long) project.length(),
                project,
                (long) most));
    }

    /** Null: it has ended. One that ran on a node that died goes on. */
    @Nullable
    WarmJob begin(long id) {
        return move(id, State.RUNNING) ? get(id) : null;
    }

    /** Whether the job still runs; else it was cancelled. */
    boolean progress(long id, Progress progress) {
        return database.write(sql -> sql.update(
                        "UPDATE warm_job SET files = ?, done = ?, found = ?, bytes = ?, updated = ?"
                                + " WHERE id = ? AND state = 'running'",
                        progress.files,
                        progress.done,
                        progress.found,
                        progress.bytes,
                        clock.millis(),
                        id))
                == 1;
    }

    void end(long id, State state, String details) {
        database.write(sql -> sql.update(
                "UPDATE warm_job SET state = ?, details = ?, updated = ? WHERE id = ? AND state = 'running'",
                state.text(),
                details,
                clock.millis(),
                id));
    }

    /** Whether it had not ended. */
    boolean cancel(long id) {
        return move(id, State.CANCELLED);
    }

    private boolean move(long id, State state) {
        return database.write(sql -> sql.update(
                        "UPDATE warm_job SET state = ?, updated = ? WHERE id = ? AND state IN ('queued', 'running')",
                        state.text(),
                        clock.millis(),
                        id))
                == 1;
    }

    void forgetOld() {
        database.write(sql -> sql.update(
                "DELETE FROM warm_job WHERE updated < ? AND state NOT IN ('queued', 'running')",
                clock.millis() - KEPT.toMillis()));
    }

    private static @Nullable WarmJob find(Sql sql, long id) throws SQLException {
        return sql.first("SELECT * FROM warm_job WHERE id = ?", WarmJobs::job, id);
    }

    private static WarmJob job(ResultSet row) throws SQLException {
        return new WarmJob(
                row.getLong("id"),
                row.getString("project"),
                row.getString("reason"),
                row.getString("target"),
                row.getLong("max_bytes"),
                row.getInt("rate"),
                State.of(row.getString("state")),
                row.getLong("files"),
                row.getLong("done"),
                row.getLong("found"),
                row.getLong("bytes"),
                row.getString("details"),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("updated")));
    }
}
