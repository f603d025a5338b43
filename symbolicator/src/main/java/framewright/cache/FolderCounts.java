package framewright.cache;

import java.util.EnumMap;
import java.util.Map;

/** How many entries each folder holds: a folder takes a block too, and goes when it is empty. Not thread-safe. */
final class FolderCounts {
    private static final class Counts {
        private final int[] folders = new int[CacheFolder.FANOUT];
        private final int[] subfolders = new int[CacheFolder.FANOUT * CacheFolder.FANOUT];
    }

    private int folders;
    private final Map<CacheKind, Counts> counts = new EnumMap<>(CacheKind.class);

    /** How many folders there are. */
    int count() {
        return folders;
    }

    /** Counts an entry in; how many folders it is the first of, 0 to 2. */
    int enter(Entry entry) {
        Counts of = of(entry);
        int first = of.folders[entry.digest.folder()]++ == 0 ? 1 : 0;
        int created = first + (of.subfolders[index(entry)]++ == 0 ? 1 : 0);
        folders += created;
        return created;
    }

    /** Counts an entry out; how many folders it was the last of, 0 to 2, the inner one first. */
    int leave(Entry entry) {
        Counts of = of(entry);
        int last = --of.subfolders[index(entry)] == 0 ? 1 : 0;
        int emptied = last + (--of.folders[entry.digest.folder()] == 0 ? 1 : 0);
        folders -= emptied;
        return emptied;
    }

    private Counts of(Entry entry) {
        return counts.computeIfAbsent(entry.kind, kind -> new Counts());
    }

    private static int index(Entry entry) {
        return entry.digest.folder() * CacheFolder.FANOUT + entry.digest.subfolder();
    }
}
