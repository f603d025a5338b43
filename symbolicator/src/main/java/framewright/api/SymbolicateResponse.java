package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link SymbolicateRequest}.
 *
 * @param signal as the request said
 * @param crash what a crash file says besides its stacks; null for a request without one
 * @param stacktraces in the order of the request
 * @param modules in the order of the request
 * @param exceptions those of the request
 * @param causes whether modules and candidates tell why they are as they are
 * @param allEvidence the modules with every candidate; made only where somebody wants to know
 */
public record SymbolicateResponse(
        @Nullable Long signal,
        @Nullable CrashFacts crash,
        List<ResolvedStacktrace> stacktraces,
        List<ResolvedModule> modules,
        RestoredExceptions exceptions,
        boolean causes,
        Supplier<List<ResolvedModule>> allEvidence)
        implements Answer {

    @Override
    public void writeFields(JsonGenerator out) throws IOException {
        ResponseWriter.write(this, out);
    }

    @Override
    public List<Shortfall> shortfalls() {
        return modules.stream()
                .filter(module ->
                        module.debugStatus() != ModuleStatus.FOUND && module.debugStatus() != ModuleStatus.UNUSED)
                .map(SymbolicateResponse::shortfall)
                .distinct()
                .toList();
    }

    private static Shortfall shortfall(ResolvedModule module) {
        RawModule raw = module.raw();
        String name = Objects.requireNonNullElse(raw.codeFile(), Objects.requireNonNullElse(raw.debugFile(), ""));
        String id = raw.debugId() == null
                ? Objects.toString(raw.codeId(), null)
                : raw.debugId().toString();
        Finding finding = module.finding();
        return new Shortfall(Shortfall.Kind.DEBUG_FILE, id, name, finding.rootCause(), finding.sentence());
    }

    @Override
    public Answer evidence() {
        return out -> ResponseWriter.modules(allEvidence.get(), true, out);
    }
}
