package framewright.store;

import framewright.config.StoreSettings;
import framewright.debugfiles.DebugId;
import framewright.testkit.PostgresServer;
import framewright.testkit.TestDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;

/**
 * Answers the question {@code store-lookup} of {@code framewright-bench} with figures in JSON: how long finding a debug
 * file takes among many, by ids that there are in random order, and by ids that there are not. Every hundredth id has
 * three files.
 */
final class StoreLookup {
    private static final int LOOKUPS = 20_000;

    /** Of the compiler, and of whatever caches pages. */
    private static final int WARM_UP = 5_000;

    private StoreLookup() {}

    /** @param args {@code sqlite} or {@code postgres}, how many ids, folder for the files */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory(Path.of(args[2]), "lookup");
        try {
            if (args[0].equals("sqlite")) {
                run(new StoreSettings(folder), "jdbc:sqlite:" + folder.resolve("store.db"), SQLITE, count);
            } else {
                try (PostgresServer server = PostgresServer.start()) {
                    String url = server.newDatabase();
                    run(StoreTest.settings(folder, "  database: " + url + "\n"), url, POSTGRES, count);
                }
            }
        } finally {
            TestDisk.delete(folder);
        }
    }

    /**
     * How a database makes rows of numbers from 1 to a count, a random UUID, and 32 random bytes in hexadecimal; names its
     * indexes and how each is made; and takes rows without looking for what they refer to.
     */
    private record Dialect(String numbers, String uuid, String digest, String indexes, String unchecked) {}

    private static final Dialect SQLITE = new Dialect(
            "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n)",
            "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-'"
                    + " || hex(randomblob(2)) || '-' || hex(randomblob(6)))",
            "lower(hex(randomblob(32)))",
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'debug_file' AND sql IS NOT NULL",
            "PRAGMA foreign_keys = off");

    private static final Dialect POSTGRES = new Dialect(
            "(SELECT i FROM generate_series(1, %d) AS i)",
            "gen_random_uuid()::text",
            "encode(sha256(i::text::bytea), 'hex')",
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'debug_file' AND indexdef LIKE 'CREATE INDEX%'",
            "SET session_replication_role = replica");

    private static void run(StoreSettings settings, String url, Dialect dialect, int count) throws Exception {
        long filling = System.nanoTime();
        Organization mine;
        try (Store store = Store.open(settings, InstantSource.system())) {
            mine = store.tenants().organization("mine", "Mine");
            store.tenants().project(mine, "app", "App");
        }
        List<DebugId> there;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(dialect.unchecked);
            connection.setAutoCommit(false);
            Map<String, String> indexes = indexes(statement, dialect);
            for (String index : indexes.keySet()) {
                statement.execute("DROP INDEX " + index);
            }
            fill(statement, dialect, count);
            for (String made : indexes.values()) {
                statement.execute(made);
            }
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("ANALYZE");
            there = sample(statement, count);
        }
        double seconds = (System.nanoTime() - filling) / 1e9;
        List<DebugId> absent = new ArrayList<>();
        for (int i = 0; i < LOOKUPS; i++) {
            absent.add(Objects.requireNonNull(DebugId.parse(UUID.randomUUID().toString())));
        }
        try (Store store = Store.open(settings, InstantSource.system())) {
            DebugFiles files = store.debugFiles();
            Tenancy who = new Tenancy(mine.id(), 1L);
            for (DebugId id : there.subList(0, WARM_UP)) {
                files.find(who, id, null);
            }
            long[] hits = times(files, who, there.subList(WARM_UP, there.size()), true);
            long[] misses = times(files, who, absent, false);
            long[] empty = emptyQuestions(url);
            System.out.printf(
                    Locale.ROOT,
                    "{\"fill_s\": %.1f, \"p50_ms\": %.4f, \"p99_ms\": %.4f, \"max_ms\": %.4f, \"miss_p99_ms\": %.4f,"
                            + " \"empty_p99_ms\": %.4f}%n",
                    seconds,
                    millis(hits, 0.5),
                    millis(hits, 0.99),
                    millis(hits, 1),
                    millis(misses, 0.99),
                    millis(empty, 0.99));
        }
    }

    /** Those of the table that can go: filling it first and sorting then takes a third of the time. */
    private static Map<String, String> indexes(Statement statement, Dialect dialect) throws SQLException {
        Map<String, String> indexes = new HashMap<>();
        try (ResultSet rows = statement.executeQuery(dialect.indexes)) {
            while (rows.next()) {
                indexes.put(rows.getString(1), rows.getString(2));
            }
        }
        return indexes;
    }

    private static void fill(Statement statement, Dialect dialect, int count) throws SQLException {
        String numbers = dialect.numbers.formatted(count);
        statement.executeUpdate("CREATE TEMPORARY TABLE made AS SELECT i, " + dialect.digest + " AS digest, "
                + dialect.uuid + " AS debug_id FROM " + numbers + " AS n");
        statement.executeUpdate("INSERT INTO blob (digest, size, sha1, touched)"
                + " SELECT digest, 1000, substr(digest, 1, 40), 0 FROM made");
        // three of a hundred share the id of one
        statement.executeUpdate(
                "INSERT INTO debug_file (organization_id, project_id, digest, sha1, size, kind, object_kind,"
                        + " name, debug_id, code_id, arch, features, created, used)"
                        + " SELECT 1, 1, m.digest, substr(m.digest, 1, 40), 1000, 'elf', 'dbg', 'lib' || (m.i % 500) || '.so', s.debug_id,"
                        + " replace(s.debug_id, '-', ''), 'x86_64', 'debug,symtab', m.i, 0"
                        + " FROM made m JOIN made s ON s.i = CASE WHEN m.i % 100 < 3 THEN m.i - m.i % 100 + 3 ELSE m.i END");
    }

    private static List<DebugId> sample(Statement statement, int count) throws SQLException {
        Random random = new Random(1);
        List<DebugId> ids = new ArrayList<>();
        while (ids.size() < WARM_UP + LOOKUPS) {
            try (ResultSet row = statement.executeQuery(
                    "SELECT debug_id FROM debug_file WHERE id = " + (1 + random.nextInt(count)))) {
                if (row.next()) {
                    ids.add(Objects.requireNonNull(DebugId.parse(row.getString(1))));
                }
            }
        }
        Collections.shuffle(ids, random);
        return ids;
    }

    private static long[] times(DebugFiles files, Tenancy who, List<DebugId> ids, boolean found) {
        long[] times = new long[ids.size()];
        for (int i = 0; i < times.length; i++) {
            long begin = System.nanoTime();
            List<DebugFile> answer = files.find(who, ids.get(i), null);
            times[i] = System.nanoTime() - begin;
            if (answer.isEmpty() == found) {
                throw new AssertionError("wrong answer for " + ids.get(i));
            }
        }
        Arrays.sort(times);
        return times;
    }

    /** What the machine and the connection take of a look-up: on a busy one, most of it. */
    private static long[] emptyQuestions(String url) throws SQLException {
        long[] times = new long[LOOKUPS];
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement nothing = connection.prepareStatement("SELECT 1")) {
            for (int i = 0; i < times.length; i++) {
                long begin = System.nanoTime();
                nothing.executeQuery().close();
                times[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(times);
        return times;
    }

    private static double millis(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.round(sorted.length * share))] / 1e6;
    }
}
