package framewright.nativecode;

import framewright.api.Cause;
import framewright.api.DartNames;
import framewright.api.DartSymbolMap;
import framewright.api.Finding;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.RawException;
import framewright.api.RawModule;
import framewright.api.RestoredExceptions;
import framewright.api.SourceConfig;
import framewright.cache.CachedFile;
import framewright.cache.Scope;
import framewright.debugfiles.FileType;
import framewright.objects.Auxiliary;
import framewright.objects.Auxiliary.Looked;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Gives exceptions of Dart programs their names back, by the obfuscation map that is kept under a module's id. */
final class DartExceptions {
    /** A Flutter app has one module of compiled Dart; what has many that may have a map is none. */
    private static final int MAX_MODULES = 32;

    private final Auxiliary auxiliary;

    DartExceptions(Auxiliary auxiliary) {
        this.auxiliary = auxiliary;
    }

    /** @param modules of the request; the first that has a map decides */
    RestoredExceptions restore(
            List<RawException> exceptions, List<RawModule> modules, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        if (exceptions.isEmpty()) {
            return RestoredExceptions.NONE;
        }
        Finding why = Finding.of(Cause.NO_ID);
        int asked = 0;
        for (RawModule module : modules) {
            if ((module.debugId() == null && module.codeId() == null) || asked++ == MAX_MODULES) {
                continue;
            }
            Looked looked = auxiliary.look(FileType.DARTSYMBOLMAP, module.objectId(), sources, scope);
            switch (looked.file()) {
                case Found<CachedFile>(CachedFile map) -> {
                    try (map) {
                        return restored(exceptions, map, looked.finding());
                    }
                }
                case Failed<CachedFile> _ -> why = looked.finding();
            }
        }
        return new RestoredExceptions(exceptions, why);
    }

    private static RestoredExceptions restored(List<RawException> exceptions, CachedFile map, Finding found) {
        Set<String> replaced = new TreeSet<>();
        exceptions.forEach(exception -> replaced.addAll(DartNames.in(exception)));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(map.path()))) {
            return switch (DartSymbolMap.originals(in, replaced)) {
                case Failed<Map<String, String>>(Failure failure) ->
                    new RestoredExceptions(exceptions, found.because(Cause.of(failure), failure.describe()));
                case Found<Map<String, String>>(Map<String, String> originals) ->
                    new RestoredExceptions(
                            exceptions.stream()
                                    .map(exception -> DartNames.restored(exception, originals))
                                    .toList(),
                            found);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
