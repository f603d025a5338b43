package framewright.objects;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.cache.Loaded;
import framewright.cache.Staging;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.Abort;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.NativeStatus;
import framewright.nativebridge.ObjectFiles;
import framewright.nativebridge.ObjectFiles.FileInfo;
import framewright.nativebridge.ObjectFiles.ObjectInfo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Downloads, unpacks and looks at one file; of an archive of several architectures, only the wanted one stays. */
final class ObjectLoader {
    private static final long MIN_EMBEDDED_BYTES = 1 << 20;
    private static final int EMBEDDED_RATIO = 8;
    private static final int MAX_SLICES_TOLD = 8;

    private final Fetcher fetcher;
    private final NativePool pool;
    private final long maxBytes;
    private final Unpacker unpacker;

    ObjectLoader(Fetcher fetcher, NativePool pool, long maxBytes) {
        this.fetcher = fetcher;
        this.pool = pool;
        this.maxBytes = maxBytes;
        this.unpacker = new Unpacker(pool, maxBytes);
    }

    /** Gets the file, unpacked. */
    Outcome<Loaded> load(RemoteFile file, Staging staging) throws IOException, InterruptedException {
        return load(file, staging, new Abort());
    }

    private Outcome<Loaded> load(RemoteFile file, Staging staging, Abort abort)
            throws IOException, InterruptedException {
        Outcome<Loaded> fetched = fetcher.fetch(file, staging, abort);
        try {
            return fetched instanceof Failed ? fetched : unpacker.unpack(staging);
        } catch (NativeException e) {
            staging.doNotRemember();
            return NativeFailures.bug(e);
        }
    }

    /**
     * Gets an object file.
     *
     * @param looked told what it is
     * @param abort ends the download
     */
    Outcome<Loaded> loadObject(
            RemoteFile file, ObjectId wanted, Staging staging, Consumer<ObjectMeta> looked, Abort abort)
            throws IOException, InterruptedException {
        Outcome<Loaded> loaded = load(file, staging, abort);
        if (loaded instanceof Failed) {
            return loaded;
        }
        try {
            return switch (inspect(staging.file(), wanted)) {
                case NativeResult.Ok<FileInfo>(FileInfo info) ->
                    wanted.type() == ObjectType.PE_DOTNET && info.kind().equals("pe")
                            ? keepEmbedded(info, wanted, staging, looked)
                            : keepWanted(info, staging, looked);
                case NativeResult.Failed<FileInfo>(NativeFailure failure) -> Outcome.failed(NativeFailures.of(failure));
            };
        } catch (NativeException e) {
            staging.doNotRemember();
            return NativeFailures.bug(e);
        }
    }

    /** Of a .NET program that carries its portable PDB, only that stays; one that carries none stays as it is. */
    private Outcome<Loaded> keepEmbedded(
            FileInfo program, ObjectId wanted, Staging staging, Consumer<ObjectMeta> looked)
            throws IOException, InterruptedException {
        Path pe = staging.file();
        Path pdb = staging.scratch("pdb");
        // A PDB is compressed within its program, to a third or so.
        long room = Math.min(maxBytes, MIN_EMBEDDED_BYTES + EMBEDDED_RATIO * Files.size(pe));
        if (!staging.reserve(Files.size(pe) + room)) {
            return staging.noRoom();
        }
        NativeResult<Long> extracted = pool.call(() -> ObjectFiles.extractPortablePdb(pe, pdb, room));
        if (extracted instanceof NativeResult.Failed<Long>(NativeFailure failure)) {
            return failure.status() == NativeStatus.NOT_FOUND
                    ? keepWanted(program, staging, looked)
                    : Outcome.failed(NativeFailures.of(failure));
        }
        Files.move(pdb, pe, StandardCopyOption.REPLACE_EXISTING);
        return switch (inspect(pe, wanted)) {
            case NativeResult.Ok<FileInfo>(FileInfo info) -> keepWanted(info, staging, looked);
            case NativeResult.Failed<FileInfo>(NativeFailure failure) -> Outcome.failed(NativeFailures.of(failure));
        };
    }

    /** What a file on disk is. */
    NativeResult<FileInfo> inspect(Path file, @Nullable ObjectId wanted) throws InterruptedException {
        String debugId = wanted == null || wanted.debugId() == null
                ? null
                : wanted.debugId().toString();
        String codeId = wanted == null || wanted.codeId() == null
                ? null
                : wanted.codeId().hex();
        return pool.call(() -> ObjectFiles.inspect(file, debugId, codeId));
    }

    private static Outcome<Loaded> keepWanted(FileInfo info, Staging staging, Consumer<ObjectMeta> looked)
            throws IOException {
        if (info.objects().isEmpty()) {
            return Outcome.failed(new Malformed("the file is no object file but " + info.kind()));
        }
        ObjectInfo object = info.match() < 0 ? null : info.objects().get(info.match());
        if (object == null) {
            return Outcome.failed(Missing.amongSlices(slices(info)));
        }
        if (info.multi() && !extract(object, staging)) {
            return staging.noRoom();
        }
        looked.accept(ObjectMeta.of(object));
        return Loaded.ok();
    }

    private static String slices(FileInfo archive) {
        return archive.objects().stream()
                .limit(MAX_SLICES_TOLD)
                .map(object -> object.arch() + " " + (object.debugId() == null ? "without id" : object.debugId()))
                .collect(Collectors.joining(", "));
    }

    /** Leaves nothing but the object's bytes; false where there is no room for them. */
    private static boolean extract(ObjectInfo object, Staging staging) throws IOException {
        Path archive = staging.file();
        Path slice = staging.scratch("slice");
        long archiveBytes = Files.size(archive);
        if (object.offset() < 0 || object.size() < 0 || object.size() > archiveBytes - object.offset()) {
            throw new IllegalStateException("an object reaches beyond its archive");
        }
        if (!staging.reserve(archiveBytes + object.size())) {
            return false;
        }
        try (FileChannel from = FileChannel.open(archive);
                FileChannel to = FileChannel.open(slice, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long copied = 0;
            while (copied < object.size()) {
                copied += from.transferTo(object.offset() + copied, object.size() - copied, to);
            }
        }
        Files.move(slice, archive, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }
}
