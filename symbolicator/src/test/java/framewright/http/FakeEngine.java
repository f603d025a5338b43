package framewright.http;

import framewright.api.Answer;
import framewright.api.CacheQuery;
import framewright.api.CrashKind;
import framewright.api.CrashRequest;
import framewright.api.JsRequest;
import framewright.api.JvmRequest;
import framewright.api.Outcome;
import framewright.api.Readiness;
import framewright.api.SourceConfig;
import framewright.api.StoredCrash;
import framewright.api.SymbolicateRequest;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.store.DebugFile;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Answers with what it was asked. */
final class FakeEngine implements Engine {
    final Semaphore permits = new Semaphore(1000);
    volatile @Nullable SymbolicateRequest lastRequest;
    volatile @Nullable String lastScope;
    volatile @Nullable RuntimeException failure;
    volatile String filler = "";
    volatile Outcome<HeldFile> file = Outcome.failed(new Outcome.Missing());

    /** From now on answers wait for {@link #permits}. */
    void hold() {
        permits.drainPermits();
    }

    @Override
    public Answer symbolicate(SymbolicateRequest request, @Nullable String scope) throws InterruptedException {
        lastRequest = request;
        lastScope = scope;
        permits.acquire();
        RuntimeException e = failure;
        if (e != null) {
            throw e;
        }
        return out -> {
            out.writeNumberField("modules", request.modules().size());
            out.writeStringField("filler", filler);
        };
    }

    @Override
    public Answer symbolicate(JvmRequest request, @Nullable String scope) {
        return out -> out.writeNumberField("modules", request.modules().size());
    }

    @Override
    public Outcome<HeldFile> receive(InputStream received, long mostBytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer crash(CrashKind kind, Path crashFile, CrashRequest request, @Nullable String scope) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer crash(StoredCrash crash, @Nullable String scope) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Answer symbolicate(JsRequest request, @Nullable String scope) {
        lastScope = scope;
        return out -> out.writeNumberField("stacktraces", request.stacktraces().size());
    }

    @Override
    public Outcome<HeldFile> find(FileType type, ObjectId object, List<SourceConfig> sources) {
        return file;
    }

    @Override
    public Outcome<HeldFile> breakpadSymbols(ObjectId module, String name, List<SourceConfig> sources) {
        return file;
    }

    @Override
    public Outcome<FilePart> section(DebugFile debugFile, String name) {
        return file.map(held -> new FilePart(held, 0, 1));
    }

    @Override
    public Outcome<byte[]> source(ObjectId module, String path, List<SourceConfig> sources) {
        return Outcome.failed(new Outcome.Missing());
    }

    @Override
    public Answer cache(CacheQuery.Command command, CacheQuery query) {
        return out -> out.writeStringField("asked", command + " " + query);
    }

    @Override
    public Readiness ready() {
        return new Readiness(List.of());
    }
}
