package framewright.apple;

import framewright.api.CrashFacts;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import java.util.List;

/**
 * A report that was read.
 *
 * @param stacktraces of all threads in the report's order, then where the last exception was thrown
 * @param modules in the report's order
 */
public record AppleReport(CrashFacts facts, List<RawStacktrace> stacktraces, List<RawModule> modules) {}
