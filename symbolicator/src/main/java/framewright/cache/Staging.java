package framewright.cache;

import framewright.api.Outcome;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Unreachable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a loader writes: a file beside the cache, and the room that was promised for it. Used by one thread.
 *
 * <p>A writer that does not know the size reserves a guess, writes no more than {@link #reserved()}, and reserves
 * more when that was too little.
 */
public final class Staging {
    /** Longest note of {@link #keepPartial}, in bytes. */
    public static final int MAX_NOTE = 1024;

    private final DiskCache disk;
    private final @Nullable CacheKind kind;
    private final @Nullable CacheKey key;
    private final Path file;
    private final List<Path> files = new ArrayList<>();
    private @Nullable Path checkpoint;
    private long promised;
    private boolean remembered = true;

    /**
     * @param kind of what is written; null: nothing that stays
     * @param key of what is written; null with the kind
     */
    Staging(DiskCache disk, @Nullable CacheKind kind, @Nullable CacheKey key) {
        this.disk = disk;
        this.kind = kind;
        this.key = key;
        this.file = disk.temporary(".part");
        files.add(file);
    }

    /** What becomes the entry. Not there yet; written within what was reserved. */
    public Path file() {
        return file;
    }

    /** Another file of this load, within the same reservation; removed at its end. */
    public Path scratch(String name) {
        Path scratch = disk.temporary("." + name);
        files.add(scratch);
        return scratch;
    }

    /**
     * Promises room for all files of this load together; what was promised before counts in. Entries that were not
     * used for long make place.
     *
     * @return false where there is no such room; nothing has changed then
     */
    public boolean reserve(long totalBytes) {
        // each file may end within a block
        long wanted = DiskBudget.allocated(totalBytes) + (files.size() - 1) * DiskBudget.BLOCK;
        if (wanted <= promised) {
            return true;
        }
        boolean room = promised == 0
                ? disk.space().reserveEntry(kind, wanted)
                : disk.space().reserve(kind, wanted - promised);
        if (room) {
            promised = wanted;
        }
        return room;
    }

    /** Bytes that all files of this load may hold together. */
    public long reserved() {
        return Math.max(0, promised - (files.size() - 1) * DiskBudget.BLOCK);
    }

    /** What to return after {@link #reserve} said no; not remembered. */
    public Outcome<Loaded> noRoom() {
        remembered = false;
        return Outcome.failed(noRoomFailure());
    }

    Failure noRoomFailure() {
        return new Unreachable(
                "the cache has no room for the file (its cap is " + disk.space().cap() + " bytes)");
    }

    /** A failure of this load depends on the moment; the next look-up loads again. */
    public void doNotRemember() {
        remembered = false;
    }

    boolean isRemembered() {
        return remembered;
    }

    // ---- loads that go on where an earlier one was cut

    /**
     * Moves what an earlier load of the same entry has left to {@link #file()}, with its room. Before anything else is
     * written or reserved.
     *
     * @return the note that was left with it; null: nothing was left
     */
    public @Nullable String takePartial() throws IOException {
        if (promised > 0 || key == null) {
            return null;
        }
        promised = disk.takeOut(partial(key), file);
        String note = promised == 0 ? null : Partials.cut(file);
        if (note != null) {
            checkpoint(Files.size(file), note);
        }
        return note;
    }

    /**
     * Leaves the first bytes of {@link #file()} to a later load, which may be another process's. They are an entry like
     * any other, and go where room is needed. The load fails then.
     *
     * @param note what tells whether they still are the beginning of the same file: one line, at most {@link #MAX_NOTE}
     *     bytes
     * @return false where there is no room for them, or nothing of this load stays
     */
    public boolean keepPartial(long bytes, String note) throws IOException {
        if (key == null) {
            return false;
        }
        Partials.append(file, bytes, note);
        disk.keys().note(partial(key), key.text());
        Entry kept = commit(partial(key), Entry.usualCost(bytes));
        if (kept == null) {
            return false;
        }
        kept.release();
        return true;
    }

    /**
     * Has the next start find what {@link #keepPartial} would leave, in case this process is killed. Nothing happens
     * where there is no room for saying so.
     *
     * @param bytes so many are on the disk for certain, and stay as they are until {@link #forgetCheckpoint}
     */
    public void checkpoint(long bytes, String note) throws IOException {
        if (key == null) {
            return;
        }
        if (checkpoint == null) {
            Path mark = Partials.checkpoint(file);
            List<Path> marks = List.of(mark, Partials.next(mark));
            if (!disk.space().reserve(kind, marks.size() * DiskBudget.BLOCK)) {
                return;
            }
            promised += marks.size() * DiskBudget.BLOCK;
            files.addAll(marks);
            checkpoint = mark;
            disk.keys().note(partial(key), key.text());
        }
        Partials.write(checkpoint, partial(key).digest(), bytes, note);
    }

    /** Before other bytes come to where a checkpoint has said that some are. */
    public void forgetCheckpoint() throws IOException {
        if (checkpoint != null) {
            Files.deleteIfExists(checkpoint);
        }
    }

    private static CacheId partial(CacheKey key) {
        return new CacheId(CacheKind.PARTIALS, key.digest());
    }

    /**
     * The written file as an entry, leased; null where it has no room.
     *
     * @param cost what it took to make, in milliseconds
     */
    @Nullable
    Entry commit(CacheId id, long cost) throws IOException {
        long size = Files.size(file);
        removeScratch();
        // an empty file takes no block, but the promise of none would leave out the folders
        if (!reserve(Math.max(size, 1))) {
            return null;
        }
        Entry entry = disk.commit(id, file, size, promised, cost);
        promised = 0;
        return entry;
    }

    private void removeScratch() throws IOException {
        for (Path scratch : files.subList(1, files.size())) {
            Files.deleteIfExists(scratch);
        }
        files.subList(1, files.size()).clear();
    }

    /** Removes what is left and gives the room back. */
    void discard() throws IOException {
        for (Path leftover : files) {
            Files.deleteIfExists(leftover);
        }
        if (promised > 0) {
            disk.space().unreserveEntry(promised);
            promised = 0;
        }
    }
}
