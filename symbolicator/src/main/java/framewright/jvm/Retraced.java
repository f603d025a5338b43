package framewright.jvm;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JvmException;
import framewright.api.JvmFrame;
import framewright.api.JvmRequest;
import framewright.api.JvmRequest.Module;
import framewright.api.JvmRequest.Stacktrace;
import framewright.api.JvmResponse.JvmModule;
import framewright.api.ModuleStatus;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.Remapping;
import framewright.nativebridge.Remapping.Answer;
import framewright.nativebridge.Remapping.Frame;
import framewright.nativebridge.Remapping.Question;
import framewright.nativebridge.Remapping.RemappedFrame;
import framewright.nativebridge.Remapping.RemappedStack;
import framewright.nativebridge.Remapping.Stack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the mappings of a request say of it. Without a mapping, everything stays as it is. */
final class Retraced {
    private final int exceptions;
    private final List<String> mapIds = new ArrayList<>();
    private final @Nullable Answer answer;
    private final @Nullable NativeFailure failure;

    private Retraced(JvmRequest request, @Nullable Answer answer, @Nullable NativeFailure failure) {
        this.exceptions = request.exceptions().size();
        this.answer = answer;
        this.failure = failure;
        if (answer != null) {
            mapIds.addAll(answer.mapIds());
        }
        mapIds.addAll(MapIds.ofFrames(request));
    }

    /** @param stacks those of the request, innermost frame first */
    static Retraced of(JvmRequest request, List<Stacktrace> stacks, List<FoundMapping> mappings, NativePool pool)
            throws InterruptedException {
        List<ProguardTable> tables = mappings.stream()
                .map(FoundMapping::table)
                .filter(Objects::nonNull)
                .toList();
        if (tables.isEmpty()) {
            return new Retraced(request, null, null);
        }
        Question question = question(request, stacks);
        return switch (pool.call(() -> ProguardTable.remap(tables, question))) {
            case NativeResult.Ok<Answer>(Answer answer) -> new Retraced(request, answer, null);
            case NativeResult.Failed<Answer>(NativeFailure failure) -> new Retraced(request, null, failure);
        };
    }

    private static Question question(JvmRequest request, List<Stacktrace> stacks) {
        List<String> classes = new ArrayList<>();
        request.exceptions().forEach(exception -> classes.add(exception.name()));
        stacks.forEach(stack ->
                classes.add(stack.exception() == null ? "" : stack.exception().name()));
        classes.addAll(request.classes());
        List<Stack> asked = new ArrayList<>(stacks.size());
        for (Stacktrace stack : stacks) {
            List<Frame> frames = new ArrayList<>(stack.frames().size());
            for (JvmFrame frame : stack.frames()) {
                frames.add(new Frame(frame.module(), frame.function(), frame.line(), frame.signature()));
            }
            asked.add(new Stack(
                    stack.exception() == null ? null : stack.exception().name(), frames));
        }
        return new Question(classes, asked, request.stacks());
    }

    /** The request's exception of this number, under its original name. */
    JvmException exception(int number, JvmException raw) {
        String name = answer == null ? null : answer.classes().get(number);
        return name == null ? raw : JvmException.of(name);
    }

    /** Original names of classes, those that have one. */
    Map<String, String> classes(List<String> asked) {
        Map<String, String> classes = new LinkedHashMap<>();
        if (answer != null) {
            int first = answer.classes().size() - asked.size();
            for (int i = 0; i < asked.size(); i++) {
                String name = answer.classes().get(first + i);
                if (name != null) {
                    classes.put(asked.get(i), name);
                }
            }
        }
        return classes;
    }

    List<String> texts(List<String> raw) {
        return answer == null ? raw : answer.texts();
    }

    /** @param raw as they were asked */
    List<Stacktrace> stacktraces(List<Stacktrace> raw, @Nullable String releasePackage) {
        if (answer == null) {
            return raw;
        }
        List<Stacktrace> stacktraces = new ArrayList<>(raw.size());
        for (int i = 0; i < raw.size(); i++) {
            JvmException exception = raw.get(i).exception();
            stacktraces.add(new Stacktrace(
                    exception == null ? null : exception(exceptions + i, exception),
                    frames(raw.get(i).frames(), answer.stacks().get(i), releasePackage)));
        }
        return stacktraces;
    }

    private static List<JvmFrame> frames(List<JvmFrame> raw, RemappedStack remapped, @Nullable String releasePackage) {
        List<JvmFrame> frames =
                new ArrayList<>(Math.max(raw.size(), remapped.frames().size()));
        int next = 0;
        for (int i = 0; i < raw.size(); i++) {
            JvmFrame frame = raw.get(i).withSignature(remapped.signatures().get(i));
            int count = remapped.counts().get(i);
            if (count == Remapping.UNTOUCHED) {
                frames.add(frame);
                continue;
            }
            for (RemappedFrame made : remapped.frames().subList(next, next + count)) {
                // what the compiler made is told apart by its line alone
                if (!made.synthesized() || frame.line() == JvmFrame.NO_LINE) {
                    frames.add(frame.remapped(original(made), releasePackage));
                }
            }
            next += count;
        }
        return frames;
    }

    private static JvmFrame.Original original(RemappedFrame frame) {
        return new JvmFrame.Original(frame.type(), frame.method(), frame.line(), frame.file(), frame.synthesized());
    }

    /** A mapping, and what it lacks. */
    JvmModule module(Module raw, FoundMapping mapping) {
        ProguardTable table = mapping.table();
        if (table == null) {
            return new JvmModule(raw, mapping.status(), mapping.candidates(), mapping.finding());
        }
        if (failure != null) {
            return module(raw, ModuleStatus.MALFORMED, mapping.because(Cause.MALFORMED, failure.describe()));
        }
        Finding lack = lack(table.facts(), mapping.finding());
        return module(raw, ModuleStatus.FOUND, mapping.because(lack.cause(), lack.details()));
    }

    private static JvmModule module(Module raw, ModuleStatus status, FoundMapping mapping) {
        return new JvmModule(raw, status, mapping.candidates(), mapping.finding());
    }

    private Finding lack(ProguardTable.Facts facts, Finding found) {
        if (!facts.mapId().isEmpty()
                && !mapIds.isEmpty()
                && mapIds.stream().noneMatch(id -> MapIds.isSame(id, facts.mapId()))) {
            return found.because(
                    Cause.ID_MISMATCH,
                    "it is " + facts.mapId() + ", the stack traces are of " + String.join(", ", mapIds));
        }
        boolean askedInVain = answer != null
                && answer.classes().size() + answer.stacks().size() > 0
                && answer.used().stream().allMatch(used -> used == 0);
        if (askedInVain) {
            return found.because(Cause.WRONG_MAPPING, "");
        }
        // that it is a guess counts more than what it lacks
        if (found.cause() == Cause.MAPPING_BY_RELEASE) {
            return found;
        }
        if (!facts.hasLines()) {
            return found.because(Cause.NO_LINE_INFO, "");
        }
        return facts.hasSourceFiles() ? found : found.because(Cause.NO_SOURCE_FILES, "");
    }
}
