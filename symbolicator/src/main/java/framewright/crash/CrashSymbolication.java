package framewright.crash;

import framewright.api.Answer;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.FailedAnswer;
import framewright.api.Finding;
import framewright.api.Outcome;
import framewright.api.RawModule;
import framewright.api.SourceConfig;
import framewright.api.StoredCrash;
import framewright.apple.AppleReport;
import framewright.apple.AppleReports;
import framewright.cache.Scope;
import framewright.cache.TemporaryFile;
import framewright.nativecode.FoundUnwind;
import framewright.nativecode.NativeSymbolication;
import framewright.nativecode.UnwindLookup;
import framewright.objects.Asked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves the stacks of a crash file: get it, read or walk it, resolve what that gave. */
public final class CrashSymbolication {
    private final CrashFiles files;
    private final CrashProcesses processes;
    private final UnwindLookup lookup;
    private final NativeSymbolication symbolication;

    /** All are closed by their owner. */
    public CrashSymbolication(
            CrashFiles files, CrashProcesses processes, UnwindLookup lookup, NativeSymbolication symbolication) {
        this.files = files;
        this.processes = processes;
        this.lookup = lookup;
        this.symbolication = symbolication;
    }

    /**
     * A file that has to be fetched first.
     *
     * @param scope whose files these are
     */
    public Answer resolve(StoredCrash crash, Scope scope) throws InterruptedException {
        return switch (files.fetch(crash.url(), crash.token())) {
            case Outcome.Found<TemporaryFile>(TemporaryFile file) -> {
                try (file) {
                    yield resolve(crash.kind(), file.path(), crash.request(), scope);
                }
            }
            case Outcome.Failed<TemporaryFile>(Outcome.Failure failure) -> {
                Finding finding = Finding.failed(failure, "the storage", "The crash file", Finding.Attempt.NONE);
                yield new FailedAnswer(
                        failure.describe(),
                        finding.cause(),
                        List.of(finding.sentence(), finding.cause().remedy()));
            }
        };
    }

    /**
     * @param file the crash file, which stays until this has ended
     * @param request with its sources; null counts as none
     * @param scope whose files these are
     */
    public Answer resolve(CrashKind kind, Path file, CrashRequest request, Scope scope) throws InterruptedException {
        return switch (kind) {
            case MINIDUMP -> minidump(file, request, scope);
            case APPLE_REPORT -> appleReport(file, request, scope);
        };
    }

    private Answer minidump(Path file, CrashRequest request, Scope scope) throws InterruptedException {
        List<SourceConfig> sources = Objects.requireNonNullElse(request.sources(), List.of());
        Asked asked = new Asked();
        try (DumpWalk walk = new DumpWalk(processes, new ModuleFiles(lookup, sources, scope, asked))) {
            return switch (walk.walk(file, request)) {
                case DumpWalk.Failed(FailedAnswer answer) -> answer;
                case DumpWalk.Walked(ProcessedDump dump) -> resolve(dump, walk, request, scope, asked);
            };
        }
    }

    private Answer resolve(ProcessedDump dump, DumpWalk walk, CrashRequest request, Scope scope, Asked asked)
            throws InterruptedException {
        List<RawModule> modules = new ArrayList<>();
        List<@Nullable FoundUnwind> unwind = new ArrayList<>();
        for (ProcessedDump.Module module : dump.modules()) {
            if (module.isWorthTelling()) {
                modules.add(module.raw());
                unwind.add(walk.unwind(module.number()));
            }
        }
        return symbolication.symbolicate(request.of(dump.threads(), modules), scope, dump.facts(), unwind, asked);
    }

    private Answer appleReport(Path file, CrashRequest request, Scope scope) throws InterruptedException {
        Outcome<AppleReport> read;
        try {
            read = AppleReports.read(file, request.extended());
        } catch (IOException e) {
            read = Outcome.failed(new Outcome.Unreachable("the file cannot be read: " + e.getMessage()));
        }
        return switch (read) {
            case Outcome.Found<AppleReport>(AppleReport report) ->
                symbolication.symbolicate(
                        request.of(report.stacktraces(), report.modules()),
                        scope,
                        report.facts(),
                        List.of(),
                        new Asked());
            case Outcome.Failed<AppleReport>(Outcome.Failure failure) ->
                new FailedAnswer("failed to parse apple crash report", List.of(failure.describe()));
        };
    }
}
