package framewright.js;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.cache.Caches;
import framewright.cache.OpenCache;
import framewright.cache.OpenCache.Opened;

/** Scripts and sources in memory, for all requests; the least used go when there are too many. */
final class Scripts implements AutoCloseable {
    /** Bytes of memory per byte of a file while it is read. */
    private static final int COST = 4;

    private final OpenCache<Script> scripts;
    private final Room room;

    /** @param maxBytes of memory for scripts that are kept */
    Scripts(Caches caches, Room room, long maxBytes) {
        this.scripts = caches.openCache(maxBytes);
        this.room = room;
    }

    /** The script; read where it is not in memory. It is plain memory, so nothing has to be given back. */
    Outcome<Script> get(Content content) throws InterruptedException {
        return scripts.get(content.key(), () -> read(content)).map(lease -> {
            try (lease) {
                return lease.value();
            }
        });
    }

    private Outcome<Opened<Script>> read(Content content) throws InterruptedException {
        try (Room.Taken _ = room.take(COST * content.bytes())) {
            return switch (content.read()) {
                case Found<Content.Read>(Content.Read read) -> {
                    Script script = Script.of(read);
                    yield Outcome.found(new Opened<>(script, script.bytes()));
                }
                case Failed<Content.Read>(Outcome.Failure failure) -> Outcome.failed(failure);
            };
        }
    }

    @Override
    public void close() {
        scripts.close();
    }
}
