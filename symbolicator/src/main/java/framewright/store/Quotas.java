package framewright.store;

import framewright.config.StoreSettings;
import framewright.database.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How much projects and organisations keep, and whether it may be more. Each content counts once for each of them,
 * whoever else has it. What is kept is counted at most every ten seconds, and what was allowed since is added: only
 * several nodes together can go above a quota, by what they accept within that time.
 */
public final class Quotas {
    private static final Duration COUNTED_EVERY = Duration.ofSeconds(10);

    private static final String OF_PROJECT = """
            SELECT digest FROM debug_file WHERE project_id = ?
            UNION SELECT u.digest FROM bundle u JOIN bundle_project p ON p.bundle_id = u.id WHERE p.project_id = ?
            UNION SELECT digest FROM release_file WHERE project_id = ?
            """;

    private static final String OF_ORGANIZATION = """
            SELECT digest FROM debug_file WHERE organization_id = ?
            UNION SELECT digest FROM bundle WHERE organization_id = ?
            UNION SELECT f.digest FROM release_file f JOIN project p ON p.id = f.project_id WHERE p.organization_id = ?
            """;

    private final Database database;
    private final StoreSettings.Quotas limits;
    private final InstantSource clock;
    private final Map<Whose, Counted> counted = new HashMap<>();
    private final AtomicLong refused = new AtomicLong();

    private record Whose(String digests, long id) {}

    /** @param bytes that were kept then, and those allowed since */
    private record Counted(long at, long bytes) {}

    Quotas(Database database, StoreSettings.Quotas limits, InstantSource clock) {
        this.database = database;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Why nothing more is kept.
     *
     * @param whose {@code project app} or {@code organization mine}
     * @param kept bytes
     * @param wanted bytes more
     * @param limit bytes
     * @param key of the setting that says so
     */
    public record Refusal(String whose, long kept, long wanted, long limit, String key) {
        /** A sentence, with what to do. */
        public String describe() {
            return "the " + whose + " keeps " + kept + " of the " + limit + " bytes that it may, and " + wanted
                    + " more do not fit; delete what is not needed, or raise " + key;
        }
    }

    /**
     * Whether a project may keep a content, which counts from now on; what it keeps already takes nothing more.
     *
     * @return null: it may
     */
    public @Nullable Refusal refusal(Project project, Digest digest, long bytes) {
        Refusal refusal = beyond(
                "project " + project.slug(),
                new Whose(OF_PROJECT, project.id()),
                digest,
                bytes,
                limits.project(),
                "store.quotas.project");
        return refusal != null
                ? refusal
                : beyond(
                        "organization of project " + project.slug(),
                        new Whose(OF_ORGANIZATION, project.organization()),
                        digest,
                        bytes,
                        limits.organization(),
                        "store.quotas.organization");
    }

    private synchronized @Nullable Refusal beyond(
            String name, Whose whose, Digest digest, long bytes, @Nullable Long limit, String key) {
        if (limit == null || keeps(whose, digest)) {
            return null;
        }
        long now = clock.millis();
        Counted last = counted.get(whose);
        if (last == null || now - last.at >= COUNTED_EVERY.toMillis()) {
            last = new Counted(now, count(whose));
        }
        boolean fits = bytes <= limit - last.bytes;
        counted.put(whose, fits ? new Counted(last.at, last.bytes + bytes) : last);
        if (fits) {
            return null;
        }
        refused.incrementAndGet();
        return new Refusal(name, last.bytes, bytes, limit, key);
    }

    private boolean keeps(Whose whose, Digest digest) {
        return database.read(sql -> sql.first(
                        "SELECT 1 FROM (" + whose.digests + ") AS kept WHERE digest = ?",
                        row -> row.getLong(1),
                        whose.id,
                        whose.id,
                        whose.id,
                        digest.hex()))
                != null;
    }

    /** Bytes that a project keeps. */
    public long kept(Project project) {
        return count(new Whose(OF_PROJECT, project.id()));
    }

    /** Bytes that an organisation keeps. */
    public long kept(Organization organization) {
        return count(new Whose(OF_ORGANIZATION, organization.id()));
    }

    private long count(Whose whose) {
        Long bytes = database.read(sql -> sql.first(
                "SELECT COALESCE(SUM(size), 0) FROM blob WHERE digest IN (" + whose.digests + ")",
                row -> row.getLong(1),
                whose.id,
                whose.id,
                whose.id));
        return bytes == null ? 0 : bytes;
    }

    /** How many uploads were refused since the start. */
    public long refused() {
        return refused.get();
    }
}
