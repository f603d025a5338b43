package framewright.queue;

import framewright.api.Shortfall;
import framewright.database.Database;
import framewright.database.StorageFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What answers to requests lacked, besides those to events, which nothing waits for: it is counted here, and added to what
 * is known every few seconds, so that no request waits for a database.
 */
public final class MissingNotes {
    static final Duration WRITE_EVERY = Duration.ofSeconds(5);

    /** Files that are counted between two writes; others are not. */
    private static final int MAX_NOTED = 10_000;

    /** Requests are anybody's: what is longer is no id of a file. */
    private static final int MAX_ID_CHARS = 400;

    /** Of a path, the end tells most. */
    private static final int MAX_NAME_CHARS = 256;

    private final Database database;
    private final InstantSource clock;
    private final Map<File, Noted> noted = new ConcurrentHashMap<>();

    private record File(String project, String kind, String id) {}

    private record Noted(String name, String cause, long requests) {
        Noted with(Noted later) {
            return new Noted(name, later.cause, requests + later.requests);
        }
    }

    /** @param database closed by the caller */
    MissingNotes(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * An answer lacked something.
     *
     * @param project as {@code organisation/project}; nothing behind the slash where nobody says which
     */
    public void note(String project, List<Shortfall> shortfalls) {
        for (Shortfall one : shortfalls) {
            String id = one.id();
            if (id == null || id.length() > MAX_ID_CHARS || !Retries.canBeMended(one)) {
                continue;
            }
            add(
                    new File(project, one.kind().wireName(), id),
                    new Noted(end(one.name()), one.cause().code(), 1));
        }
    }

    private static String end(String name) {
        int from = Math.max(0, name.length() - MAX_NAME_CHARS);
        return name.substring(from < name.length() && Character.isLowSurrogate(name.charAt(from)) ? from + 1 : from);
    }

    private void add(File file, Noted more) {
        if (noted.size() < MAX_NOTED || noted.containsKey(file)) {
            noted.merge(file, more, Noted::with);
        }
    }

    /** @throws StorageFailure what was counted is kept */
    void write() {
        Map<File, Noted> taken = new HashMap<>();
        for (File file : List.copyOf(noted.keySet())) {
            Noted one = noted.remove(file);
            if (one != null) {
                taken.put(file, one);
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        long now = clock.millis();
        List<@Nullable Object[]> rows = new ArrayList<>();
        taken.forEach((file, one) ->
                rows.add(new Object[] {file.project, file.kind, file.id, one.name, one.cause, one.requests, now, now}));
        try {
            database.write(sql -> {
                sql.batch(
                        "INSERT INTO queue_missing (project, kind, id, name, cause, events, first_seen, last_seen)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project, kind, id) DO UPDATE SET"
                                + " events = queue_missing.events + excluded.events,"
                                + " last_seen = excluded.last_seen, cause = excluded.cause",
                        rows);
                return null;
            });
        } catch (StorageFailure e) {
            taken.forEach(this::add);
            throw e;
        }
    }
}
