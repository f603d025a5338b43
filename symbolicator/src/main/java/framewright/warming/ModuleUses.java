package framewright.warming;

import framewright.api.ModuleStatus;
import framewright.api.RawModule;
import framewright.api.ResolvedModule;
import framewright.database.Database;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which modules requests and events were about, by day. Counted in memory, which costs a request nothing, and written down
 * behind it; what a killed node has not written, or could not, is lost.
 */
public final class ModuleUses {
    /** Different modules between two writes; about 5 MB. */
    private static final int MOST = 20_000;

    /** Of one transaction. */
    private static final int PER_WRITE = 1_000;

    private static final long DAYS_KEPT = 7;

    /** Longer names are not asked by. */
    private static final int MAX_NAME = 300;

    private final Database database;
    private final InstantSource clock;
    private final Map<WarmFile.Module, Long> counted = new ConcurrentHashMap<>();

    ModuleUses(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** These were looked for, each once. */
    public void note(List<ResolvedModule> modules) {
        for (ResolvedModule module : modules) {
            RawModule raw = module.raw();
            if (module.debugStatus() == ModuleStatus.UNUSED || (raw.debugId() == null && raw.codeId() == null)) {
                continue;
            }
            WarmFile.Module file = new WarmFile.Module(
                    raw.type(), raw.debugId(), raw.codeId(), name(raw.codeFile()), name(raw.debugFile()));
            if (counted.size() < MOST || counted.containsKey(file)) {
                counted.merge(file, 1L, Long::sum);
            }
        }
    }

    private static @Nullable String name(@Nullable String path) {
        return path == null || path.length() > MAX_NAME ? null : path;
    }

    /** Writes down what was counted here so far. */
    void write() {
        long day = day(clock.instant());
        List<WarmFile.Module> files = List.copyOf(counted.keySet());
        for (int from = 0; from < files.size(); from += PER_WRITE) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (WarmFile.Module file : files.subList(from, Math.min(files.size(), from + PER_WRITE))) {
                rows.add(new Object[] {
                    day,
                    file.type().name(),
                    text(file.debugId() == null ? file.codeId() : file.debugId()),
                    text(file.debugId()),
                    text(file.codeId()),
                    text(file.codeFile()),
                    text(file.debugFile()),
                    counted.remove(file)
                });
            }
            database.write(sql -> {
                sql.batch(
                        "INSERT INTO module_use (day, type, id, debug_id, code_id, code_file, debug_file, events)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, type, id)"
                                + " DO UPDATE SET events = module_use.events + excluded.events",
                        rows);
                return null;
            });
        }
    }

    void forgetOld() {
        database.write(sql -> sql.update("DELETE FROM module_use WHERE day < ?", day(clock.instant()) - DAYS_KEPT));
    }

    /** Those of yesterday and today that most events were about. */
    List<WarmFile.Module> top(int count) {
        return database.read(sql -> sql.all(
                "SELECT type, debug_id, code_id, MAX(code_file) AS code_file, MAX(debug_file) AS debug_file"
                        + " FROM module_use WHERE day >= ? GROUP BY type, debug_id, code_id"
                        + " ORDER BY SUM(events) DESC, debug_id, code_id LIMIT ?",
                ModuleUses::module,
                day(clock.instant()) - 1,
                (long) count));
    }

    /** What events have told of the module with this id; null: none was about it. */
    WarmFile.@Nullable Module known(String id) {
        return database.read(sql -> sql.first(
                "SELECT * FROM module_use WHERE id = ? OR code_id = ? ORDER BY day DESC LIMIT 1",
                ModuleUses::module,
                id,
                id));
    }

    private static WarmFile.Module module(ResultSet row) throws SQLException {
        return new WarmFile.Module(
                ObjectType.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                DebugId.parse(row.getString("debug_id")),
                CodeId.parse(row.getString("code_id")),
                orNull(row.getString("code_file")),
                orNull(row.getString("debug_file")));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }

    private static long day(Instant time) {
        return Duration.between(Instant.EPOCH, time).toDays();
    }
}
