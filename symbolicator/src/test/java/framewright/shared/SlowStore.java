package framewright.shared;

import framewright.api.Outcome;
import framewright.fetch.StoreClient.Body;
import java.util.concurrent.CountDownLatch;

/** Another store, which writes no entry until it is told to. */
final class SlowStore implements Store {
    private final Store store;
    private final CountDownLatch go;

    SlowStore(Store store, CountDownLatch go) {
        this.store = store;
        this.go = go;
    }

    @Override
    public <T> Outcome<T> read(String name, Reader<T> reader) throws InterruptedException {
        return store.read(name, reader);
    }

    @Override
    public Outcome<Boolean> create(String name, Body body) throws InterruptedException {
        go.await();
        return store.create(name, body);
    }

    @Override
    public Outcome<Boolean> write(String name, Body body) throws InterruptedException {
        return store.write(name, body);
    }

    @Override
    public Outcome<Boolean> remove(String name) throws InterruptedException {
        return store.remove(name);
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public void close() {
        store.close();
    }
}
