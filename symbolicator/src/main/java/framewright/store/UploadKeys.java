package framewright.store;

import framewright.database.Database;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Rights to send one file each, given by one request and used in the next ones, at whichever node. */
public final class UploadKeys {
    /** Between asking for one and having sent the file. */
    private static final Duration VALID = Duration.ofHours(1);

    private static final int KEY_BYTES = 24;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    UploadKeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * What a key is good for.
     *
     * @param kept whether its file is there
     */
    public record Right(Organization organization, Project project, boolean kept) {}

    /** A new key, of hexadecimal digits. What has expired goes. */
    public String create(Project project) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = HexFormat.of().formatHex(bytes);
        database.write(sql -> {
            sql.update("DELETE FROM upload_key WHERE created < ?", oldest());
            return sql.update(
                    "INSERT INTO upload_key (hash, organization_id, project_id, kept, created) VALUES (?, ?, ?, 0, ?)",
                    hash(key),
                    project.organization(),
                    project.id(),
                    clock.millis());
        });
        return key;
    }

    /** Null: there is no such key, or not any more. */
    public @Nullable Right find(String key) {
        return database.read(sql -> sql.first(
                "SELECT o.id, o.slug, o.name, p.id, p.slug, p.name, k.kept FROM upload_key k"
                        + " JOIN organization o ON o.id = k.organization_id JOIN project p ON p.id = k.project_id"
                        + " WHERE k.hash = ? AND k.created >= ?",
                row -> new Right(
                        new Organization(row.getLong(1), row.getString(2), row.getString(3)),
                        new Project(row.getLong(4), row.getLong(1), row.getString(5), row.getString(6)),
                        row.getLong(7) == 1),
                hash(key),
                oldest()));
    }

    /** Its file is there. */
    public void kept(String key) {
        database.write(sql -> sql.update("UPDATE upload_key SET kept = 1 WHERE hash = ?", hash(key)));
    }

    /** It was used. */
    public void end(String key) {
        database.write(sql -> sql.update("DELETE FROM upload_key WHERE hash = ?", hash(key)));
    }

    private long oldest() {
        return clock.instant().minus(VALID).toEpochMilli();
    }

    private static String hash(String key) {
        return HexFormat.of().formatHex(Digest.hash("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
