package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The answer to {@link JvmRequest}.
 *
 * @param exceptions in the order of the request
 * @param stacktraces in the order of the request
 * @param stacks the request's texts, in original names
 * @param classes original names by obfuscated ones, of those that have one
 * @param modules in the order of the request
 * @param causes whether modules tell why they are as they are
 */
public record JvmResponse(
        List<JvmException> exceptions,
        List<JvmRequest.Stacktrace> stacktraces,
        List<String> stacks,
        Map<String, String> classes,
        List<JvmModule> modules,
        boolean causes)
        implements Answer {
    /**
     * A module of the request and what became of it.
     *
     * @param status how looking for its file ended
     * @param candidates every file that was considered
     * @param finding why the file is there or not, and what it lacks
     */
    public record JvmModule(JvmRequest.Module raw, ModuleStatus status, List<Candidate> candidates, Finding finding) {}

    @Override
    public void writeFields(JsonGenerator out) throws IOException {
        JvmResponseWriter.write(this, out);
    }

    @Override
    public List<Shortfall> shortfalls() {
        return modules.stream()
                .filter(module -> module.status() != ModuleStatus.FOUND && module.status() != ModuleStatus.UNUSED)
                .map(module -> new Shortfall(
                        Shortfall.Kind.MAPPING,
                        module.raw().debugId() == null
                                ? module.raw().uuid()
                                : module.raw().debugId().toString(),
                        "",
                        module.finding().rootCause(),
                        module.finding().sentence()))
                .distinct()
                .toList();
    }

    @Override
    public Answer evidence() {
        return out -> JvmResponseWriter.modules(modules, out);
    }
}
