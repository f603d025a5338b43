package framewright.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parts of uploads by the SHA-1 of their bytes, each organisation's its own, until they are put together or too old. */
public final class Chunks {
    private final Database database;
    private final Blobs blobs;
    private final InstantSource clock;

    Chunks(Database database, Blobs blobs, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Those of the names that are not here, in their order. */
    public Set<String> missing(Organization organization, Collection<String> names) {
        Set<String> missing = new LinkedHashSet<>(names);
        for (List<String> some : Sql.portions(List.copyOf(missing))) {
            missing.removeAll(new HashSet<>(database.read(sql -> sql.all(
                    "SELECT sha1 FROM chunk WHERE organization_id = ? AND sha1 IN (" + Sql.marks(some.size()) + ")",
                    row -> row.getString(1),
                    Sql.with(some, organization.id())))));
        }
        return missing;
    }

    /** @param file of {@link Blobs#newFile}, with just the bytes of this SHA-1 */
    public void keep(Organization organization, String sha1, Path file, long size) {
        blobs.put(BlobKey.chunk(organization.id(), sha1), file);
        database.write(sql -> sql.update(
                "INSERT INTO chunk (organization_id, sha1, size, created) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (organization_id, sha1) DO UPDATE SET created = excluded.created",
                organization.id(),
                sha1,
                size,
                clock.millis()));
    }

    /** What was put together is not needed in parts. */
    public void drop(Organization organization, Collection<String> names) {
        database.write(sql -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            names.forEach(name -> rows.add(new Object[] {organization.id(), name}));
            sql.batch("DELETE FROM chunk WHERE organization_id = ? AND sha1 = ?", rows);
            return null;
        });
        names.forEach(name -> blobs.delete(BlobKey.chunk(organization.id(), name)));
    }
}
