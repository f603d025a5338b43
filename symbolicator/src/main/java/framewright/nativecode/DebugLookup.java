package framewright.nativecode;

import framewright.api.Candidate;
import framewright.api.Candidate.Use;
import framewright.api.Candidate.UseStatus;
import framewright.api.Cause;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.FrameStatus;
import framewright.api.ModuleStatus;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Malformed;
import framewright.api.RawModule;
import framewright.api.ResolvedModule;
import framewright.api.SourceConfig;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.nativebridge.NativeException;
import framewright.objects.Asked;
import framewright.objects.Auxiliary;
import framewright.objects.FindResult;
import framewright.objects.FoundObject;
import framewright.objects.ObjectFinder;
import framewright.objects.Purpose;
import framewright.plan.LookupPlan;
import framewright.telemetry.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Finds the debug file of one module and asks it about the frames that point there. */
final class DebugLookup {
    private static final Logger LOG = Logger.getLogger(DebugLookup.class.getName());

    private final ObjectFinder finder;
    private final Auxiliary auxiliary;
    private final DerivedFiles derived;
    private final DotNetLookup dotNet;

    DebugLookup(ObjectFinder finder, Auxiliary auxiliary, DerivedFiles derived) {
        this.finder = finder;
        this.auxiliary = auxiliary;
        this.derived = derived;
        this.dotNet = new DotNetLookup(derived);
    }

    /**
     * @param module position in the request
     * @param variables whether names and types of variables are wanted
     */
    FoundDebug look(
            LookupPlan plan,
            int module,
            RawModule raw,
            List<SourceConfig> sources,
            Scope scope,
            Asked asked,
            boolean variables)
            throws InterruptedException {
        ObjectId id = raw.objectId();
        FindResult found = finder.find(id, Purpose.DEBUG, sources, scope, asked);
        return switch (found.best()) {
            case Failed<FoundObject>(Failure failure) ->
                unavailable(failure, Features.NONE, found.candidates(), found.finding());
            case Found<FoundObject>(FoundObject object) -> {
                try (HeldFiles files = HeldFiles.find(object, id, auxiliary, sources, scope)) {
                    yield ask(plan, module, raw, files, variables, found);
                }
            }
        };
    }

    private FoundDebug ask(
            LookupPlan plan, int module, RawModule raw, HeldFiles files, boolean variables, FindResult found)
            throws InterruptedException {
        List<Candidate> candidates = found.candidates();
        FoundObject object = files.object();
        Answered answered;
        try (Span _ = Span.begin("lookup").with("file", object.location())) {
            answered = raw.type() == ObjectType.PE_DOTNET
                    ? new Answered(dotNet.look(plan, module, object), ResolvedModule.UNKNOWN_ARCH)
                    : symbols(plan, module, files, variables);
        } catch (NativeException e) {
            // a bug of ours costs this module its frames, not the client its answer
            LOG.log(Level.SEVERE, "a debug file met a bug: " + object.location(), e);
            Finding bug = found.finding().because(Cause.INTERNAL_ERROR, "the file made the reader fail");
            return new FoundDebug(
                    ModuleStatus.OTHER,
                    new ModuleAnswer.Unavailable(FrameStatus.MISSING),
                    object.features(),
                    ResolvedModule.UNKNOWN_ARCH,
                    used(candidates, object, new Use(UseStatus.ERROR, "internal error"), bug),
                    bug);
        }
        return switch (answered.answer) {
            case Found<ModuleAnswer>(ModuleAnswer answer) -> {
                Finding finding = answer instanceof ModuleAnswer.Symbols symbols
                        ? Il2cppLack.of(found.finding(), raw.debugId(), files.il2cpp(), symbols.groups())
                        : found.finding();
                List<Candidate> considered = used(candidates, object, new Use(UseStatus.OK, null), finding);
                yield new FoundDebug(
                        ModuleStatus.FOUND,
                        answer,
                        object.features(),
                        answered.arch,
                        finding.equals(found.finding())
                                ? considered
                                : joined(considered, files.il2cpp().candidates()),
                        finding);
            }
            case Failed<ModuleAnswer>(Failure failure) -> {
                Finding useless = found.finding().because(Cause.of(failure), failure.describe());
                yield unavailable(
                        failure,
                        object.features(),
                        used(candidates, object, Candidates.use(failure), useless),
                        useless);
            }
        };
    }

    private static List<Candidate> joined(List<Candidate> one, List<Candidate> other) {
        List<Candidate> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private record Answered(Outcome<ModuleAnswer> answer, String arch) {
        static Answered failed(Failure failure) {
            return new Answered(Outcome.failed(failure), ResolvedModule.UNKNOWN_ARCH);
        }
    }

    private Answered symbols(LookupPlan plan, int module, HeldFiles files, boolean variables)
            throws InterruptedException {
        switch (derived.table(files, variables)) {
            case Failed<Lease<OpenTable>>(Failure failure) -> {
                return Answered.failed(failure);
            }
            case Found<Lease<OpenTable>>(Lease<OpenTable> lease) -> {
                try (lease) {
                    Answered answered = resolve(plan, module, lease.value());
                    if (answered.answer instanceof Found) {
                        if (!lease.value().isConverted()) {
                            // not before: converting takes all cores, and somebody waits for the answer
                            derived.convertLater(files, variables);
                        }
                        return answered;
                    }
                    if (lease.value().isConverted()) {
                        // our own table breaks its rules: it was changed since, and the file it is made of is there
                        derived.discard(files, variables);
                    }
                }
            }
        }
        // what the file or a damaged table could not answer, a table made now may
        return switch (derived.convertedTable(files, variables)) {
            case Failed<Lease<OpenTable>>(Failure failure) -> Answered.failed(failure);
            case Found<Lease<OpenTable>>(Lease<OpenTable> lease) -> {
                try (lease) {
                    yield resolve(plan, module, lease.value());
                }
            }
        };
    }

    private static Answered resolve(LookupPlan plan, int module, OpenTable table) throws InterruptedException {
        long[] addresses = plan.batch(module, table.arch());
        Outcome<ModuleAnswer> answer =
                table.resolve(addresses).map(groups -> new ModuleAnswer.Symbols(addresses, groups));
        return new Answered(answer, table.arch());
    }

    private static List<Candidate> used(List<Candidate> candidates, FoundObject object, Use use, Finding finding) {
        return Candidates.withUse(
                candidates,
                object.source(),
                object.location(),
                candidate -> candidate.withDebug(use).withFinding(finding));
    }

    private static FoundDebug unavailable(
            Failure failure, Features features, List<Candidate> candidates, Finding finding) {
        FrameStatus status = failure instanceof Malformed ? FrameStatus.MALFORMED : FrameStatus.MISSING;
        return new FoundDebug(
                ModuleStatus.of(failure),
                new ModuleAnswer.Unavailable(status),
                features,
                ResolvedModule.UNKNOWN_ARCH,
                candidates,
                finding);
    }
}
