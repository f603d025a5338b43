package framewright.store;

import framewright.config.StoreSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;

/** All that is kept, open. */
public final class Store implements AutoCloseable {
    private final Blobs blobs;
    private final Database database;
    private final InstantSource clock;
    private final Tenants tenants;
    private final Tokens tokens;
    private final Chunks chunks;
    private final Assemblies assemblies;
    private final DebugFiles debugFiles;
    private final ArtifactBundles bundles;
    private final Releases releases;
    private final ReleaseFiles releaseFiles;
    private final Audit audit;

    private Store(Blobs blobs, Database database, InstantSource clock) {
        this.blobs = blobs;
        this.database = database;
        this.clock = clock;
        this.tenants = new Tenants(database, clock);
        this.tokens = new Tokens(database, clock);
        this.chunks = new Chunks(database, blobs, clock);
        this.assemblies = new Assemblies(database, clock);
        this.debugFiles = new DebugFiles(database, clock);
        this.bundles = new ArtifactBundles(database, clock);
        this.releases = new Releases(database, clock);
        this.releaseFiles = new ReleaseFiles(database, clock);
        this.audit = new Audit(database, clock);
    }

    /** @throws StoreFailure where a part of it cannot be had */
    public static Store open(StoreSettings settings, InstantSource clock) {
        Blobs blobs = new FolderBlobs(settings.dir());
        try {
            return new Store(blobs, Database.sqlite(settings.dir().resolve("store.db")), clock);
        } catch (StoreFailure e) {
            blobs.close();
            throw e;
        }
    }

    public Tenants tenants() {
        return tenants;
    }

    public Tokens tokens() {
        return tokens;
    }

    public Chunks chunks() {
        return chunks;
    }

    public Assemblies assemblies() {
        return assemblies;
    }

    public DebugFiles debugFiles() {
        return debugFiles;
    }

    public ArtifactBundles bundles() {
        return bundles;
    }

    public Releases releases() {
        return releases;
    }

    public ReleaseFiles releaseFiles() {
        return releaseFiles;
    }

    public Audit audit() {
        return audit;
    }

    InstantSource clock() {
        return clock;
    }

    public Blobs blobs() {
        return blobs;
    }

    /**
     * Keeps a file as a blob, which has to be named by something soon.
     *
     * @param file of {@link Blobs#newFile}; gone afterwards
     * @param digest of its bytes
     * @param sha1 of its bytes
     */
    public void keep(Path file, Digest digest, String sha1, long size) {
        blobs.put(BlobKey.content(digest), file);
        database.write(sql -> sql.update(
                "INSERT INTO blob (digest, size, sha1, touched) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (digest) DO UPDATE SET touched = excluded.touched",
                digest.hex(),
                size,
                sha1,
                clock.millis()));
    }

    /** Keeps a blob from being deleted before what is about to name it is written. */
    static void touch(Sql sql, Digest digest, long now) throws SQLException {
        if (sql.update("UPDATE blob SET touched = ? WHERE digest = ?", now, digest.hex()) == 0) {
            throw new IllegalStateException("named before it was kept: " + digest);
        }
    }

    @Override
    public void close() {
        database.close();
        blobs.close();
    }
}
