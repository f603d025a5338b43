package framewright.shared;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.fetch.StoreClient;
import framewright.fetch.StoreClient.Body;
import framewright.fetch.StoreClient.Call;
import framewright.sources.Bucket;
import framewright.sources.Bucket.Operation;
import org.jspecify.annotations.Nullable;

/** Objects of a bucket, by HTTP. */
final class BucketStore implements Store {
    private final Bucket bucket;
    private final StoreClient client;

    BucketStore(Bucket bucket, StoreClient client) {
        this.bucket = bucket;
        this.client = client;
    }

    @Override
    public <T> Outcome<T> read(String name, Reader<T> reader) throws InterruptedException {
        Outcome<Outcome<T>> answer = send(
                Operation.READ,
                name,
                null,
                (status, in) -> status == 200 ? Outcome.found(reader.read(in)) : Outcome.failed(failure(status)));
        return answer.flatMap(made -> made);
    }

    @Override
    public Outcome<Boolean> create(String name, Body body) throws InterruptedException {
        return status(Operation.CREATE, name, body)
                .flatMap(status -> status == 409 || status == 412 ? Outcome.found(false) : done(status));
    }

    @Override
    public Outcome<Boolean> write(String name, Body body) throws InterruptedException {
        return status(Operation.WRITE, name, body).flatMap(BucketStore::done);
    }

    @Override
    public Outcome<Boolean> remove(String name) throws InterruptedException {
        return status(Operation.REMOVE, name, null)
                .flatMap(status -> status == 404 ? Outcome.found(false) : done(status));
    }

    private static Outcome<Boolean> done(int status) {
        return status >= 200 && status < 300 ? Outcome.found(true) : Outcome.failed(failure(status));
    }

    private static Failure failure(int status) {
        return status == 404 ? new Missing() : StoreClient.refusal(status);
    }

    private Outcome<Integer> status(Operation operation, String name, @Nullable Body body) throws InterruptedException {
        return send(operation, name, body, (status, _) -> status);
    }

    private <T> Outcome<T> send(Operation operation, String name, @Nullable Body body, StoreClient.Reader<T> reader)
            throws InterruptedException {
        return switch (bucket.call(operation, name)) {
            case Failed<Call>(Failure failure) -> Outcome.failed(failure);
            case Found<Call>(Call call) -> client.send(call, body, reader);
        };
    }

    @Override
    public String location() {
        return bucket.location();
    }

    @Override
    public void close() {
        client.close();
    }
}
