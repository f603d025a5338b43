package framewright.uploads;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.store.Assemblies;
import framewright.store.Assemblies.State;
import framewright.store.Assemblies.Status;
import framewright.store.DebugFile;
import framewright.store.Digest;
import framewright.store.Organization;
import framewright.store.Project;
import framewright.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what arrived in chunks, behind the answers of clients that ask how it stands.
 *
 * <p>Everything here may be done twice and ends the same, so that a node that dies leaves nothing but work to do again:
 * chunks stay until they are too old, a file is whole or absent, and the table of {@link Assemblies} has rows only for
 * what is under way in several chunks, and for failures. What a node has queued only it knows; another one that is asked
 * does the work itself.
 */
public final class Assembler implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Assembler.class.getName());

    /** How often a node says that it is still at it. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** After so long without a word another node takes over. */
    private static final Duration STALE = Duration.ofSeconds(30);

    /** More uploads than this wait at their clients, who ask again. */
    private static final int MAX_WAITING = 50_000;

    /** What is begun early takes room while its client sends; of more files, chunks only are kept until all are there. */
    private static final int MAX_BEGUN = 4;

    /** Without a chunk for so long, a client has gone away. */
    private static final Duration ABANDONED = Duration.ofMinutes(2);

    private final Store store;
    private final Uploads uploads;
    private final InstantSource clock;
    private final long maxFileBytes;
    private final ExecutorService workers;
    private final ScheduledExecutorService heart;

    /** Queued and running, and the organisations they are of. */
    private final Map<Assemblies.Key, Organization> pending = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private final Set<Assemblies.Key> claimed = ConcurrentHashMap.newKeySet();

    /** Files that are put together as their chunks arrive. */
    private final Map<Assemblies.Key, Begun> begun = new ConcurrentHashMap<>();

    /** @param since when something of it arrived last */
    private record Begun(Joining joining, Instant since) {}

    /**
     * @param workers how many files are put together at a time
     * @param maxFileBytes larger files are refused
     */
    public Assembler(Store store, Uploads uploads, InstantSource clock, int workers, long maxFileBytes) {
        this.store = store;
        this.uploads = uploads;
        this.clock = clock;
        this.maxFileBytes = maxFileBytes;
        this.workers = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name("assembly-", 1).factory());
        this.heart = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("assembly-heart").factory());
        Future<?> _ = heart.scheduleAtFixedRate(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A file that a client has, or wants to hear of.
     *
     * @param sha1 of the whole of it
     * @param debugId what the client says it is; null: nothing
     * @param chunks SHA-1s in the order of the file; none: the client only asks
     */
    public record Wanted(String sha1, String name, @Nullable DebugId debugId, List<String> chunks) {
        public Wanted {
            chunks = List.copyOf(chunks);
        }
    }

    /** How an upload stands. */
    public sealed interface Standing {
        /** Chunks have to be sent, or, where none is missing, nothing is known of it. */
        record NotFound(Set<String> missing) implements Standing {}

        /** Ask again. */
        record Assembling() implements Standing {}

        /** Refused, or it failed; the sentence says which. */
        record Refused(String detail) implements Standing {}

        /** It is kept. */
        record Done(List<DebugFile> files) implements Standing {}
    }

    /** How debug files stand, after starting what can be started. */
    public Map<String, Standing> debugFiles(Organization organization, Project project, Collection<Wanted> wanted) {
        Map<Wanted, Assemblies.Key> keys = new LinkedHashMap<>();
        wanted.forEach(file -> keys.put(file, key("debug-file/" + project.id(), file)));
        Set<Assemblies.Key> busy = Set.copyOf(pending.keySet());
        // in this order: what ends meanwhile is in the later of the two looks
        Map<String, List<DebugFile>> there = store.debugFiles()
                .ofFiles(project, wanted.stream().map(Wanted::sha1).toList());
        Map<Assemblies.Key, Status> known = store.assemblies().all(organization, keys.values());
        Map<String, Standing> standings = new LinkedHashMap<>();
        Map<Wanted, Assemblies.Key> open = new LinkedHashMap<>();
        keys.forEach((file, key) -> {
            List<DebugFile> kept = there.getOrDefault(file.sha1, List.of()).stream()
                    .filter(isMeant(file))
                    .toList();
            // what is kept and not looked up yet may still be refused
            Standing standing = kept.isEmpty() || isUnderWay(key, busy, known.get(key))
                    ? standing(organization, key, busy, known.get(key))
                    : new Standing.Done(kept);
            if (standing == null) {
                open.put(file, key);
            } else {
                standings.put(file.sha1, standing);
            }
        });
        Set<String> missing = missing(organization, open.keySet());
        open.forEach((file, key) -> standings.put(
                file.sha1, start(organization, key, file, missing, incoming -> uploads.accept(project, incoming))));
        return standings;
    }

    /** The same content may have come before as another object: the id that is meant decides. */
    private static Predicate<DebugFile> isMeant(Wanted file) {
        DebugId named = SideFiles.idInName(file.name);
        DebugId id = file.debugId == null ? named : file.debugId;
        return kept -> id == null || id.equals(kept.entry().debugId());
    }

    /**
     * How an artifact bundle stands, after starting what can be started.
     *
     * @param release null: as its manifest says
     * @param dist null: as its manifest says
     */
    public Standing bundle(
            Organization organization,
            List<Project> projects,
            Wanted bundle,
            @Nullable String release,
            @Nullable String dist) {
        String subject =
                "bundle/" + projects.stream().map(Project::id).toList() + "/" + text(release) + "/" + text(dist);
        Assemblies.Key key = key("bundle/" + fingerprint(subject), bundle);
        Set<Assemblies.Key> busy = Set.copyOf(pending.keySet());
        Status known = store.assemblies().all(organization, List.of(key)).get(key);
        // only this request's own end tells which release the manifest names
        boolean ended = known != null && known.state() == State.OK;
        if (ended
                ? store.bundles().has(projects, bundle.sha1, release, dist)
                : store.bundles().has(projects, bundle.sha1, text(release), text(dist))) {
            return new Standing.Done(List.of());
        }
        Standing standing = standing(organization, key, busy, known);
        return standing != null
                ? standing
                : start(organization, key, bundle, missing(organization, Set.of(bundle)), incoming -> {
                    Outcome<Accepted> kept = uploads.acceptBundle(organization, projects, incoming, release, dist);
                    if (kept instanceof Found) {
                        store.assemblies().set(organization, key, State.OK, null);
                    }
                    return kept;
                });
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** A refusal is of one request: with other chunks or another name it may end otherwise. */
    private static Assemblies.Key key(String subject, Wanted file) {
        return new Assemblies.Key(
                subject + "/" + fingerprint(file.name + "\n" + file.debugId + "\n" + String.join(",", file.chunks)),
                file.sha1);
    }

    /** As short as a key may be, and long enough to be one. */
    private static String fingerprint(String text) {
        return HexFormat.of().formatHex(Digest.hash("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }

    /** Null: it may be started. */
    private @Nullable Standing standing(
            Organization organization, Assemblies.Key key, Set<Assemblies.Key> busy, @Nullable Status status) {
        if (isUnderWay(key, busy, status)) {
            return new Standing.Assembling();
        }
        if (status == null) {
            return null;
        }
        return switch (status.state()) {
            // it was deleted since
            case OK -> null;
            case ERROR -> new Standing.Refused(text(status.detail()));
            case CREATED -> {
                // told once; who asks again wants it tried again
                store.assemblies().forget(organization, key);
                yield new Standing.Refused(text(status.detail()));
            }
            // whoever was at it has died
            case ASSEMBLING -> null;
        };
    }

    /** Here, or at a node that said so not long ago. */
    private boolean isUnderWay(Assemblies.Key key, Set<Assemblies.Key> busy, @Nullable Status status) {
        return busy.contains(key)
                || (status != null
                        && status.state() == State.ASSEMBLING
                        && !status.updated().isBefore(stale()));
    }

    private Instant stale() {
        return clock.instant().minus(STALE);
    }

    private Set<String> missing(Organization organization, Collection<Wanted> files) {
        Set<String> chunks = new LinkedHashSet<>();
        files.forEach(file -> chunks.addAll(file.chunks));
        return store.chunks().missing(organization, chunks);
    }

    @FunctionalInterface
    private interface Acceptance {
        Outcome<Accepted> accept(Incoming incoming) throws InterruptedException;
    }

    private Standing start(
            Organization organization, Assemblies.Key key, Wanted file, Set<String> missing, Acceptance acceptance) {
        Set<String> lacking = new LinkedHashSet<>(file.chunks);
        lacking.retainAll(missing);
        if (file.chunks.isEmpty() || !lacking.isEmpty()) {
            begin(organization, key, file, lacking);
            return new Standing.NotFound(lacking);
        }
        if (pending.size() < MAX_WAITING && pending.putIfAbsent(key, organization) == null) {
            workers.execute(() -> work(organization, key, file, acceptance));
        }
        return new Standing.Assembling();
    }

    /** Files of one chunk are joined quickly enough when it is there. */
    private void begin(Organization organization, Assemblies.Key key, Wanted file, Set<String> lacking) {
        if (file.chunks.size() > 1 && begun.size() < MAX_BEGUN) {
            begun.computeIfAbsent(key, _ -> new Begun(joining(organization, file, lacking), clock.instant()));
        }
    }

    private Joining joining(Organization organization, Wanted file, Set<String> lacking) {
        return new Joining(store, organization, file, lacking, maxFileBytes);
    }

    /** Chunks were kept: what they belong to goes on. */
    public void arrived(Organization organization, Collection<String> chunks) {
        begun.forEach((key, one) -> {
            if (one.joining.arrived(organization, chunks)) {
                begun.replace(key, one, new Begun(one.joining, clock.instant()));
                workers.execute(() -> advance(key, one.joining));
            }
        });
    }

    private void advance(Assemblies.Key key, Joining joining) {
        try {
            joining.advance();
        } catch (LostPartException | StorageFailure _) {
            // it is done anew when the client asks how it stands, who then hears what is wrong
            begun.computeIfPresent(key, (_, one) -> one.joining == joining ? null : one);
        }
    }

    private void work(Organization organization, Assemblies.Key key, Wanted file, Acceptance acceptance) {
        boolean large = file.chunks.size() > 1;
        boolean judged = true;
        try {
            if (large && !store.assemblies().begin(organization, key, stale())) {
                return;
            }
            if (large) {
                claimed.add(key);
            }
            switch (assembled(organization, key, file).flatMap(incoming -> accepted(acceptance, incoming))) {
                case Failed<Accepted>(Failure failure) ->
                    store.assemblies().set(organization, key, State.ERROR, failure.describe());
                case Found<Accepted>(Accepted accepted) -> {
                    if (large) {
                        judged = false;
                        awaitVerdict(organization, key, accepted);
                    }
                }
            }
        } catch (LostPartException | StorageFailure e) {
            tryAgain(organization, key, file.name + ": " + e.getMessage() + "; try again");
        } catch (RuntimeException | Error e) {
            // whatever it is, somebody asks how it stands
            LOG.log(Level.SEVERE, "an upload met a bug of ours", e);
            tryAgain(organization, key, file.name + ": internal error; the server's log has it");
        } finally {
            if (judged) {
                claimed.remove(key);
                pending.remove(key);
            }
        }
    }

    /** Those who ask on hear of a file that is of no use in the end; it is kept and found meanwhile. */
    private void awaitVerdict(Organization organization, Assemblies.Key key, Accepted accepted) {
        Future<?> _ = heart.schedule(() -> end(organization, key), Intake.VERDICT.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<?> _ = accepted.verdict().whenComplete((useless, bug) -> {
            if (bug != null) {
                LOG.log(Level.SEVERE, "the table of an upload met a bug of ours", bug);
            } else if (useless.isPresent()) {
                refuse(organization, key, useless.get());
            }
            end(organization, key);
        });
    }

    private void refuse(Organization organization, Assemblies.Key key, Failure useless) {
        try {
            store.assemblies().set(organization, key, State.ERROR, useless.describe());
        } catch (StorageFailure e) {
            LOG.log(Level.WARNING, "an upload is of no use and that cannot be noted: {0}", useless.describe());
        }
    }

    /** It is nobody's work any more. */
    private void end(Organization organization, Assemblies.Key key) {
        if (claimed.remove(key)) {
            pending.remove(key);
            try {
                store.assemblies().end(organization, key);
            } catch (StorageFailure e) {
                LOG.log(Level.WARNING, "the end of an upload cannot be noted: {0}", e.getMessage());
            }
        }
    }

    private static Outcome<Accepted> accepted(Acceptance acceptance, Incoming incoming) {
        try {
            return acceptance.accept(incoming);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LostPartException("the server is stopping");
        }
    }

    private void tryAgain(Organization organization, Assemblies.Key key, String why) {
        if (closed) {
            // what was cut off goes on by itself when the client asks again
            return;
        }
        try {
            store.assemblies().set(organization, key, State.CREATED, why);
        } catch (StorageFailure e) {
            LOG.log(Level.WARNING, "an upload failed and that cannot be noted: {0}", why);
        }
    }

    private Outcome<Incoming> assembled(Organization organization, Assemblies.Key key, Wanted file) {
        Begun early = begun.remove(key);
        Joining joining = early == null ? joining(organization, file, Set.of()) : early.joining;
        return joining.finish().flatMap(incoming -> checked(organization, file, incoming));
    }

    /** Each chunk was what it is called when it came: then the client is wrong, or a disk. */
    private Outcome<Incoming> checked(Organization organization, Wanted file, Incoming incoming) {
        if (incoming.sha1().equals(file.sha1)) {
            return Outcome.found(incoming);
        }
        incoming.discard();
        store.chunks().drop(organization, file.chunks);
        return Outcome.failed(new Malformed(file.name + ": its parts make up a file with the SHA-1 " + incoming.sha1()
                + ", not " + file.sha1 + "; send it again"));
    }

    private void beat() {
        Map<Assemblies.Key, Organization> running = new HashMap<>(pending);
        running.keySet().retainAll(claimed);
        try {
            running.forEach((key, organization) -> store.assemblies().touch(organization, key));
        } catch (StorageFailure e) {
            LOG.log(Level.WARNING, "the store cannot be told of running uploads: {0}", e.getMessage());
        }
        giveUp(clock.instant().minus(ABANDONED));
    }

    /** Gives back the room of those that nothing has come for since then. */
    private void giveUp(Instant before) {
        begun.forEach((key, one) -> {
            if (one.since.isBefore(before) && begun.remove(key, one)) {
                one.joining.discard();
            }
        });
    }

    /** What runs is cut off; it is done again when the client asks again. */
    @Override
    public void close() {
        closed = true;
        heart.shutdownNow();
        workers.shutdownNow();
        workers.close();
        giveUp(Instant.MAX);
    }
}
