package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.cache.CachedFile;
import framewright.cache.Scope;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ObjectFiles;
import framewright.nativebridge.ObjectFiles.Section;
import framewright.nativebridge.SourceFiles.Source;
import framewright.objects.Asked;
import framewright.objects.FindResult;
import framewright.objects.FoundObject;
import framewright.objects.ObjectFinder;
import framewright.objects.Purpose;
import framewright.sources.LocalBlobs;
import framewright.sources.LocalBlobs.LocalBlob;
import framewright.store.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What debuggers and stack walkers of others are given of debug files, beside the files themselves. */
public final class SymbolFiles {
    private static final Logger LOG = Logger.getLogger(SymbolFiles.class.getName());

    private final ObjectFinder finder;
    private final SourceLookup sources;
    private final DerivedFiles derived;
    private final @Nullable LocalBlobs blobs;
    private final NativePool pool;
    private final int maxChain;

    /**
     * @param blobs of the store; null: there is none
     * @param maxChain links of unwind entries of a PE file that are followed
     */
    public SymbolFiles(
            ObjectFinder finder,
            SourceLookup sources,
            DerivedFiles derived,
            @Nullable LocalBlobs blobs,
            NativePool pool,
            int maxChain) {
        this.finder = finder;
        this.sources = sources;
        this.derived = derived;
        this.blobs = blobs;
        this.pool = pool;
        this.maxChain = maxChain;
    }

    /**
     * A module's symbols as Breakpad writes them, leased.
     *
     * @param name of the debug file, without folders
     */
    public Outcome<CachedFile> breakpad(ObjectId module, String name, List<SourceConfig> where)
            throws InterruptedException {
        return switch (finder.find(module, Purpose.DEBUG, where, Scope.GLOBAL).best()) {
            case Failed<FoundObject>(Failure failure) -> Outcome.failed(failure);
            case Found<FoundObject>(FoundObject symbols) ->
                derived.breakpad(symbols, unwind(symbols, module, where), name, maxChain);
        };
    }

    /** Another file with the unwind information that the symbols lack; null: they have it, or nobody has. */
    private @Nullable FoundObject unwind(FoundObject symbols, ObjectId module, List<SourceConfig> where)
            throws InterruptedException {
        // on other machines than x86 it is in the program, whatever a PDB says of itself
        boolean inProgram =
                symbols.fileFormat().equals("pdb") && !symbols.arch().equals("x86");
        if (symbols.features().hasUnwindInfo() && !inProgram) {
            return null;
        }
        FindResult found = inProgram
                ? finder.find(module, List.of(FileType.PE), Purpose.UNWIND, where, Scope.GLOBAL)
                : finder.find(module, Purpose.UNWIND, where, Scope.GLOBAL);
        return found.best() instanceof Found<FoundObject>(FoundObject object) ? object : null;
    }

    /**
     * Bytes of a blob.
     *
     * @param blob open
     */
    public record StoredSection(LocalBlob blob, Section place) {}

    /** Where the bytes of a section are in an ELF file of the store. */
    public Outcome<StoredSection> section(Digest elf, String name) throws InterruptedException {
        Outcome<LocalBlob> opened = blobs == null ? Outcome.failed(new Missing()) : blobs.open(elf);
        return switch (opened) {
            case Failed<LocalBlob>(Failure failure) -> Outcome.failed(failure);
            case Found<LocalBlob>(LocalBlob blob) -> {
                Outcome<Section> place = section(blob, name);
                if (place instanceof Failed) {
                    blob.close();
                }
                yield place.map(found -> new StoredSection(blob, found));
            }
        };
    }

    private Outcome<Section> section(LocalBlob elf, String name) throws InterruptedException {
        try {
            return switch (pool.call(() -> ObjectFiles.section(elf.path(), name))) {
                case NativeResult.Failed<Optional<Section>>(NativeFailure failure) ->
                    Outcome.failed(Failures.of(failure));
                case NativeResult.Ok<Optional<Section>>(Optional<Section> section) ->
                    section.<Outcome<Section>>map(Outcome::found).orElseGet(() -> Outcome.failed(new Missing()));
            };
        } catch (NativeException e) {
            return bug(e);
        }
    }

    /** A source file that is kept with a module, by a path that the module's debug information names. */
    public Outcome<byte[]> source(ObjectId module, String path, List<SourceConfig> where) throws InterruptedException {
        try (FoundSources found = sources.look(module, where, Scope.GLOBAL, new Asked())) {
            SourceObject object = found.object();
            if (object == null) {
                return Outcome.failed(new Missing());
            }
            return switch (pool.call(() -> object.lease().value().sources().get(path))) {
                case NativeResult.Failed<Source>(NativeFailure failure) -> Outcome.failed(Failures.of(failure));
                case NativeResult.Ok<Source>(Source source) ->
                    source.text() == null
                            ? Outcome.failed(new Missing())
                            : Outcome.found(source.text().getBytes(StandardCharsets.UTF_8));
            };
        } catch (NativeException e) {
            return bug(e);
        }
    }

    private static <T> Outcome<T> bug(NativeException e) {
        LOG.log(Level.SEVERE, "a file of the store made the native code fail", e);
        return Outcome.failed(new Malformed("the file made its reader fail"));
    }
}
