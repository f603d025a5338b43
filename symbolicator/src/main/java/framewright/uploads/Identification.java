package framewright.uploads;

import framewright.api.DartSymbolMap;
import framewright.api.Outcome;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unsupported;
import framewright.database.StorageFailure;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.NativeStatus;
import framewright.nativebridge.ObjectFiles;
import framewright.nativebridge.ObjectFiles.FileInfo;
import framewright.nativebridge.ObjectFiles.ObjectInfo;
import framewright.store.DebugFile;
import framewright.store.DebugFileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells what a file is. Its bytes decide; several kinds arrive under one name. */
public final class Identification {
    private static final Logger LOG = Logger.getLogger(Identification.class.getName());

    /** What an object without a CPU is said to be for. */
    private static final String ANY = "any";

    private final NativePool pool;

    /** @param pool for looking into files */
    public Identification(NativePool pool) {
        this.pool = pool;
    }

    /** What is in the file; where it is of no use, a sentence that begins with its name. */
    public Outcome<Accepted> identify(Subject incoming) throws InterruptedException {
        try {
            Outcome<Accepted> known = incoming.size() == 0
                    ? Outcome.failed(new Malformed("it is empty"))
                    : SideFiles.startsLikeDartMap(incoming.file()) ? dartMap(incoming) : inspected(incoming);
            return known instanceof Outcome.Failed<Accepted>(Failure failure)
                    ? Outcome.failed(named(incoming, failure))
                    : known;
        } catch (IOException e) {
            throw new StorageFailure("the store cannot read what it was sent: " + e.getMessage(), e);
        }
    }

    private static Failure named(Subject incoming, Failure failure) {
        String sentence = incoming.name() + ": " + failure.describe();
        return failure instanceof Unsupported ? new Unsupported(sentence) : new Malformed(sentence);
    }

    private static Outcome<Accepted> dartMap(Subject incoming) throws IOException {
        try (InputStream in = Files.newInputStream(incoming.file())) {
            return DartSymbolMap.count(in)
                    .flatMap(count -> count == 0
                            ? Outcome.failed(
                                    new Malformed("a Dart symbol map is a list of pairs, and this one is empty"))
                            : sideFile(
                                    incoming,
                                    DebugFileKind.DARTSYMBOLMAP,
                                    incoming.debugId(),
                                    "a Dart symbol map does not say which program it belongs to: send it with the debug"
                                            + " id of that program"));
        }
    }

    private Outcome<Accepted> inspected(Subject incoming) throws IOException, InterruptedException {
        return switch (inspect(incoming)) {
            case NativeResult.Failed<FileInfo>(NativeFailure failure) -> Outcome.failed(useless(failure));
            case NativeResult.Ok<FileInfo>(FileInfo info) ->
                switch (info.kind()) {
                    case "bcsymbolmap", "uuidmap" ->
                        sideFile(
                                incoming,
                                DebugFileKind.of(info.kind()),
                                first(incoming.debugId(), SideFiles.idInName(incoming.name())),
                                "it does not say which program it belongs to: call it UUID.bcsymbolmap or UUID.plist, as"
                                        + " Xcode does");
                    case "il2cpp" ->
                        sideFile(
                                incoming,
                                DebugFileKind.of(info.kind()),
                                first(incoming.debugId(), SideFiles.idInIl2cpp(incoming.file())),
                                "an il2cpp mapping without `__debug-id__` does not say which program it belongs to: send"
                                        + " it with the debug id of that program");
                    case "proguard" -> mapping(incoming);
                    default -> objects(incoming, info);
                };
        };
    }

    private NativeResult<FileInfo> inspect(Subject incoming) throws InterruptedException {
        try {
            return pool.call(() -> ObjectFiles.inspect(incoming.file(), null, null));
        } catch (NativeException e) {
            LOG.log(Level.SEVERE, "an uploaded file made the native code fail", e);
            return new NativeResult.Failed<>(new NativeFailure(
                    NativeStatus.MALFORMED, "panic", "the file made the parser fail", null, -1, null));
        }
    }

