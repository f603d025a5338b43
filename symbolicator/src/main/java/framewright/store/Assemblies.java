package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How putting uploads together goes, for clients that come back and ask, at whichever node. */
public final class Assemblies {
    private final Database database;
    private final InstantSource clock;

    Assemblies(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** As sentry-cli knows them. */
    public enum State {
        CREATED,
        ASSEMBLING,
        OK,
        ERROR;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static State of(String name) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName().equals(name))
                    .findFirst()
                    .orElse(ERROR);
        }
    }

    /**
     * How it stands.
     *
     * @param detail what is wrong; null: nothing. With {@link State#CREATED}: why the last try failed, which the next
     *     one may not
     * @param updated when a node last said so
     */
    public record Status(State state, @Nullable String detail, Instant updated) {}

    /**
     * One upload.
     *
     * @param subject what it is to become, e.g. {@code debug-file/7/...} with the key of the project
     * @param sha1 of the whole file
     */
    public record Key(String subject, String sha1) {}

    /** Those of the uploads of which something is known. */
    public Map<Key, Status> all(Organization organization, Collection<Key> keys) {
        Map<Key, Status> found = new HashMap<>();
        List<String> names = keys.stream().map(Key::sha1).distinct().toList();
        for (List<String> some : Sql.portions(names)) {
            database.read(sql -> sql.all(
                            "SELECT * FROM assembly WHERE organization_id = ? AND sha1 IN (" + Sql.marks(some.size())
                                    + ")",
                            row -> Map.entry(
                                    new Key(row.getString("subject"), row.getString("sha1")),
                                    new Status(
                                            State.of(row.getString("state")),
                                            row.getString("detail"),
                                            Instant.ofEpochMilli(row.getLong("updated")))),
                            Sql.with(some, organization.id())))
                    .forEach(row -> found.put(row.getKey(), row.getValue()));
        }
        found.keySet().retainAll(Set.copyOf(keys));
        return found;
    }

    /**
     * Makes it this node's work, unless another one is at it.
     *
     * @param stale a node that has said nothing since then has died
     */
    public boolean begin(Organization organization, Key key, Instant stale) {
        return database.write(sql -> sql.update(
                        "INSERT INTO assembly (organization_id, subject, sha1, state, detail, updated)"
                                + " VALUES (?, ?, ?, 'assembling', NULL, ?) ON CONFLICT (organization_id, subject, sha1)"
                                + " DO UPDATE SET state = excluded.state, detail = NULL, updated = excluded.updated"
                                + " WHERE assembly.state <> 'assembling' OR assembly.updated < ?",
                        organization.id(),
                        key.subject,
                        key.sha1,
                        clock.millis(),
                        stale.toEpochMilli()))
                == 1;
    }

    /** Says that the node that has begun it is still at it. */
    public void touch(Organization organization, Key key) {
        database.write(sql -> sql.update(
                "UPDATE assembly SET updated = ? WHERE organization_id = ? AND subject = ? AND sha1 = ?"
                        + " AND state = 'assembling'",
                clock.millis(),
                organization.id(),
                key.subject,
                key.sha1));
    }

    /** @param detail as in {@link Status} */
    public void set(Organization organization, Key key, State state, @Nullable String detail) {
        database.write(sql -> sql.update(
                "INSERT INTO assembly (organization_id, subject, sha1, state, detail, updated) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (organization_id, subject, sha1)"
                        + " DO UPDATE SET state = excluded.state, detail = excluded.detail, updated = excluded.updated",
                organization.id(),
                key.subject,
                key.sha1,
                state.wireName(),
                detail,
                clock.millis()));
    }

    /** What has become a file of itself needs no row that says that it is being made. */
    public void end(Organization organization, Key key) {
        database.write(sql -> sql.update(
                "DELETE FROM assembly WHERE organization_id = ? AND subject = ? AND sha1 = ? AND state = 'assembling'",
                organization.id(),
                key.subject,
                key.sha1));
    }

    /** What may be tried again needs no row. */
    public void forget(Organization organization, Key key) {
        database.write(sql -> sql.update(
                "DELETE FROM assembly WHERE organization_id = ? AND subject = ? AND sha1 = ?",
                organization.id(),
                key.subject,
                key.sha1));
    }
}
