package framewright.client;

import framewright.nativebridge.NativePool;
import framewright.uploads.Identification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is to be sent of some paths.
 *
 * @param leftOut what is not, and why
 */
public record Gathering(List<Upload> uploads, List<LeftOut> leftOut) {
    /** As many as this machine's commands share with what else it does. */
    private static final int THREADS = 2;

    public Gathering {
        uploads = List.copyOf(uploads);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * How scripts are packed, and files cut.
     *
     * @param account whose bundles they are
     * @param chunkSize as the server wants it
     * @param release null: scripts of no release
     * @param dist null: of no distribution of it
     */
    public record Packing(
            Account account,
            int chunkSize,
            @Nullable String release,
            @Nullable String dist) {}

    /** @param scratch folder for what comes out of archives and for bundles, where they stay */
    public static Gathering of(List<Path> paths, Path scratch, Packing packing)
            throws IOException, InterruptedException {
        try (NativePool pool = new NativePool("look", THREADS)) {
            Walk walk = walk(paths, scratch, pool);
            List<FoundFile> files = walk.found();
            List<LeftOut> leftOut = new ArrayList<>(walk.leftOut());
            Inventory inventory = new Inventory(new Identification(pool));
            List<Upload> uploads = debugFiles(inventory.look(files), packing.chunkSize());
            leftOut.addAll(inventory.leftOut());
            ScriptBundle scripts = new ScriptBundle(packing.release(), packing.dist());
            scripts.add(files);
            leftOut.addAll(scripts.leftOut());
            if (!scripts.isEmpty()) {
                uploads.add(scripts.write(scratch.resolve("bundle"), packing.account(), packing.chunkSize()));
            }
            return new Gathering(uploads, leftOut);
        }
    }

    /** What the debug files below some paths are, without reading them whole; scripts are not looked at. */
    public static Looked look(List<Path> paths, Path scratch) throws IOException, InterruptedException {
        try (NativePool pool = new NativePool("look", THREADS)) {
            Walk walk = walk(paths, scratch, pool);
            Inventory inventory = new Inventory(new Identification(pool));
            List<LocalFile> files = inventory.look(walk.found());
            List<LeftOut> leftOut = new ArrayList<>(walk.leftOut());
            leftOut.addAll(inventory.leftOut());
            return new Looked(files, leftOut);
        }
    }

    /** What {@link #look} saw. */
    public record Looked(List<LocalFile> files, List<LeftOut> leftOut) {}

    /** The same bytes are sent once for each id that they are taken for, wherever they lie. */
    private static List<Upload> debugFiles(List<LocalFile> files, int chunkSize) throws IOException {
        Map<Path, ChunkedFile> read = new HashMap<>();
        Set<List<@Nullable Object>> seen = new HashSet<>();
        List<Upload> uploads = new ArrayList<>();
        for (LocalFile local : files) {
            Path path = local.file().file();
            ChunkedFile chunked = read.get(path);
            if (chunked == null) {
                chunked = ChunkedFile.read(path, chunkSize);
                read.put(path, chunked);
            }
            if (seen.add(Arrays.asList(chunked.sha1(), local.debugId()))) {
                uploads.add(new Upload.Debug(
                        local.file().origin(),
                        chunked,
                        local.file().keptName(),
                        local.debugId(),
                        local.entries(),
                        local.notes()));
            }
        }
        return uploads;
    }

    private static Walk walk(List<Path> paths, Path scratch, NativePool pool) throws IOException, InterruptedException {
        Walk walk = new Walk(scratch, pool);
        for (Path path : paths) {
            walk.add(path);
        }
        return walk;
    }
}
