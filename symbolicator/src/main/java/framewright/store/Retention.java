package framewright.store;

import framewright.config.RetentionRule;
import framewright.database.Database;
import framewright.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what nobody has used for as long as the rules say. What belongs to several projects or releases stays for as long
 * as one of them wants it. A use counts even where it is not written down yet, since all windows are a minute longer.
 */
public final class Retention {
    /** Of one transaction. */
    private static final int PER_WRITE = 100;

    private final Database database;
    private final Uses uses;
    private final List<Rule> rules;
    private final InstantSource clock;

    Retention(Database database, Uses uses, List<RetentionRule> rules, InstantSource clock) {
        this.database = database;
        this.uses = uses;
        this.rules = rules.stream().map(Rule::new).toList();
        this.clock = clock;
    }

    /**
     * What a run deletes.
     *
     * @param kind as rules name it
     * @param id its key, among those of its kind
     * @param project that it belongs to, {@code organization/project}; several are joined by commas
     * @param size of the blob in bytes, which is freed where nothing else names it
     * @param used when it was last
     */
    public record Deletion(String kind, long id, String project, String name, long size, Instant used) {}

    /** What {@link #run} would delete now. */
    public List<Deletion> plan() {
        return find(clock.millis()).stream().map(Candidate::deletion).toList();
    }

    /** Deletes, and gives what it has deleted. The blobs go later, in {@link Housekeeping}. */
    public List<Deletion> run() {
        long now = clock.millis();
        List<Deletion> deleted = new ArrayList<>();
        List<Candidate> found = find(now);
        for (int from = 0; from < found.size() && !Thread.currentThread().isInterrupted(); from += PER_WRITE) {
            List<Candidate> some = found.subList(from, Math.min(found.size(), from + PER_WRITE));
            deleted.addAll(database.write(sql -> {
                List<Deletion> gone = new ArrayList<>();
                for (Candidate candidate : some) {
                    // used meanwhile: it stays
                    if (sql.update(
                                    "DELETE FROM " + candidate.table.table() + " WHERE id = ? AND used = ?",
                                    candidate.id,
                                    candidate.used)
                            == 1) {
                        gone.add(candidate.deletion());
                    }
                }
                if (!gone.isEmpty()) {
                    Tenants.changedAnywhere(sql);
                }
                return gone;
            }));
        }
        return deleted;
    }

    private List<Candidate> find(long now) {
        uses.write();
        Duration shortest = rules.stream()
                .map(rule -> rule.described.maxUnusedFor())
                .flatMap(Stream::ofNullable)
                .min(Duration::compareTo)
                .orElse(null);
        if (shortest == null) {
            return List.of();
        }
        long before = now - millis(shortest);
        return database.read(sql -> {
            Newest newest = new Newest(sql);
            List<Candidate> found = new ArrayList<>();
            for (Candidate candidate : candidates(sql, before)) {
                if (goes(candidate, newest, now)) {
                    found.add(candidate);
                }
            }
            return found;
        });
    }

    private static List<Candidate> candidates(Sql sql, long before) throws SQLException {
        List<Candidate> all = new ArrayList<>(sql.all("""
                SELECT f.id, f.kind, f.arch, f.name, f.used, f.debug_id, f.size, f.project_id, p.slug AS project,
                    o.slug AS organization
                FROM debug_file f JOIN project p ON p.id = f.project_id
                    JOIN organization o ON o.id = f.organization_id
                WHERE f.used < ? ORDER BY f.id
                """, Retention::debugFile, before));
        for (Candidate file : all) {
            if (file.kind.equals(DebugFileKind.PROGUARD.wireName())) {
                file.releases.addAll(sql.all(
                        "SELECT release_name FROM proguard_release WHERE project_id = ? AND debug_id = ?",
                        row -> row.getString(1),
                        file.owners.getFirst().project,
                        file.debugId));
            }
        }
        List<Candidate> bundles = sql.all("""
                SELECT u.id, u.bundle_id AS name, u.release, u.used, b.size
                FROM bundle u JOIN blob b ON b.digest = u.digest WHERE u.used < ? ORDER BY u.id
                """, row -> released(row, Kept.BUNDLE, "artifact_bundle"), before);
        for (Candidate bundle : bundles) {
            bundle.owners.addAll(sql.all("""
                    SELECT p.id AS project_id, p.slug AS project, o.slug AS organization
                    FROM bundle_project u JOIN project p ON p.id = u.project_id
                        JOIN organization o ON o.id = p.organization_id
                    WHERE u.bundle_id = ? ORDER BY p.slug
                    """, Retention::owner, bundle.id));
        }
        all.addAll(bundles);
        all.addAll(sql.all(
                """
                SELECT f.id, f.name, r.version AS release, f.used, b.size, f.project_id, p.slug AS project,
                    o.slug AS organization
                FROM release_file f JOIN blob b ON b.digest = f.digest JOIN release r ON r.id = f.release_id
                    JOIN project p ON p.id = f.project_id JOIN organization o ON o.id = p.organization_id
                WHERE f.used < ? ORDER BY f.id
                """,
                row -> {
                    Candidate file = released(row, Kept.RELEASE_FILE, "release_file");
                    file.owners.add(owner(row));
                    return file;
                },
                before));
        return all;
    }

