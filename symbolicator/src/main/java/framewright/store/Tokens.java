package framewright.store;

import framewright.database.Database;
import framewright.database.Sql;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens: what they let their holders do. Kept as hashes; the token itself is shown once, when it is made. */
public final class Tokens {
    /** Tells people, and what looks for secrets in repositories, what it is. */
    private static final String PREFIX = "fwt_";

    private static final int RANDOM_BYTES = 32;

    /** How exactly it is known when a token was last used. */
    private static final Duration USE_STEP = Duration.ofMinutes(1);

    private static final String PRINCIPAL = """
            SELECT t.*, o.slug AS organization_slug, o.name AS organization_name,
                p.slug AS project_slug, p.name AS project_name
            FROM token t
            JOIN organization o ON o.id = t.organization_id
            LEFT JOIN project p ON p.id = t.project_id
            """;

    private final Database database;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Tokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * A token as lists show it.
     *
     * @param expires null: never
     * @param used null: never
     */
    public record Info(
            Principal principal,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant used,
            boolean revoked) {}

    /**
     * A new token.
     *
     * @param project the only one that it is good for; null: all of the organisation
     * @param expires null: never
     */
    public String create(
            Organization organization,
            @Nullable Project project,
            String name,
            Set<Permission> permissions,
            @Nullable Instant expires) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        database.write(sql -> sql.update(
                "INSERT INTO token (organization_id, project_id, name, hash, scopes, created, expires)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                organization.id(),
                project == null ? null : project.id(),
                name,
                hash(token),
                Permission.text(permissions),
                clock.millis(),
                expires == null ? null : expires.toEpochMilli()));
        return token;
    }

    /** Who holds this; null: no token, or one that is revoked or expired. */
    public @Nullable Principal authenticate(String token) {
        long now = clock.millis();
        Info info = database.read(sql -> sql.first(PRINCIPAL + "WHERE t.hash = ?", Tokens::info, hash(token)));
        if (info == null || info.revoked || (info.expires != null && info.expires.toEpochMilli() <= now)) {
            return null;
        }
        if (info.used == null || now - info.used.toEpochMilli() >= USE_STEP.toMillis()) {
            database.write(sql -> sql.update("UPDATE token SET used = ? WHERE id = ?", now, info.principal.token()));
        }
        return info.principal;
    }

    /** So long from now. */
    public Instant in(Duration time) {
        return clock.instant().plus(time);
    }

    public List<Info> list(Organization organization) {
        return database.read(sql ->
                sql.all(PRINCIPAL + "WHERE t.organization_id = ? ORDER BY t.id", Tokens::info, organization.id()));
    }

    /** Whether there is any, of whomever. */
    public boolean isEmpty() {
        return database.read(sql -> sql.first("SELECT id FROM token LIMIT 1", row -> row.getLong(1))) == null;
    }

    /** Whether there was such a token that was not revoked yet. */
    public boolean revoke(Organization organization, long token) {
        return database.write(sql -> sql.update(
                        "UPDATE token SET revoked = ? WHERE id = ? AND organization_id = ? AND revoked IS NULL",
                        clock.millis(),
                        token,
                        organization.id()))
                == 1;
    }

    private static String hash(String token) {
        return HexFormat.of().formatHex(Digest.hash("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    private static Info info(ResultSet row) throws SQLException {
        Organization organization = new Organization(
                row.getLong("organization_id"), row.getString("organization_slug"), row.getString("organization_name"));
        Long project = Sql.longOrNull(row, "project_id");
        Principal principal = new Principal(
                row.getLong("id"),
                row.getString("name"),
                organization,
                project == null
                        ? null
                        : new Project(
                                project,
                                organization.id(),
                                row.getString("project_slug"),
                                row.getString("project_name")),
                Permission.read(row.getString("scopes")));
        return new Info(
                principal,
                Instant.ofEpochMilli(row.getLong("created")),
                time(row, "expires"),
                time(row, "used"),
                Sql.longOrNull(row, "revoked") != null);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        Long millis = Sql.longOrNull(row, column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
