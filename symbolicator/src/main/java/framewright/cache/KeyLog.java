package framewright.cache;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Which key each digest stands for, on disk alone: only those who look into the cache from outside ask. Bounded like
 * every log, so that the oldest names are forgotten, which harms nothing but listings.
 */
final class KeyLog implements AutoCloseable {
    /** Longest key that is kept, in bytes; the rest is cut off. */
    private static final int MAX_KEY = 2000;

    private static final int FIXED = Short.BYTES + 4 * Long.BYTES;

    private final RecordLog log;

    KeyLog(Path folder, long logBytes) throws IOException {
        this.log = new RecordLog(folder, logBytes, (record, generation) -> {});
    }

    void note(CacheId id, String key) throws IOException {
        byte[] folder = id.kind().folder().getBytes(StandardCharsets.UTF_8);
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_KEY);
        ByteBuffer record = ByteBuffer.allocate(FIXED + folder.length + length)
                .putShort((short) folder.length)
                .put(folder);
        id.digest().write(record);
        log.append(record.put(text, 0, length).array());
    }

    /** All keys that are known. */
    Map<CacheId, String> read() throws IOException {
        Map<CacheId, String> keys = new HashMap<>();
        log.readAll((record, generation) -> read(record, keys));
        return keys;
    }

    private static void read(ByteBuffer record, Map<CacheId, String> keys) {
        try {
            byte[] folder = new byte[record.getShort()];
            record.get(folder);
            Digest digest = Digest.read(record);
            byte[] text = new byte[record.remaining()];
            record.get(text);
            String name = new String(folder, StandardCharsets.UTF_8);
            for (CacheKind kind : CacheKind.values()) {
                if (kind.folder().equals(name)) {
                    keys.put(new CacheId(kind, digest), new String(text, StandardCharsets.UTF_8));
                }
            }
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            // a record of another version of ours
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