    /** Whether each of its projects lets it go, for each of its releases. */
    private boolean goes(Candidate candidate, Newest newest, long now) throws SQLException {
        List<@Nullable String> releases = new ArrayList<>(candidate.releases);
        if (releases.isEmpty()) {
            releases.add(null);
        }
        for (Owner owner : candidate.owners) {
            for (String release : releases) {
                Rule rule = rules.stream()
                        .filter(each -> each.fits(owner, candidate.kind, release))
                        .findFirst()
                        .orElse(null);
                Duration window = rule == null ? null : rule.described.maxUnusedFor();
                if (rule == null
                        || window == null
                        || candidate.used >= now - millis(window)
                        || newest.has(candidate, owner, release, rule.described.keepLast())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static long millis(Duration window) {
        return window.plus(Uses.WITHIN).toMillis();
    }

    /** One of the projects that have a file. */
    private record Owner(long project, String slug, String organization) {
        @Override
        public String toString() {
            return organization + "/" + slug;
        }
    }

    /** @param debugId empty: of none */
    private record Candidate(
            Kept table,
            long id,
            String kind,
            String arch,
            String name,
            String debugId,
            long size,
            long used,
            List<Owner> owners,
            List<String> releases) {
        Deletion deletion() {
            String projects = owners.stream().map(Owner::toString).collect(Collectors.joining(","));
            return new Deletion(kind, id, projects, name, size, Instant.ofEpochMilli(used));
        }
    }

    private static Candidate debugFile(ResultSet row) throws SQLException {
        return new Candidate(
                Kept.DEBUG_FILE,
                row.getLong("id"),
                row.getString("kind"),
                row.getString("arch"),
                row.getString("name"),
                row.getString("debug_id"),
                row.getLong("size"),
                row.getLong("used"),
                List.of(owner(row)),
                new ArrayList<>());
    }

    /** Its owners are to be added. */
    private static Candidate released(ResultSet row, Kept table, String kind) throws SQLException {
        String release = row.getString("release");
        return new Candidate(
                table,
                row.getLong("id"),
                kind,
                "",
                row.getString("name"),
                "",
                row.getLong("size"),
                row.getLong("used"),
                new ArrayList<>(),
                release.isEmpty() ? List.of() : List.of(release));
    }

    private static Owner owner(ResultSet row) throws SQLException {
        return new Owner(row.getLong("project_id"), row.getString("project"), row.getString("organization"));
    }

    private static final class Rule {
        private final RetentionRule described;
        private final Predicate<String> release;

        Rule(RetentionRule described) {
            this.described = described;
            String name = described.release();
            this.release = name == null
                    ? _ -> true
                    : Pattern.compile(
                                    Stream.of(name.split("\\*", -1))
                                            .map(Pattern::quote)
                                            .collect(Collectors.joining(".*")),
                                    Pattern.DOTALL)
                            .asMatchPredicate();
        }

        boolean fits(Owner owner, String kind, @Nullable String of) {
            return isOrAny(described.organization(), owner.organization)
                    && isOrAny(described.project(), owner.slug)
                    && isOrAny(described.kind(), kind)
                    && (described.release() == null || (of != null && release.test(of)));
        }

        private static boolean isOrAny(@Nullable String wanted, String name) {
            return wanted == null || wanted.equalsIgnoreCase(name);
        }
    }

    /** The newest builds and releases, each list asked for once. */
    private static final class Newest {
        private final Sql sql;
        private final Map<List<Object>, Set<Object>> known = new HashMap<>();

        Newest(Sql sql) {
            this.sql = sql;
        }

        boolean has(Candidate candidate, Owner owner, @Nullable String release, int count) throws SQLException {
            if (count == 0) {
                return false;
            }
            if (candidate.table == Kept.DEBUG_FILE) {
                return builds(candidate, owner, count).contains(candidate.id);
            }
            return release == null
                    ? bundles(owner, count).contains(candidate.id)
                    : releases(owner, count).contains(release);
        }

        private Set<Object> builds(Candidate file, Owner owner, int count) throws SQLException {
            String name = DebugFileKind.of(file.kind).isNameless() ? null : file.name;
            List<@Nullable Object> parameters = new ArrayList<>(List.of(owner.project, file.kind, file.arch));
            if (name != null) {
                parameters.add(name);
            }
            return ask(
                    "SELECT id FROM debug_file WHERE project_id = ? AND kind = ? AND arch = ?"
                            + (name == null ? "" : " AND name = ?") + " ORDER BY created DESC, id DESC LIMIT " + count,
                    row -> row.getLong(1),
                    parameters.toArray());
        }

        /** Those of no release. */
        private Set<Object> bundles(Owner owner, int count) throws SQLException {
            return ask(
                    "SELECT u.id FROM bundle u JOIN bundle_project p ON p.bundle_id = u.id"
                            + " WHERE p.project_id = ? AND u.release = '' ORDER BY u.created DESC, u.id DESC LIMIT "
                            + count,
                    row -> row.getLong(1),
                    owner.project);
        }

        private Set<Object> releases(Owner owner, int count) throws SQLException {
            return ask(
                    "SELECT r.version FROM release r JOIN release_project p ON p.release_id = r.id"
                            + " WHERE p.project_id = ? ORDER BY r.created DESC, r.id DESC LIMIT " + count,
                    row -> row.getString(1),
                    owner.project);
        }

        private Set<Object> ask(String question, Sql.Row<Object> row, @Nullable Object... parameters)
                throws SQLException {
            List<Object> key = new ArrayList<>();
            key.add(question);
            for (Object parameter : parameters) {
                key.add(String.valueOf(parameter));
            }
            Set<Object> newest = known.get(key);
            if (newest == null) {
                newest = new HashSet<>(sql.all(question, row, parameters));
                known.put(key, newest);
            }
            return newest;
        }
    }
}
