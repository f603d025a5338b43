package framewright.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Which entries there are, on disk, so that a start need not walk through folders: a head, then records of what came,
 * went and was used, written anew at each start and whenever the file is full.
 *
 * <p><b>Kills.</b> A record is written before the renaming that it tells of, both under the lock of {@link DiskSpace}.
 * So after a kill only the last record can be untrue, and the disk is asked about that one. The head has the length of
 * what was written; a shorter file was damaged by others.
 *
 * <p><b>Power cuts.</b> Nothing is synced but the end. A log that was not closed is trusted only by the boot of the
 * system that it was written in. What cannot be trusted is forgotten, and the start walks through the folders.
 *
 * <p>Not thread-safe; guarded by the lock of {@link DiskSpace}.
 */
final class IndexLog implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(IndexLog.class.getName());

    /** Bytes of the head, and of each record. */
    static final int ROW = 64;

    /** Where the digest is in a record. */
    private static final int DIGEST_AT = 8;

    private static final int MAGIC = 0x46574958;
    private static final int OPEN = 1;
    private static final int CLOSED = 2;

    private static final byte ADDED = 1;
    private static final byte REMOVED = 2;
    private static final byte USED = 3;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final CacheFolder folder;
    private final EntryIndex index;
    private final UUID boot;
    private final ByteBuffer row = ByteBuffer.allocate(ROW);
    private long maxBytes;
    private long written;

    /** Null: not started, or given up. */
    private @Nullable FileChannel file;

    IndexLog(CacheFolder folder, EntryIndex index) {
        this.folder = folder;
        this.index = index;
        this.boot = boot();
    }

    /** Where the system does not tell, each process is a boot of its own. */
    private static UUID boot() {
        try {
            return UUID.fromString(Files.readString(BOOT_ID).strip());
        } catch (IOException | IllegalArgumentException e) {
            return UUID.randomUUID();
        }
    }

    private Path path() {
        return folder.index().resolve("log");
    }

    // ---- reading

    /**
     * Tells of all entries that were there at the end of the last process.
     *
     * @return false where that is not known; nothing was told then
     */
    boolean restore(Consumer<Entry> found) throws IOException {
        Map<CacheId, Entry> entries = read();
        if (entries == null) {
            return false;
        }
        // what follows must not be taken for what was closed
        try (FileChannel old = FileChannel.open(path(), StandardOpenOption.WRITE)) {
            writeHead(old, OPEN, old.size());
            old.force(true);
        }
        entries.values().forEach(found);
        return true;
    }

    private @Nullable Map<CacheId, Entry> read() throws IOException {
        ByteBuffer in;
        try {
            if (Files.size(path()) > DiskCache.MAX_INDEX) {
                return null;
            }
            in = ByteBuffer.wrap(Files.readAllBytes(path()));
        } catch (NoSuchFileException e) {
            return null;
        }
        if (!isTrusted(in)) {
            LOG.log(Level.WARNING, "the index of the cache cannot be trusted; looking through its folders");
            return null;
        }
        Map<CacheId, Entry> entries = new LinkedHashMap<>();
        byte op = 0;
        Entry last = null;
        // what was cut off by a kill had no effect yet
        for (int at = ROW; at + ROW <= in.limit(); at += ROW) {
            ByteBuffer record = in.slice(at, ROW);
            op = record.get(0);
            last = isWhole(record) ? entry(record) : null;
            if (last == null) {
                LOG.log(Level.WARNING, "the index of the cache is damaged; looking through its folders");
                return null;
            }
            apply(op, last, entries);
        }
        if (last != null) {
            settle(op, last, entries);
        }
        return entries;
    }

    private boolean isTrusted(ByteBuffer in) {
        if (in.limit() < ROW || !isWhole(in.slice(0, ROW)) || in.getInt(0) != MAGIC || in.getInt(4) != kinds()) {
            return false;
        }
        boolean closed = in.getInt(8) == CLOSED;
        boolean sameBoot = boot.equals(new UUID(in.getLong(16), in.getLong(24)));
        long length = in.getLong(32);
        // of a record under way at a kill the head does not know yet
        return (closed || sameBoot) && in.limit() >= length && in.limit() <= length + ROW;
    }

    private static void apply(byte op, Entry entry, Map<CacheId, Entry> entries) {
        CacheId id = new CacheId(entry.kind, entry.digest);
        switch (op) {
            case ADDED -> entries.put(id, entry);
            case REMOVED -> entries.remove(id);
            default -> entries.replace(id, entry);
        }
    }

    /** Asks the disk whether what the last record tells of came to be, and ends what did not. */
    private void settle(byte op, Entry last, Map<CacheId, Entry> entries) throws IOException {
        boolean there = Files.exists(folder.path(last));
        if (op == REMOVED && there) {
            Files.delete(folder.path(last));
            there = false;
        }
        if (!there) {
            entries.remove(new CacheId(last.kind, last.digest));
            CacheFolder.deleteIfEmpty(folder.subfolder(last));
            CacheFolder.deleteIfEmpty(folder.folder(last));
        }
    }

    @SuppressWarnings("EnumOrdinal") // the head says how the kinds are numbered
    private static @Nullable Entry entry(ByteBuffer record) {
        int kind = record.get(1);
        if (kind < 0 || kind >= CacheKind.values().length) {
            return null;
        }
        Digest digest = Digest.read(record.position(DIGEST_AT));
        String sum = record.get(2) == 0 ? "" : Checksum.text(record.getInt(4));
        Entry entry = new Entry(
                CacheKind.values()[kind], digest, record.getLong(40), sum, record.getLong(48), record.getInt(56));
        entry.uses = Math.max(1, Byte.toUnsignedInt(record.get(3)));
        entry.proven = false;
        return entry;
    }

    // ---- writing

    /** Starts to write, with all entries of the index; given up where they need too much room. */
    void start(long maxBytes) {
        this.maxBytes = maxBytes;
        rewrite();
    }

    /** Before an entry is moved to its place. */
    void adding(Entry entry) {
        append(ADDED, entry);
    }

    /** Before an entry is moved away. */
    void removing(Entry entry) {
        append(REMOVED, entry);
    }

    /** After an entry was used. */
    void used(Entry entry) {
        append(USED, entry);
    }

    private void append(byte op, Entry entry) {
        if (file != null && written + ROW > maxBytes / 2) {
            rewrite();
        }
        if (file == null) {
            return;
        }
        try {
            write(file, record(op, entry), written);
            written += ROW;
            writeHead(file, OPEN, written);
        } catch (IOException e) {
            giveUp("cannot be written: " + e.getMessage());
        }
    }

    /** A quarter for what is there leaves another one before the file is full again, and half for the rewriting. */
    private void rewrite() {
        long entries = 0;
        for (CacheKind kind : CacheKind.values()) {
            entries += index.all(kind).size();
        }
        if ((entries + 1) * ROW > maxBytes / 4) {
            giveUp("has no room for " + entries + " entries");
            return;
        }
        Path fresh = folder.index().resolve("log.new");
        try {
            FileChannel to = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            closeFile();
            file = to;
            writeAll(to, (int) entries);
            Files.move(fresh, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            giveUp("cannot be written: " + e.getMessage());
        }
    }

    private void writeAll(FileChannel to, int entries) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(entries * ROW);
        for (CacheKind kind : CacheKind.values()) {
            index.all(kind).forEach(entry -> all.put(record(ADDED, entry)));
        }
        write(to, all.flip(), ROW);
        written = ROW + (long) all.limit();
        writeHead(to, OPEN, written);
    }

    @SuppressWarnings("EnumOrdinal") // the head says how the kinds are numbered
    private ByteBuffer record(byte op, Entry entry) {
        row.clear();
        row.put(op)
                .put((byte) entry.kind.ordinal())
                .put((byte) (entry.sum.isEmpty() ? 0 : 1))
                .put((byte) entry.uses);
        row.putInt(entry.sum.isEmpty() ? 0 : Integer.parseUnsignedInt(entry.sum, 16));
        entry.digest.write(row);
        row.putLong(entry.size).putLong(entry.lastUsed).putInt((int) Math.min(entry.cost, Integer.MAX_VALUE));
        return sealed();
    }

    private void writeHead(FileChannel to, int state, long length) throws IOException {
        row.clear();
        row.putInt(MAGIC).putInt(kinds()).putInt(state).putInt(0);
        row.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
        row.putLong(length).putLong(0).putLong(0).putInt(0);
        write(to, sealed(), 0);
    }

    private ByteBuffer sealed() {
        row.putInt(crc(row.array(), 0));
        return row.flip();
    }

    private static void write(FileChannel to, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    private static boolean isWhole(ByteBuffer row) {
        return row.getInt(ROW - Integer.BYTES) == crc(row.array(), row.arrayOffset());
    }

    private static int crc(byte[] bytes, int offset) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, ROW - Integer.BYTES);
        return (int) crc.getValue();
    }

    /** Another build may number its kinds differently, and drops those of other versions. */
    private static int kinds() {
        StringBuilder text = new StringBuilder();
        for (CacheKind kind : CacheKind.values()) {
            text.append(kind.folder()).append('/').append(kind.version()).append('\n');
        }
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** The next start walks through the folders. */
    private void giveUp(String why) {
        LOG.log(Level.WARNING, "the index of the cache {0}; the next start looks through its folders", why);
        closeFile();
        try {
            Files.deleteIfExists(folder.index().resolve("log.new"));
            Files.deleteIfExists(path());
        } catch (IOException e) {
            LOG.log(Level.SEVERE, "the index of the cache cannot be removed; remove it by hand: " + path(), e);
        }
    }

    private void closeFile() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // nothing is buffered
            }
            file = null;
        }
    }

    /** Makes the log one that any later start trusts. */
    @Override
    public void close() {
        if (file == null) {
            return;
        }
        try {
            file.force(true);
            writeHead(file, CLOSED, written);
            file.force(true);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the index of the cache was not closed", e);
        }
        closeFile();
    }
}
