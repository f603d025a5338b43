package framewright.uploads;

import framewright.api.BundleManifest;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.ZipFiles;
import framewright.database.StorageFailure;
import framewright.debugfiles.DebugId;
import framewright.nativebridge.NativePool;
import framewright.store.Organization;
import framewright.store.Project;
import framewright.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Takes whatever a person sends with a tool that knows nothing of us: one file, or an archive of many. */
public final class Intake {
    /** An archive in an archive, such as a packed file in a zip. */
    private static final int MAX_DEPTH = 2;

    private static final int MAX_MEMBERS = 100_000;

    /** How long a client may have to wait until the table of a large file, which is kept, is known to be good. */
    public static final Duration VERDICT = Duration.ofSeconds(10);

    /** What archives may unpack to, by their own size: debug files shrink to a third, text to a tenth. */
    private static final int MAX_RATIO = 100;

    private static final long MIN_UNPACKED_BYTES = 256L << 20;

    private static final int SOURCE_BUNDLE = 0x5359_5342;
    private static final int ZIP = 0x504B_0304;

    /** What only scripts have: bundles of sources of programs look the same else. */
    private static final Set<String> OF_SCRIPTS = Set.of("minified_source", "source_map", "indexed_ram_bundle");

    private final Store store;
    private final Uploads uploads;
    private final Receiver receiver;
    private final NativePool pool;
    private final long maxFileBytes;

    /**
     * @param pool for looking into files and unpacking them
     * @param maxFileBytes largest file that is taken, in an archive or not
     */
    public Intake(Store store, Uploads uploads, NativePool pool, long maxFileBytes) {
        this.store = store;
        this.uploads = uploads;
        this.receiver = new Receiver(store.blobs());
        this.pool = pool;
        this.maxFileBytes = maxFileBytes;
    }

    /**
     * Whose the files are, and what their sender says of them.
     *
     * @param release of scripts; null: as their bundle says
     * @param dist of scripts; null: as their bundle says
     * @param debugId of a file that is no archive; null: what the file says
     */
    public record Target(
            Organization organization,
            Project project,
            @Nullable String release,
            @Nullable String dist,
            @Nullable DebugId debugId) {
        public static Target of(Organization organization, Project project) {
            return new Target(organization, project, null, null, null);
        }
    }

    /** @param sha1 of the file */
    public record Kept(String name, String sha1, long size, Accepted accepted) {}

    public record Refused(String name, String reason) {}

    /** What came of it, in the order of the archive. */
    public record Taken(List<Kept> kept, List<Refused> refused) {
        public Taken {
            kept = List.copyOf(kept);
            refused = List.copyOf(refused);
        }
    }

    /**
     * Reads a file to its end and keeps what is in it.
     *
     * @param name of the file, with slashes
     * @param patience how long to wait, once all is kept, for the tables of large files, of which some may turn out to be of no use
     * @throws IOException the stream failed
     * @throws StorageFailure the store cannot keep it; what came before in an archive is kept
     */
    public Taken take(Target target, InputStream in, String name, Duration patience)
            throws IOException, InterruptedException {
        return new Taking(target).all(in, name, patience);
    }

    private final class Taking {
        private final Target target;
        private final List<Kept> kept = new ArrayList<>();
        private final List<Refused> refused = new ArrayList<>();
        private @Nullable Archives archives;

        Taking(Target target) {
            this.target = target;
        }

        Taken all(InputStream in, String name, Duration patience) throws IOException, InterruptedException {
            receive(in, name, 0);
            long end = System.nanoTime() + patience.toNanos();
            for (Kept one : List.copyOf(kept)) {
                Failure useless = verdict(one, end - System.nanoTime());
                if (useless != null) {
                    kept.remove(one);
                    refuse(one.name, useless);
                }
            }
            return new Taken(kept, refused);
        }

        private void receive(InputStream in, String name, int depth) throws IOException, InterruptedException {
            String last = MemberName.last(name);
            switch (receiver.receive(in, last, maxFileBytes, depth == 0 ? target.debugId : null)) {
                case Failed<Incoming>(Failure failure) -> refuse(name, failure);
                case Found<Incoming>(Incoming incoming) -> {
                    try {
                        look(incoming, name, depth);
                    } finally {
                        incoming.discard();
                    }
                }
            }
        }

        private void look(Incoming incoming, String name, int depth) throws InterruptedException {
            try {
                if (isOfScripts(incoming.file())) {
                    Outcome<Accepted> outcome = uploads.acceptBundle(
                            target.organization, List.of(target.project), incoming, target.release, target.dist);
                    ended(incoming, name, outcome);
                } else if (Archives.isArchive(incoming.file())) {
                    open(incoming, name, depth);
                } else {
                    ended(incoming, name, uploads.accept(target.project, incoming));
                }
            } catch (IOException e) {
                throw new StorageFailure("the store cannot read what it was sent: " + e.getMessage(), e);
            }
        }

        private void ended(Incoming incoming, String name, Outcome<Accepted> outcome) {
            switch (outcome) {
                case Found<Accepted>(Accepted accepted) ->
                    kept.add(new Kept(name, incoming.sha1(), incoming.size(), accepted));
                case Failed<Accepted>(Failure failure) -> refuse(name, failure);
            }
        }

        /** The sentence need not begin with the name that stands before it. */
        private void refuse(String name, Failure failure) {
            String sentence = failure.describe();
            String start = MemberName.last(name) + ": ";
            refused.add(new Refused(name, sentence.startsWith(start) ? sentence.substring(start.length()) : sentence));
        }

        private void open(Incoming archive, String name, int depth) throws IOException, InterruptedException {
            if (depth == MAX_DEPTH) {
                refused.add(new Refused(name, "it is an archive within archives; unpack it first"));
                return;
            }
            if (archives == null) {
                long most = Math.max(MIN_UNPACKED_BYTES, archive.size() * MAX_RATIO);
                archives = new Archives(pool, store.blobs()::newFile, MAX_MEMBERS, most);
            }
            Outcome<Integer> read = archives.read(archive.file(), archive.name(), new Archives.Visitor() {
                @Override
                public void file(String member, InputStream content) throws IOException, InterruptedException {
                    receive(content, member, depth + 1);
                }

                @Override
                public void refused(String member, String reason) {
                    refused.add(new Refused(member, reason));
                }
            });
            switch (read) {
                case Failed<Integer>(Failure failure) -> refuse(name, failure);
                case Found<Integer>(Integer count) -> {
                    if (count == 0) {
                        refused.add(new Refused(name, "the archive holds no files"));
                    }
                }
            }
        }
    }

    /** Why a file was thrown away again; null: it was not, or that is not known in time. */
    private static @Nullable Failure verdict(Kept one, long nanos) throws InterruptedException {
        try {
            return one.accepted
                    .verdict()
                    .get(Math.max(0, nanos), TimeUnit.NANOSECONDS)
                    .orElse(null);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Whether it is a bundle of scripts, with the head of a source bundle or without. */
    private static boolean isOfScripts(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(Integer.BYTES);
        }
        int magic = head.length < Integer.BYTES ? 0 : ByteBuffer.wrap(head).getInt();
        if (magic != SOURCE_BUNDLE && magic != ZIP) {
            return false;
        }
        try (ZipFile zip = ZipFiles.open(file)) {
            return BundleManifest.of(zip).files().stream().anyMatch(member -> OF_SCRIPTS.contains(member.type()));
        } catch (IOException _) {
            // no manifest that can be read: then it is an archive like any, or no zip
            return false;
        }
    }
}
