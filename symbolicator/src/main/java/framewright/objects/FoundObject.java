package framewright.objects;

import framewright.api.Features;
import framewright.api.Outcome;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.cache.Scope;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import org.jspecify.annotations.Nullable;

/** A debug file that was chosen. Nothing to close: the file itself is leased by {@link #open()}. */
public final class FoundObject {
    private final ObjectStore store;
    private final RemoteFile file;
    private final CacheKey key;
    private final ObjectId wanted;
    private final Scope scope;
    private final ObjectMeta meta;

    FoundObject(ObjectStore store, RemoteFile file, CacheKey key, ObjectId wanted, Scope scope, ObjectMeta meta) {
        this.store = store;
        this.file = file;
        this.key = key;
        this.wanted = wanted;
        this.scope = scope;
        this.meta = meta;
    }

    /** The file, leased; fetched again where it was evicted since, as long as what was made of it sufficed. */
    public Outcome<CachedFile> open() throws InterruptedException {
        return store.open(file, key, wanted, scope);
    }

    /** Names the file; keys of what is made of it begin with this one. */
    public CacheKey key() {
        return key;
    }

    /** Whom the file serves: everyone, where its source is public. */
    public Scope scope() {
        return scope;
    }

    /** Id of its source. */
    public String source() {
        return file.source();
    }

    /** Where it came from, as candidates show it. */
    public String location() {
        return file.location();
    }

    public Features features() {
        return meta.features();
    }

    /** As the peer names it; {@code unknown} where the format has none. */
    public String arch() {
        return meta.arch();
    }

    /** {@code elf}, {@code macho}, {@code pe}, {@code pdb}, {@code portablepdb}, {@code breakpad}, ... */
    public String fileFormat() {
        return meta.fileFormat();
    }

    /** The file's own id. */
    public @Nullable DebugId debugId() {
        return meta.debugId();
    }
}
