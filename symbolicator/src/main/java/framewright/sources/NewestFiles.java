package framewright.sources;

import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.PathIds;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the modules of which a folder got files last, as far as the paths of its layout tell them. Links are not followed. */
final class NewestFiles extends SimpleFileVisitor<Path> {
    /** With folders, which takes seconds on a local disk; what lies beyond is not seen. */
    private static final int MOST_LOOKED_AT = 200_000;

    /** As deep as any layout has files. */
    private static final int DEPTH = 6;

    private final Path root;
    private final Layout.Kind layout;
    private final int most;
    private final Map<ObjectId, Source.Newest> kept = new HashMap<>();
    private final TreeSet<Source.Newest> oldestFirst = new TreeSet<>(Comparator.comparing(Source.Newest::changed)
            .thenComparing(one -> one.id().toString()));
    private int looked;

    private NewestFiles(Path root, Layout.Kind layout, int most) {
        this.root = root;
        this.layout = layout;
        this.most = most;
    }

    /** The newest first; none where there is no such folder. */
    static List<Source.Newest> of(Path folder, Layout.Kind layout, int most) throws InterruptedException {
        NewestFiles files;
        try {
            files = new NewestFiles(folder.toRealPath(), layout, most);
            Files.walkFileTree(files.root, Set.of(), DEPTH, files);
        } catch (IOException e) {
            // requests that look there say so
            return List.of();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return List.copyOf(files.oldestFirst.descendingSet());
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return next();
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        ObjectId id = PathIds.of(layout, root.relativize(file).toString().replace(File.separatorChar, '/'));
        if (id != null && !attributes.isDirectory()) {
            note(new Source.Newest(id, attributes.lastModifiedTime().toInstant()));
        }
        return next();
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        return next();
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
        return FileVisitResult.CONTINUE;
    }

    private FileVisitResult next() {
        looked++;
        return looked > MOST_LOOKED_AT || Thread.currentThread().isInterrupted()
                ? FileVisitResult.TERMINATE
                : FileVisitResult.CONTINUE;
    }

    private void note(Source.Newest one) {
        Source.Newest known = kept.get(one.id());
        if (known != null) {
            if (!known.changed().isBefore(one.changed())) {
                return;
            }
            oldestFirst.remove(known);
        }
        kept.put(one.id(), one);
        oldestFirst.add(one);
        if (oldestFirst.size() > most) {
            kept.remove(oldestFirst.removeFirst().id());
        }
    }
}
