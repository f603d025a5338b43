package framewright.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a crash file.
 *
 * @param platform for metrics only
 * @param sources where to look; null: where the server looks by default; empty: nowhere
 * @param options of which the order of frames and the source context are not up to the client: crash files are
 *     answered callee first and with context, as the peer does
 * @param rewriteFirstModule of a minidump; the first rule that fits counts
 * @param extended whether to tell all that the file says, beyond what the peer tells
 */
public record CrashRequest(
        @Nullable String platform,
        @Nullable List<SourceConfig> sources,
        SymbolicateOptions options,
        Scraping scraping,
        List<RewriteRule> rewriteFirstModule,
        boolean extended) {
    /** One without any wish. */
    public static final CrashRequest PLAIN =
            new CrashRequest(null, null, SymbolicateOptions.DEFAULT, Scraping.DEFAULT, List.of(), false);

    public CrashRequest {
        options = new SymbolicateOptions(
                options.difCandidates(), true, FrameOrder.CALLEE_FIRST, options.extractVariables(), options.causes());
        rewriteFirstModule = List.copyOf(rewriteFirstModule);
    }

    /**
     * Another name for the first module's debug file, to look it up by.
     *
     * @param from a regular expression of the {@code regex} crate
     * @param to with {@code $name} for its groups
     */
    public record RewriteRule(String from, String to) {}

    /** The same, looking elsewhere. */
    public CrashRequest withSources(List<SourceConfig> where) {
        return new CrashRequest(platform, where, options, scraping, rewriteFirstModule, extended);
    }

    /** The stacks of a crash file, to be resolved as this asks. */
    public SymbolicateRequest of(List<RawStacktrace> stacktraces, List<RawModule> modules) {
        return new SymbolicateRequest(platform, null, sources, stacktraces, modules, List.of(), options, scraping);
    }
}
