package framewright.jvm;

import framewright.api.Cause;
import framewright.api.FrameOrder;
import framewright.api.JvmException;
import framewright.api.JvmFrame;
import framewright.api.JvmRequest;
import framewright.api.JvmRequest.Module;
import framewright.api.JvmRequest.ModuleType;
import framewright.api.JvmRequest.Stacktrace;
import framewright.api.JvmResponse;
import framewright.api.JvmResponse.JvmModule;
import framewright.api.ModuleStatus;
import framewright.api.SourceConfig;
import framewright.cache.Caches;
import framewright.cache.Scope;
import framewright.fetch.WebFetcher;
import framewright.jvm.MappingLookup.ByRelease;
import framewright.nativebridge.NativePool;
import framewright.nativecode.DerivedFiles;
import framewright.nativecode.FoundSources;
import framewright.nativecode.SourceLookup;
import framewright.nativecode.SourceTexts;
import framewright.objects.Asked;
import framewright.objects.Auxiliary;
import framewright.objects.Parallel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Restores the names of JVM stack traces. A request, top-down: find the mappings and source bundles that it names, all
 * at once; ask the mappings, in one call for the whole request; make frames of the answer; add the source around them.
 */
public final class JvmSymbolication implements AutoCloseable {
    /** Texts of source files kept in memory. */
    private static final long SOURCE_TEXT_BYTES = 32L << 20;

    private final MappingLookup mappings;
    private final SourceLookup sourceLookup;
    private final NativePool pool;
    private final SourceTexts sourceTexts;

    public JvmSymbolication(
            Auxiliary auxiliary,
            SourceLookup sourceLookup,
            DerivedFiles derived,
            Caches caches,
            WebFetcher web,
            NativePool pool) {
        this.mappings = new MappingLookup(auxiliary, derived);
        this.sourceLookup = sourceLookup;
        this.pool = pool;
        this.sourceTexts = new SourceTexts(caches, web, pool, SOURCE_TEXT_BYTES);
    }

    /**
     * @param asked with its sources; null counts as none
     * @param scope whose files these are
     */
    public JvmResponse symbolicate(JvmRequest asked, Scope scope) throws InterruptedException {
        JvmRequest request = MapIds.implied(asked);
        try (FoundFiles found = find(request, scope)) {
            List<Stacktrace> stacks = inOrder(request.stacktraces(), request.options());
            Retraced retraced = Retraced.of(request, stacks, found.mappings(), pool);
            List<Stacktrace> named = retraced.stacktraces(stacks, request.releasePackage());
            if (request.options().applySourceContext()) {
                named = new JvmSources(sourceTexts, found.sources()).apply(named);
            }
            List<JvmException> exceptions = new ArrayList<>();
            for (int i = 0; i < request.exceptions().size(); i++) {
                exceptions.add(retraced.exception(i, request.exceptions().get(i)));
            }
            return new JvmResponse(
                    exceptions,
                    inOrder(named, request.options()),
                    retraced.texts(request.stacks()),
                    retraced.classes(request.classes()),
                    modules(request.modules(), found, retraced),
                    // a guess is always told
                    request.options().causes() || found.byRelease() != null);
        }
    }

    private FoundFiles find(JvmRequest request, Scope scope) throws InterruptedException {
        List<SourceConfig> sources = Objects.requireNonNullElse(request.sources(), List.of());
        FoundFiles found = new FoundFiles(request.modules().size());
        Asked asked = new Asked();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < request.modules().size(); i++) {
            int number = i;
            Module module = request.modules().get(number);
            if (module.type() == ModuleType.PROGUARD) {
                tasks.add(() -> found.mapping(number, mappings.look(module.objectId(), sources, scope)));
            } else if (request.options().applySourceContext()) {
                tasks.add(() -> found.sources(number, sourceLookup.look(module.objectId(), sources, scope, asked)));
            }
        }
        Parallel.filled(found, found::close, tasks);
        if (!found.mappings().isEmpty()) {
            return found;
        }
        return Parallel.filled(
                found, found::close, List.of(() -> found.byRelease(mappings.lookByRelease(request, sources, scope))));
    }

    /** Frames are worked on from the innermost to the outermost. */
    private static List<Stacktrace> inOrder(List<Stacktrace> stacks, JvmRequest.Options options) {
        if (options.frameOrder() == FrameOrder.CALLEE_FIRST) {
            return stacks;
        }
        List<Stacktrace> reversed = new ArrayList<>(stacks.size());
        for (Stacktrace stack : stacks) {
            List<JvmFrame> frames = new ArrayList<>(stack.frames());
            Collections.reverse(frames);
            reversed.add(new Stacktrace(stack.exception(), frames));
        }
        return reversed;
    }

    private static List<JvmModule> modules(List<Module> raw, FoundFiles found, Retraced retraced) {
        List<JvmModule> modules = new ArrayList<>(raw.size());
        for (int i = 0; i < raw.size(); i++) {
            FoundMapping mapping = found.mapping(i);
            FoundSources bundle = found.sources(i);
            if (mapping != null) {
                modules.add(retraced.module(raw.get(i), mapping));
            } else if (bundle != null) {
                ModuleStatus status = bundle.object() != null
                        ? ModuleStatus.FOUND
                        : bundle.finding().cause() == Cause.MALFORMED ? ModuleStatus.MALFORMED : ModuleStatus.MISSING;
                modules.add(new JvmModule(raw.get(i), status, bundle.candidates(), bundle.finding()));
            }
        }
        ByRelease byRelease = found.byRelease();
        if (byRelease != null) {
            modules.add(retraced.module(byRelease.module(), byRelease.mapping()));
        }
        return modules;
    }

    @Override
    public void close() {
        sourceTexts.close();
    }
}
