package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Cause;
import framewright.api.CrashFacts;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.ModuleStatus;
import framewright.api.RawModule;
import framewright.api.ResolvedModule;
import framewright.api.ResolvedStacktrace;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateRequest;
import framewright.api.SymbolicateResponse;
import framewright.cache.Caches;
import framewright.cache.Scope;
import framewright.fetch.WebFetcher;
import framewright.nativebridge.NativePool;
import framewright.objects.Asked;
import framewright.objects.Auxiliary;
import framewright.objects.ObjectFinder;
import framewright.objects.Parallel;
import framewright.objects.StoredSources;
import framewright.plan.LookupPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Resolves native stack traces. A request, top-down: plan which module each frame points into; find and ask the debug
 * files of those modules, all at once; make frames of the answers; add the source around them.
 */
public final class NativeSymbolication implements AutoCloseable {
    /** Texts of source files kept in memory. */
    private static final long SOURCE_TEXT_BYTES = 64L << 20;

    private final NativePool pool;
    private final DebugLookup debugLookup;
    private final SourceLookup sourceLookup;
    private final DartExceptions dartExceptions;
    private final SourceTexts sourceTexts;
    private final SourceContext sourceContext;

    /** @param derived closed by its owner, after this */
    public NativeSymbolication(
            ObjectFinder finder,
            Auxiliary auxiliary,
            DerivedFiles derived,
            Caches caches,
            WebFetcher web,
            StoredSources stored,
            NativePool pool) {
        this.pool = pool;
        this.debugLookup = new DebugLookup(finder, auxiliary, derived);
        this.sourceLookup = new SourceLookup(finder, derived);
        this.dartExceptions = new DartExceptions(auxiliary);
        this.sourceTexts = new SourceTexts(caches, web, pool, SOURCE_TEXT_BYTES);
        this.sourceContext = new SourceContext(sourceTexts, stored);
    }

    /**
     * @param request with its sources; null counts as none
     * @param scope whose files these are
     */
    public SymbolicateResponse symbolicate(SymbolicateRequest request, Scope scope) throws InterruptedException {
        return symbolicate(request, scope, null, List.of(), new Asked());
    }

    /**
     * Stacks that a crash file holds, or that were walked here.
     *
     * @param request with its sources; null counts as none
     * @param scope whose files these are
     * @param crash what else the file says; null: nothing
     * @param unwind for each module of the request with what its stacks were walked; null: with nothing of its own.
     *     Empty where nobody walked
     * @param asked what was asked for already
     */
    public SymbolicateResponse symbolicate(
            SymbolicateRequest request,
            Scope scope,
            @Nullable CrashFacts crash,
            List<@Nullable FoundUnwind> unwind,
            Asked asked)
            throws InterruptedException {
        LookupPlan plan = new LookupPlan(request);
        List<SourceConfig> sources = Objects.requireNonNullElse(request.sources(), List.of());
        try (FoundModules found = find(request, plan, sources, scope, unwind, asked)) {
            FrameAssembler assembler = new FrameAssembler(request, plan, found);
            List<ResolvedStack> stacks = new ArrayList<>();
            for (int stack = 0; stack < request.stacktraces().size(); stack++) {
                stacks.add(assembler.assemble(stack));
            }
            UnresolvedNames.demangle(stacks, pool);
            List<Candidates> candidates = found.candidates(request.options().difCandidates());
            if (request.options().applySourceContext()) {
                sourceContext.apply(new SourceContext.Wish(
                        stacks, request.modules(), found, candidates, sources, request.scraping(), scope));
            }
            return new SymbolicateResponse(
                    request.signal(),
                    crash,
                    stacktraces(request, stacks),
                    modules(request, plan, found, candidates, assembler),
                    dartExceptions.restore(request.exceptions(), request.modules(), sources, scope),
                    request.options().causes(),
                    () -> modules(request, plan, found, found.candidates(true), assembler));
        }
    }

    private FoundModules find(
            SymbolicateRequest request,
            LookupPlan plan,
            List<SourceConfig> sources,
            Scope scope,
            List<@Nullable FoundUnwind> unwind,
            Asked asked)
            throws InterruptedException {
        FoundModules found = new FoundModules(request.modules().size(), unwind);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < request.modules().size(); i++) {
            int module = i;
            RawModule raw = request.modules().get(module);
            if (plan.isReferenced(module)) {
                tasks.add(() -> found.debug(
                        module,
                        debugLookup.look(
                                plan,
                                module,
                                raw,
                                sources,
                                scope,
                                asked,
                                request.options().extractVariables())));
                if (request.options().applySourceContext()) {
                    tasks.add(() -> found.sources(module, sourceLookup.look(raw.objectId(), sources, scope, asked)));
                }
            }
        }
        return Parallel.filled(found, found::close, tasks);
    }

    private static List<ResolvedStacktrace> stacktraces(SymbolicateRequest request, List<ResolvedStack> stacks) {
        List<ResolvedStacktrace> resolved = new ArrayList<>(stacks.size());
        for (int i = 0; i < stacks.size(); i++) {
            resolved.add(new ResolvedStacktrace(
                    request.stacktraces().get(i),
                    stacks.get(i).inOrder(request.options().frameOrder())));
        }
        return resolved;
    }

    private static List<ResolvedModule> modules(
            SymbolicateRequest request,
            LookupPlan plan,
            FoundModules found,
            List<Candidates> candidates,
            FrameAssembler assembler) {
        List<ResolvedModule> modules = new ArrayList<>();
        for (int module = 0; module < request.modules().size(); module++) {
            RawModule raw = request.modules().get(module);
            Long size = plan.modules().imageSize(module);
            List<Candidate> considered = candidates.get(module).list();
            FoundDebug debug = found.debug(module);
            if (debug == null) {
                modules.add(new ResolvedModule(
                        raw,
                        size,
                        ModuleStatus.UNUSED,
                        found.unwindStatus(module),
                        found.features(module, Features.NONE),
                        ResolvedModule.UNKNOWN_ARCH,
                        considered,
                        Finding.of(Cause.UNUSED)));
            } else {
                modules.add(new ResolvedModule(
                        raw,
                        size,
                        // all its frames may have turned out to be none
                        assembler.isUsed(module) ? debug.status() : ModuleStatus.UNUSED,
                        found.unwindStatus(module),
                        found.features(module, debug.features()),
                        debug.arch(),
                        considered,
                        assembler.isUsed(module) ? debug.finding() : Finding.of(Cause.UNUSED)));
            }
        }
        return modules;
    }

    @Override
    public void close() {
        sourceTexts.close();
    }
}
