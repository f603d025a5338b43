package framewright.store;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
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

    /** @param detail what is wrong; null: nothing */
    public record Status(State state, @Nullable String detail) {}

    /** @param subject what it is to become, e.g. {@code debug-file/7} with the key of the project */
    public @Nullable Status get(Organization organization, String subject, String sha1) {
        return database.read(sql -> sql.first(
                "SELECT state, detail FROM assembly WHERE organization_id = ? AND subject = ? AND sha1 = ?",
                row -> new Status(State.of(row.getString(1)), row.getString(2)),
                organization.id(),
                subject,
                sha1));
    }

    public void set(Organization organization, String subject, String sha1, Status status) {
        database.write(sql -> sql.update(
                "INSERT INTO assembly (organization_id, subject, sha1, state, detail, updated) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (organization_id, subject, sha1)"
                        + " DO UPDATE SET state = excluded.state, detail = excluded.detail, updated = excluded.updated",
                organization.id(),
                subject,
                sha1,
                status.state.wireName(),
                status.detail,
                clock.millis()));
    }
}
