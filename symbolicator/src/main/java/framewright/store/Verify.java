package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import framewright.database.StorageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares every blob with what the database says of it, byte by byte. Changes nothing. */
public final class Verify {
    private static final int PER_QUESTION = 500;
    private static final int BUFFER = 1 << 17;

    private final Database database;
    private final Blobs blobs;

    Verify(Database database, Blobs blobs) {
        this.database = database;
        this.blobs = blobs;
    }

    /** What is wrong with a blob. */
    public enum Kind {
        MISSING,
        WRONG_SIZE,
        WRONG_CONTENT,
        UNREADABLE,
        /** It takes room, and nothing knows it. */
        ORPHANED
    }

    /**
     * @param blob its path, below {@code store.dir} or in the bucket
     * @param detail a sentence
     */
    public record Problem(Kind kind, String blob, String detail) {}

    /**
     * @param blobs that were looked at
     * @param bytes that were read of them
     */
    public record Checked(long blobs, long bytes, long problems) {}

    private record Row(String digest, long size) {}

    /** Blobs so far, for {@link #run}. */
    private static final class Sum {
        private final Consumer<Problem> found;
        private long blobs;
        private long bytes;
        private long problems;

        Sum(Consumer<Problem> found) {
            this.found = found;
        }

        void problem(Kind kind, BlobKey key, String detail) {
            problems++;
            found.accept(new Problem(kind, key.path(), detail));
        }
    }

    /**
     * Looks at everything, which takes as long as reading it.
     *
     * @param found is told of each problem as it is found
     */
    public Checked run(Consumer<Problem> found) {
        Sum sum = new Sum(found);
        String last = "";
        List<Row> rows;
        do {
            rows = page(last);
            for (Row row : rows) {
                check(row, sum);
                last = row.digest;
            }
        } while (rows.size() == PER_QUESTION);
        orphans(sum);
        return new Checked(sum.blobs, sum.bytes, sum.problems);
    }

    private List<Row> page(String after) {
        return database.read(sql -> sql.all(
                "SELECT digest, size FROM blob WHERE digest > ? ORDER BY digest LIMIT " + PER_QUESTION,
                row -> new Row(row.getString(1), row.getLong(2)),
                after));
    }

    private void check(Row row, Sum sum) {
        Digest digest = new Digest(row.digest);
        BlobKey key = BlobKey.content(digest);
        sum.blobs++;
        try {
            long size = blobs.size(key);
            if (size < 0) {
                missing(row, key, sum);
            } else if (size != row.size) {
                sum.problem(Kind.WRONG_SIZE, key, "has " + size + " bytes, not " + row.size);
            } else {
                compare(digest, key, sum);
            }
        } catch (IOException | StorageFailure e) {
            sum.problem(Kind.UNREADABLE, key, String.valueOf(e.getMessage()));
        }
    }

    /** One that nothing names is being put or taken away, or housekeeping forgets it. */
    private void missing(Row row, BlobKey key, Sum sum) {
        List<String> names = namedBy(row.digest);
        if (!names.isEmpty()) {
            sum.problem(Kind.MISSING, key, "is not there; it is named by " + String.join(", ", names));
        }
    }

    private List<String> namedBy(String digest) {
        return database.read(sql -> {
            List<String> names = new ArrayList<>();
            for (Kept table : Kept.values()) {
                names.addAll(sql.all(
                        "SELECT id FROM " + table.table() + " WHERE digest = ? ORDER BY id LIMIT 3",
                        row -> table.table() + " " + row.getLong(1),
                        digest));
            }
            return names;
        });
    }

    private void compare(Digest digest, BlobKey key, Sum sum) throws IOException {
        MessageDigest hash = Digest.hash("SHA-256");
        byte[] buffer = new byte[BUFFER];
        try (@Nullable InputStream in = blobs.open(key, 0, -1)) {
            if (in == null) {
                return;
            }
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
                sum.bytes += count;
            }
        }
        Digest actual = Digest.of(hash);
        if (!actual.equals(digest)) {
            sum.problem(Kind.WRONG_CONTENT, key, "has the SHA-256 " + actual);
        }
    }

    private void orphans(Sum sum) {
        Map<String, Blobs.Listed> some = new LinkedHashMap<>();
        blobs.list(BlobKey.Family.BLOBS, listed -> {
            some.put(
                    listed.key()
                            .path()
                            .substring(BlobKey.Family.BLOBS.prefix().length())
                            .replace("/", ""),
                    listed);
            if (some.size() == PER_QUESTION) {
                orphans(some, sum);
            }
        });
        if (!some.isEmpty()) {
            orphans(some, sum);
        }
    }

    private void orphans(Map<String, Blobs.Listed> some, Sum sum) {
        some.keySet().removeAll(known(some.keySet()));
        some.values()
                .forEach(listed -> sum.problem(
                        Kind.ORPHANED,
                        listed.key(),
                        "takes " + listed.size() + " bytes, and the database does not know it"));
        some.clear();
    }

    private Set<String> known(Set<String> digests) {
        return new HashSet<>(database.read(sql -> sql.all(
                "SELECT digest FROM blob WHERE digest IN (" + Sql.marks(digests.size()) + ")",
                row -> row.getString(1),
                digests.toArray())));
    }
}
