package framewright.nativecode;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.LineMapping;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.SymbolFrame;
import framewright.cache.CachedFile;
import framewright.debugfiles.DebugId;
import framewright.objects.Auxiliary.Looked;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Why functions that Unity's il2cpp made have no line of C#. */
final class Il2cppLack {
    /** Of a larger mapping it is not looked up whose it is: that takes as long as reading it. */
    private static final long MAX_READ_BYTES = 64L << 20;

    /** Addresses whose functions are looked at: in a file of il2cpp most are of that kind, in others none. */
    private static final int SAMPLE = 64;

    private Il2cppLack() {}

    /**
     * The finding of a module, with what its functions lack.
     *
     * @param found that of the debug file
     * @param debugId of the module; null where it has none
     * @param groups the functions that were asked for
     */
    static Finding of(Finding found, @Nullable DebugId debugId, Looked mapping, SymbolFrame[][] groups) {
        // a file without debug information has no lines that a mapping could lead on from
        if (found.cause() != Cause.FOUND || !isGeneratedAlone(groups)) {
            return found;
        }
        return switch (mapping.file()) {
            case Failed<CachedFile>(Failure failure) ->
                found.because(
                        Cause.NO_LINE_MAPPING,
                        failure instanceof Outcome.Missing
                                ? "no line mapping was found under its id"
                                : "the line mapping could not be had, " + failure.describe());
            case Found<CachedFile>(CachedFile file) -> {
                DebugId id = idOf(file);
                yield id == null || debugId == null || debugId.equals(id)
                        ? found.because(
                                Cause.NO_LINE_MAPPING, "the line mapping does not have the lines of these functions")
                        : found.because(
                                Cause.ID_MISMATCH, "its line mapping is of " + id + ", the crash is of " + debugId);
            }
        };
    }

    /** Whether il2cpp made some function, and of none a line of C# is known. */
    private static boolean isGeneratedAlone(SymbolFrame[][] groups) {
        return Arrays.stream(groups).limit(SAMPLE).flatMap(Arrays::stream).anyMatch(Il2cppLack::isGenerated)
                && Arrays.stream(groups).flatMap(Arrays::stream).allMatch(frame -> frame.generated() == null);
    }

    private static boolean isGenerated(SymbolFrame frame) {
        return frame.symbol() != null && Il2cppNames.isGenerated(frame.symbol().value());
    }

    /** The id that a mapping says it is of; null where it says none. */
    private static @Nullable DebugId idOf(CachedFile file) {
        if (file.bytes() > MAX_READ_BYTES) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file.path())) {
            return LineMapping.debugId(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
