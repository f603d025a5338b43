package framewright.uploads;

import framewright.api.BundleManifest;
import framewright.api.JsStem;
import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.ScriptRelease;
import framewright.api.ZipFiles;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ObjectFiles;
import framewright.store.ArtifactBundle;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import framewright.store.Organization;
import framewright.store.Project;
import framewright.store.Quotas;
import framewright.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Files that were received become files of the store, or are refused with a reason that names them. */
public final class Uploads implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Uploads.class.getName());

    /** The tables of smaller files are made before the answer. */
    private static final long LARGE_BYTES = 8 << 20;

    /** A PDB is compressed within its program, to a third or so. */
    private static final int EMBEDDED_RATIO = 8;

    private static final long MIN_EMBEDDED_BYTES = 1 << 20;

    /** Who throws away what nobody asked to be thrown away. */
    private static final String ACTOR = "server";

    private final Store store;
    private final NativePool pool;
    private final Receiver receiver;
    private final Identification identification;
    private final Conversion conversion;
    private final Conversion finished;
    private final Arrivals arrivals;
    private final ExecutorService judges = Executors.newVirtualThreadPerTaskExecutor();

    /** Hears of what can be found from now on. */
    @FunctionalInterface
    public interface Arrivals {
        /**
         * @param organization key of the one whose projects see the file
         * @param ids by which it is asked for, each written as its type writes it
         * @param sha1 of the file
         */
        void arrived(long organization, Collection<String> ids, String sha1);
    }

    /**
     * @param pool for looking into files
     * @param finished the same as {@code conversion} once the tables are there, or cannot be, that it has left to be made behind it
     */
    public Uploads(Store store, NativePool pool, Conversion conversion, Conversion finished, Arrivals arrivals) {
        this.store = store;
        this.pool = pool;
        this.receiver = new Receiver(store.blobs());
        this.identification = new Identification(pool);
        this.conversion = conversion;
        this.finished = finished;
        this.arrivals = arrivals;
    }

    /**
     * Says what a debug file is, and keeps it.
     *
     * @param incoming its file is gone afterwards, whatever comes of it
     * @throws StorageFailure the store cannot keep it; nothing of it is left
     */
    public Outcome<Accepted> accept(Project project, Incoming incoming) throws InterruptedException {
        Accepted accepted;
        try {
            switch (identification.identify(incoming)) {
                case Failed<Accepted>(Failure failure) -> {
                    return Outcome.failed(failure);
                }
                case Found<Accepted>(Accepted known) -> accepted = known;
            }
            Failure full = refusal(List.of(project), incoming);
            if (full != null) {
                return Outcome.failed(full);
            }
            accepted = withEmbedded(project, incoming, accepted);
            keep(project, incoming, accepted.entries());
        } finally {
            incoming.discard();
        }
        String problem = conversion.convert(project, incoming.sha1(), accepted.entries());
        if (problem == null) {
            arrivals.arrived(project.organization(), ids(accepted.entries()), incoming.sha1());
            return Outcome.found(incoming.size() < LARGE_BYTES ? accepted : judgedLater(project, incoming, accepted));
        }
        return Outcome.failed(thrownAway(project, incoming, problem));
    }

    /** Nobody need be there any more to hear that the file is of no use, so the audit log has it too. */
    private Accepted judgedLater(Project project, Incoming incoming, Accepted accepted) {
        return accepted.judged(CompletableFuture.supplyAsync(
                () -> {
                    try {
                        String problem = finished.convert(project, incoming.sha1(), accepted.entries());
                        if (problem == null) {
                            return Optional.empty();
                        }
                        Failure useless = thrownAway(project, incoming, problem);
                        store.audit().write(project, ACTOR, "file.refuse", project.slug() + "/" + useless.describe());
                        return Optional.of(useless);
                    } catch (InterruptedException e) {
                        return Optional.empty();
                    } catch (StorageFailure e) {
                        LOG.log(Level.WARNING, "a file that is of no use is still there: {0}", e.getMessage());
                        return Optional.empty();
                    }
                },
                judges));
    }

    private Failure thrownAway(Project project, Incoming incoming, String problem) {
        for (DebugFile useless : store.debugFiles()
                .ofFiles(project, List.of(incoming.sha1()))
                .getOrDefault(incoming.sha1(), List.of())) {
            store.debugFiles().delete(project, useless.id());
        }
        return new Malformed(incoming.name() + ": no lookup table can be made of it: " + problem);
    }

    private static List<String> ids(List<DebugFile.Entry> entries) {
        return entries.stream()
                .flatMap(entry -> Stream.of(Optional.ofNullable(entry.debugId()), Optional.ofNullable(entry.codeId())))
                .flatMap(Optional::stream)
                .map(Object::toString)
                .distinct()
                .toList();
    }

    /** Why a quota does not let the projects have the file; null: it does, or they all have it. */
    private @Nullable Failure refusal(Collection<Project> projects, Incoming incoming) {
        for (Project project : projects) {
            Quotas.Refusal refusal = store.quotas().refusal(project, incoming.digest(), incoming.size());
            if (refusal != null) {
                return new Denied(incoming.name() + ": " + refusal.describe());
            }
        }
        return null;
    }

    private void keep(Project project, Incoming incoming, List<DebugFile.Entry> entries) {
        store.keep(incoming.file(), incoming.digest(), incoming.sha1(), incoming.size());
        store.debugFiles().add(project, incoming.digest(), entries);
    }

    /** Keeps the portable PDB that a .NET program may carry as a file of its own, since that is how it is asked for. */
    private Accepted withEmbedded(Project project, Incoming program, Accepted accepted) throws InterruptedException {
        if (accepted.entries().getFirst().kind() != DebugFileKind.PE) {
            return accepted;
        }
        Path pdb = store.blobs().newFile();
        try {
            long room = MIN_EMBEDDED_BYTES + EMBEDDED_RATIO * program.size();
            if (!(extract(program.file(), pdb, room) instanceof NativeResult.Ok<Long>)) {
                return accepted;
            }
            try (InputStream in = Files.newInputStream(pdb)) {
                return receiver.receive(in, program.name() + ".pdb", room, null)
                                instanceof Found<Incoming>(Incoming found)
                        ? withEmbedded(project, accepted, found)
                        : accepted;
            }
        } catch (IOException e) {
            throw new StorageFailure("the store cannot read what it was sent: " + e.getMessage(), e);
        } finally {
            NewFile.discard(pdb);
        }
    }

    private Accepted withEmbedded(Project project, Accepted accepted, Incoming pdb) throws InterruptedException {
        try {
            if (identification.identify(pdb) instanceof Found<Accepted>(Accepted embedded)) {
                keep(project, pdb, embedded.entries());
                List<DebugFile.Entry> all = new ArrayList<>(accepted.entries());
                all.addAll(embedded.entries());
                return new Accepted(all, embedded.notes());
            }
            return accepted;
        } finally {
            pdb.discard();
        }
    }

    private @Nullable NativeResult<Long> extract(Path program, Path pdb, long room) throws InterruptedException {
        try {
            return pool.call(() -> ObjectFiles.extractPortablePdb(program, pdb, room));
        } catch (NativeException e) {
            return null;
        }
    }

    /**
     * Keeps an artifact bundle: a zip with a manifest, with or without the head of a source bundle.
     *
     * @param incoming its file is gone afterwards, whatever comes of it
     * @param release null: as the manifest says
     * @param dist null: as the manifest says
     * @throws StorageFailure the store cannot keep it; nothing of it is left
     */
    public Outcome<Accepted> acceptBundle(
            Organization organization,
            Collection<Project> projects,
            Incoming incoming,
            @Nullable String release,
            @Nullable String dist) {
        try {
            ArtifactBundle.Description description;
            try (ZipFile zip = ZipFiles.open(incoming.file())) {
                description = describe(BundleManifest.of(zip), incoming, release, dist);
            } catch (IOException e) {
                return Outcome.failed(
                        new Malformed(incoming.name() + " cannot be read as an artifact bundle: " + e.getMessage()));
            }
            Failure full = refusal(projects, incoming);
            if (full != null) {
                return Outcome.failed(full);
            }
            store.keep(incoming.file(), incoming.digest(), incoming.sha1(), incoming.size());
            store.bundles().add(organization, projects, incoming.digest(), description);
            Stream<String> debugIds = description.files().stream()
                    .flatMap(file -> Stream.ofNullable(file.debugId()))
                    .map(DebugId::toString);
            String ofRelease = ScriptRelease.id(description.release(), description.dist());
            List<String> ids = Stream.concat(debugIds, Stream.ofNullable(ofRelease))
                    .distinct()
                    .toList();
            arrivals.arrived(organization.id(), ids, incoming.sha1());
            return Outcome.found(new Accepted(List.of(), notes(incoming, description)));
        } finally {
            incoming.discard();
        }
    }

    private static ArtifactBundle.Description describe(
            BundleManifest manifest, Incoming incoming, @Nullable String release, @Nullable String dist) {
        List<ArtifactBundle.File> files = manifest.files().stream()
                .map(file -> new ArtifactBundle.File(
                        file.path(), file.url(), JsStem.of(file.url()), file.type(), file.debugId()))
                .toList();
        return new ArtifactBundle.Description(
                first(manifest.bundleId(), incoming.sha1()),
                first(release, first(manifest.release(), "")),
                first(dist, first(manifest.dist(), "")),
                files);
    }

    private static List<String> notes(Incoming incoming, ArtifactBundle.Description description) {
        boolean found = !description.release().isEmpty()
                || description.files().stream().anyMatch(file -> file.debugId() != null);
        return found
                ? List.of()
                : List.of(incoming.name()
                        + ": none of its files has a debug id, and it is of no release, so that no trace"
                        + " can ask for it; run `sentry-cli sourcemaps inject` before the upload");
    }

    private static String first(@Nullable String one, String other) {
        return one == null ? other : one;
    }

    @Override
    public void close() {
        judges.shutdownNow();
        judges.close();
    }
}