    private static Failure useless(NativeFailure failure) throws IOException {
        String remedy = failure.remedy() == null ? "" : "; " + failure.remedy();
        return switch (failure.status()) {
            case IO -> throw new IOException(failure.describe());
            case UNSUPPORTED -> new Unsupported(failure.describe() + remedy);
            default -> new Malformed(failure.describe() + remedy);
        };
    }

    private static Outcome<Accepted> mapping(Subject incoming) throws IOException {
        DebugId named = first(incoming.debugId(), SideFiles.idInName(incoming.name()));
        DebugId own = named == null ? SideFiles.idOfMapping(incoming.file()) : named;
        List<String> notes = SideFiles.hasLineNumbers(incoming.file())
                ? List.of()
                : List.of(incoming.name()
                        + ": the mapping has no line numbers: traces get names without lines; build with"
                        + " -keepattributes LineNumberTable");
        return Outcome.found(new Accepted(
                List.of(new DebugFile.Entry(
                        DebugFileKind.PROGUARD,
                        "none",
                        incoming.name(),
                        own,
                        SideFiles.mapId(incoming.file()),
                        ANY,
                        Set.of())),
                notes));
    }

    private static Outcome<Accepted> sideFile(
            Subject incoming, DebugFileKind kind, @Nullable DebugId id, String problemWithoutId) {
        return id == null
                ? Outcome.failed(new Malformed(problemWithoutId))
                : Outcome.found(new Accepted(List.of(entry(kind, "none", incoming.name(), id)), List.of()));
    }

    private static DebugFile.Entry entry(DebugFileKind kind, String objectKind, String name, DebugId id) {
        return new DebugFile.Entry(kind, objectKind, name, id, null, ANY, Set.of());
    }

    private static Outcome<Accepted> objects(Subject incoming, FileInfo info) {
        List<DebugFile.Entry> entries = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (ObjectInfo object : info.objects()) {
            // of a fat file, the sender's id can only be that of one slice, which has it already
            DebugId given = info.objects().size() == 1 ? incoming.debugId() : null;
            DebugFile.Entry entry = entry(incoming.name(), object, given);
            if (entry.debugId() == null && entry.codeId() == null) {
                notes.add(incoming.name() + " (" + entry.arch()
                        + "): it has neither a debug id nor a code id and cannot be"
                        + " found by any; link it with --build-id");
            } else {
                entries.add(entry);
                notes.addAll(Notes.of(entry));
            }
        }
        if (!entries.isEmpty()) {
            return Outcome.found(new Accepted(entries, notes));
        }
        return Outcome.failed(
                info.objects().isEmpty()
                        ? new Unsupported("it is a " + info.kind() + " file without any object that can be read")
                        : new Unsupported("it has neither a debug id nor a code id, by which it could be found; link it"
                                + " with --build-id"));
    }

    private static DebugFile.Entry entry(String name, ObjectInfo object, @Nullable DebugId given) {
        Set<String> features = new HashSet<>();
        add(features, object.hasDebugInfo() && !object.split(), "debug");
        add(features, object.split(), "split");
        add(features, object.hasSymbols(), "symtab");
        add(features, object.hasUnwindInfo(), "unwind");
        add(features, object.hasSources(), "sources");
        String ownId = object.debugId();
        return new DebugFile.Entry(
                DebugFileKind.of(object.fileFormat()),
                object.objectKind(),
                name,
                first(given, ownId == null ? null : DebugId.parse(ownId)),
                object.codeId() == null ? null : CodeId.parse(object.codeId()),
                object.arch().equals("unknown") ? ANY : object.arch(),
                features);
    }

    private static void add(Set<String> features, boolean has, String name) {
        if (has) {
            features.add(name);
        }
    }

    private static @Nullable DebugId first(@Nullable DebugId one, @Nullable DebugId other) {
        return one == null ? other : one;
    }
}
