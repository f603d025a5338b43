package framewright.store;

import framewright.api.Readiness;
import framewright.config.StoreSettings;
import framewright.database.Database;
import framewright.database.Sql;
import framewright.database.StorageFailure;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

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
    private final ReleaseContents releaseContents;
    private final ReleaseFiles releaseFiles;
    private final UploadKeys uploadKeys;
    private final Audit audit;
    private final Uses uses;
    private final Quotas quotas;
    private final Retention retention;
    private final Housekeeping housekeeping;
    private final Verify verify;
    private final Counting counting;
    private final AtomicLong kept = new AtomicLong();

    private Store(Blobs blobs, Database database, StoreSettings settings, InstantSource clock) {
        this.blobs = blobs;
        this.database = database;
        this.clock = clock;
        this.tenants = new Tenants(database, clock);
        this.tokens = new Tokens(database, clock);
        this.chunks = new Chunks(database, blobs, clock);
        this.assemblies = new Assemblies(database, clock);
        this.uses = new Uses(database, clock);
        this.debugFiles = new DebugFiles(database, uses, clock);
        this.bundles = new ArtifactBundles(database, uses, clock);
        this.releases = new Releases(database, clock);
        this.releaseContents = new ReleaseContents(database);
        this.releaseFiles = new ReleaseFiles(database, uses, clock);
        this.uploadKeys = new UploadKeys(database, clock);
        this.audit = new Audit(database, clock);
        this.quotas = new Quotas(database, settings.quotas(), clock);
        this.retention = new Retention(database, uses, settings.retention(), clock);
        this.housekeeping = new Housekeeping(database, blobs, chunks, retention, clock);
        this.verify = new Verify(database, blobs);
        this.counting = new Counting(database, clock);
    }

    /** @throws StorageFailure where a part of it cannot be had */
    public static Store open(StoreSettings settings, InstantSource clock) {
        Blobs blobs = blobs(settings, new TemporaryFiles(settings.dir().resolve("tmp")));
        try {
            Database database = settings.database() == null
                    ? Database.sqlite(settings.dir().resolve("store.db"))
                    : Database.postgres(settings.database());
            return new Store(blobs, database, settings, clock);
        } catch (StorageFailure e) {
            blobs.close();
            throw e;
        }
    }

    private static Blobs blobs(StoreSettings settings, TemporaryFiles temporary) {
        if (settings.s3() == null) {
            return new FolderBlobs(settings.dir(), temporary);
        }
        try {
            return new S3Blobs(settings.s3(), temporary);
        } catch (StorageFailure e) {
            temporary.close();
            throw e;
        }
    }

    /** The tables, for what else is kept in them. */
    public Database database() {
        return database;
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

    public ReleaseContents releaseContents() {
        return releaseContents;
    }

    public ReleaseFiles releaseFiles() {
        return releaseFiles;
    }

    public UploadKeys uploadKeys() {
        return uploadKeys;
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

    public Uses uses() {
        return uses;
    }

    public Quotas quotas() {
        return quotas;
    }

    public Retention retention() {
        return retention;
    }

    public Housekeeping housekeeping() {
        return housekeeping;
    }

    public Verify verify() {
        return verify;
    }

    /** How much is kept, as of a count not long ago; none where it was not counted yet. */
    public Counts counts() {
        return counting.last();
    }

    /** How many files were kept as blobs since the start. */
    public long kept() {
        return kept.get();
    }

    /** Whether the database and the blobs' place do what they are there for. */
    public List<Readiness.Check> check() {
        return List.of(
                check("store_database", "answers", database::check), check("store_blobs", "takes files", blobs::check));
    }

    private static Readiness.Check check(String name, String good, Runnable question) {
        try {
            question.run();
            return new Readiness.Check(name, true, good);
        } catch (StorageFailure e) {
            return new Readiness.Check(name, false, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Keeps a file as a blob, which has to be named by something soon.
     *
     * @param file of {@link Blobs#newFile}; gone afterwards, also where this fails
     * @param digest of its bytes
     * @param sha1 of its bytes
     */
    public void keep(Path file, Digest digest, String sha1, long size) {
        try {
            // before the blob is there, so that whatever happens then, somebody knows of it
            database.write(sql -> sql.update(
                    "INSERT INTO blob (digest, size, sha1, touched) VALUES (?, ?, ?, ?)"
                            + " ON CONFLICT (digest) DO UPDATE SET touched = excluded.touched",
                    digest.hex(),
                    size,
                    sha1,
                    clock.millis()));
            blobs.put(BlobKey.content(digest), file);
        } finally {
            TemporaryFiles.discard(file);
        }
        kept.incrementAndGet();
    }

    /** Keeps a blob from being deleted before what is about to name it is written. */
    static void touch(Sql sql, Digest digest, long now) throws SQLException {
        if (sql.update("UPDATE blob SET touched = ? WHERE digest = ?", now, digest.hex()) == 0) {
            throw new StorageFailure("the content " + digest + " is not here, or not any more; send it again");
        }
    }

    @Override
    public void close() {
        uses.close();
        database.close();
        blobs.close();
    }
}
