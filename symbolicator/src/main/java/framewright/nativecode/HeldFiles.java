package framewright.nativecode;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.cache.CacheKey;
import framewright.cache.CachedFile;
import framewright.cache.Retention;
import framewright.cache.Scope;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.nativebridge.LookupTable;
import framewright.objects.Auxiliary;
import framewright.objects.Auxiliary.Looked;
import framewright.objects.FoundObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A debug file with the files that change how it is read. The latter stay on disk until the last holder has closed: the
 * request that found them, or the conversion in the background. What looking for the line mapping has led to is kept, to
 * tell why lines are missing.
 */
final class HeldFiles implements AutoCloseable {
    private final FoundObject object;
    private final @Nullable CachedFile bcSymbolMap;
    private final Looked il2cpp;
    private final @Nullable CachedFile il2cppMap;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Takes the leases over, for one holder. */
    HeldFiles(FoundObject object, @Nullable CachedFile bcSymbolMap, Looked il2cpp) {
        this.object = object;
        this.bcSymbolMap = bcSymbolMap;
        this.il2cpp = il2cpp;
        this.il2cppMap = side(il2cpp.file());
    }

    /** The object with what its table depends on besides. */
    static HeldFiles find(FoundObject object, ObjectId id, Auxiliary auxiliary, List<SourceConfig> sources, Scope scope)
            throws InterruptedException {
        boolean mayHideNames = object.fileFormat().equals("macho");
        return new HeldFiles(
                object,
                mayHideNames ? side(auxiliary.find(FileType.BCSYMBOLMAP, id, sources, scope)) : null,
                auxiliary.look(FileType.IL2CPP, id, sources, scope));
    }

    private static @Nullable CachedFile side(Outcome<CachedFile> found) {
        return found instanceof Found<CachedFile>(CachedFile file) ? file : null;
    }

    FoundObject object() {
        return object;
    }

    /** The line mapping of code that il2cpp generated, and all that was considered. */
    Looked il2cpp() {
        return il2cpp;
    }

    /** One holder more; false where the last has closed already. */
    boolean hold() {
        return holders.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    /** Of the table that is made of these files. */
    CacheKey tableKey(boolean variables) {
        CacheKey key = object.key();
        if (bcSymbolMap != null) {
            key = key.with("bcsymbolmap: " + bcSymbolMap.key().text());
        }
        if (il2cppMap != null) {
            key = key.with("il2cpp: " + il2cppMap.key().text());
        }
        return variables ? key.with("variables: yes") : key;
    }

    LookupTable.Options options(boolean variables) {
        return new LookupTable.Options(
                bcSymbolMap == null ? null : bcSymbolMap.path(),
                il2cppMap == null ? null : il2cppMap.path(),
                variables);
    }

    Retention retention() {
        return Retention.of(object.scope());
    }

    @Override
    public void close() {
        if (holders.decrementAndGet() == 0) {
            if (bcSymbolMap != null) {
                bcSymbolMap.close();
            }
            if (il2cppMap != null) {
                il2cppMap.close();
            }
        }
    }
}
