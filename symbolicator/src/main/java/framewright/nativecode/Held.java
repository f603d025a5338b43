package framewright.nativecode;

import framewright.cache.CachedFile;

/** A lease on what a native handle reads from. */
public interface Held extends AutoCloseable {
    /** Whether the file is as it was written. */
    boolean isIntact();

    @Override
    void close();

    static Held of(CachedFile file) {
        return new Held() {
            @Override
            public boolean isIntact() {
                return file.isIntact();
            }

            @Override
            public void close() {
                file.close();
            }
        };
    }
}
