package framewright;

import framewright.api.Answer;
import framewright.api.Cause;
import framewright.api.CrashForm;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.Envelope;
import framewright.api.EventKind;
import framewright.api.EventPayload;
import framewright.api.FailedAnswer;
import framewright.api.Finding;
import framewright.api.JsRequest;
import framewright.api.JvmRequest;
import framewright.api.Outcome;
import framewright.api.SourceConfig;
import framewright.api.StackRequest;
import framewright.api.SymbolicateRequest;
import framewright.http.Engine;
import framewright.http.HeldFile;
import framewright.queue.Resolver;
import framewright.store.StoreViews;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks the engine what an event asks, with the files that the event's project sees. */
final class EventResolver implements Resolver {
    private final Engine engine;
    private final PayloadFiles files;
    private final StoreViews views;
    private final List<SourceConfig> ownSources;
    private final long maxBodyBytes;

    /** Gets payloads that are elsewhere. */
    interface PayloadFiles {
        /** The caller closes it. */
        Outcome<HeldFile> get(EventPayload.Reference reference) throws InterruptedException;
    }

    /**
     * @param ownSources for events that name none
     * @param maxBodyBytes of a payload that is a request
     */
    EventResolver(
            Engine engine, PayloadFiles files, StoreViews views, List<SourceConfig> ownSources, long maxBodyBytes) {
        this.engine = engine;
        this.files = files;
        this.views = views;
        this.ownSources = ownSources;
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    public Answer resolve(Envelope envelope) throws InterruptedException {
        return switch (envelope.payload().content()) {
            case EventPayload.Inline(byte[] bytes) -> ofBytes(envelope, bytes);
            case EventPayload.Reference reference ->
                switch (files.get(reference)) {
                    case Outcome.Found<HeldFile>(HeldFile file) -> {
                        try (file) {
                            yield ofFile(envelope, file.path());
                        }
                    }
                    case Outcome.Failed<HeldFile>(Outcome.Failure failure) -> {
                        Finding why = Finding.failed(failure, "the storage", "The payload", Finding.Attempt.NONE);
                        yield new FailedAnswer(
                                failure.describe(),
                                why.cause(),
                                List.of(why.sentence(), why.cause().remedy()));
                    }
                };
        };
    }

    private Answer ofBytes(Envelope envelope, byte[] bytes) throws InterruptedException {
        if (crashKind(envelope.kind()) == null) {
            return ofRequest(envelope, bytes);
        }
        Outcome<HeldFile> received = engine.receive(new ByteArrayInputStream(bytes), bytes.length);
        return switch (received) {
            case Outcome.Found<HeldFile>(HeldFile file) -> {
                try (file) {
                    yield ofFile(envelope, file.path());
                }
            }
            case Outcome.Failed<HeldFile>(Outcome.Failure failure) -> {
                Finding why = Finding.failed(failure, "the cache", "The crash file", Finding.Attempt.NONE);
                yield new FailedAnswer(failure.describe(), why.cause(), List.of(why.sentence()));
            }
        };
    }

    private Answer ofFile(Envelope envelope, Path file) throws InterruptedException {
        CrashKind kind = crashKind(envelope.kind());
        if (kind != null) {
            return engine.crash(kind, file, crashRequest(envelope), scope(envelope));
        }
        try {
            if (Files.size(file) > maxBodyBytes) {
                return new FailedAnswer(
                        "the payload is too large",
                        Cause.TOO_LARGE,
                        List.of("It has more than " + maxBodyBytes + " bytes; raise `symbolicate_body_max_bytes`."));
            }
            return ofRequest(envelope, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("the payload cannot be read", e);
        }
    }

    private static @Nullable CrashKind crashKind(EventKind kind) {
        return switch (kind) {
            case MINIDUMP -> CrashKind.MINIDUMP;
            case APPLE -> CrashKind.APPLE_REPORT;
            case NATIVE, JS, JVM, STACK -> null;
        };
    }

    private CrashRequest crashRequest(Envelope envelope) {
        CrashRequest request = CrashForm.readAll(stream(envelope.payload().request()));
        return request.withSources(sources(envelope, request.sources()));
    }

    private Answer ofRequest(Envelope envelope, byte[] bytes) throws InterruptedException {
        return switch (envelope.kind()) {
            case NATIVE -> nativeStacks(envelope, bytes);
            case JS -> javascript(envelope, bytes);
            case JVM -> jvm(envelope, bytes);
            default -> {
                StackRequest stack = StackRequest.of(envelope.payload(), new String(bytes, StandardCharsets.UTF_8));
                byte[] body = stack.body().getBytes(StandardCharsets.UTF_8);
                yield switch (stack.platform()) {
                    case JAVASCRIPT -> javascript(envelope, body);
                    case JAVA -> jvm(envelope, body);
                    case DART -> nativeStacks(envelope, body);
                };
            }
        };
    }

    private Answer nativeStacks(Envelope envelope, byte[] body) throws InterruptedException {
        SymbolicateRequest request = SymbolicateRequest.read(new ByteArrayInputStream(body));
        return engine.symbolicate(request.withSources(sources(envelope, request.sources())), scope(envelope));
    }

    private Answer javascript(Envelope envelope, byte[] body) throws InterruptedException {
        List<SourceConfig> own = sources(envelope, null);
        JsRequest request = JsRequest.read(new ByteArrayInputStream(body), own);
        return engine.symbolicate(request.withSources(sources(envelope, request.sources())), scope(envelope));
    }

    private Answer jvm(Envelope envelope, byte[] body) throws InterruptedException {
        JvmRequest request = JvmRequest.read(new ByteArrayInputStream(body));
        return engine.symbolicate(request.withSources(sources(envelope, request.sources())), scope(envelope));
    }

    private List<SourceConfig> sources(Envelope envelope, @Nullable List<SourceConfig> named) {
        return views.ofProject(
                Objects.requireNonNullElse(named, ownSources),
                envelope.organization(),
                envelope.project(),
                named == null);
    }

    /** Whose private files these are. */
    private static String scope(Envelope envelope) {
        return envelope.organization() + "/" + envelope.project();
    }

    private static InputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    }
}
