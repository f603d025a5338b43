package framewright.crash;

import framewright.api.CrashFacts;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import java.util.List;

/**
 * A minidump that was read and walked.
 *
 * @param threads in the dump's order
 * @param modules by address
 */
record ProcessedDump(CrashFacts facts, List<RawStacktrace> threads, List<Module> modules) {
    /**
     * @param number by which the process names it
     * @param touched whether the walk of some stack came by
     */
    record Module(int number, RawModule raw, boolean touched) {
        /** What has no id and is on no stack says nothing to anyone. */
        boolean isWorthTelling() {
            return touched || raw.codeId() != null || raw.debugId() != null;
        }
    }
}
