package framewright.client;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.nativebridge.NativePool;
import framewright.uploads.Archives;
import framewright.uploads.MemberName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files below some paths that may be of use to a symbol store. Folders are walked, archives opened; links are not
 * followed, but for the paths themselves. What a person names is taken whatever it looks like, what lies around only if
 * it looks like something.
 */
final class Walk {
    /** An archive within an archive within an archive, as in a store's download of an app's debug files. */
    private static final int MAX_DEPTH = 3;

    /** Of all archives together. */
    private static final long MAX_MEMBERS = 2_000_000;

    private static final long MAX_UNPACKED = 256L << 30;

    /** Nothing in them was built here. */
    private static final Set<String> PASSED_OVER = Set.of(".git", "node_modules");

    private final Path scratch;
    private final Archives archives;
    private final List<FoundFile> found = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private int unpacked;

    /** @param scratch folder for what comes out of archives, where it stays */
    public Walk(Path scratch, NativePool pool) {
        this.scratch = scratch;
        this.archives = new Archives(pool, this::newFile, MAX_MEMBERS, MAX_UNPACKED);
    }

    /** Adds what is at and below a path that a person has named. */
    void add(Path path) throws IOException, InterruptedException {
        if (!Files.exists(path)) {
            throw new IOException("there is no file or folder " + path);
        }
        if (!Files.isDirectory(path)) {
            String name = String.valueOf(path.getFileName());
            look(path, name, name, true, 0);
            return;
        }
        for (Path file : below(path.toRealPath(), path)) {
            String name = path.toRealPath().relativize(file).toString().replace('\\', '/');
            look(file, name, path.resolve(name).toString(), false, 0);
        }
    }

    List<FoundFile> found() {
        return List.copyOf(found);
    }

    /** What was named or was in an archive, and cannot be looked at. */
    List<LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }

    private List<Path> below(Path folder, Path shown) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                boolean passedOver = !dir.equals(folder) && PASSED_OVER.contains(String.valueOf(dir.getFileName()));
                return passedOver ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                leftOut.add(new LeftOut(shown.resolve(folder.relativize(file)).toString(), "it cannot be read: " + e));
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    /** @param origin the name as people know it, with the archive that it is in */
    private void look(Path file, String name, String origin, boolean named, int depth)
            throws IOException, InterruptedException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(FileLook.HEAD_BYTES);
        } catch (IOException e) {
            leftOut.add(new LeftOut(origin, "it cannot be read: " + e.getMessage()));
            return;
        }
        FileLook look = named ? FileLook.ofNamed(name, head) : FileLook.of(name, head);
        if ((named || look == FileLook.ARCHIVE) && Archives.isArchive(file)) {
            open(file, name, origin, depth);
        } else if (look.isOfUse()) {
            found.add(new FoundFile(file, name, origin, look));
        }
    }

    private void open(Path file, String name, String origin, int depth) throws IOException, InterruptedException {
        if (depth == MAX_DEPTH) {
            leftOut.add(new LeftOut(origin, "it is an archive within archives, too deep to be opened"));
            return;
        }
        Outcome<Integer> read = archives.read(file, MemberName.last(name), new Archives.Visitor() {
            @Override
            public void file(String member, InputStream content) throws IOException, InterruptedException {
                byte[] head = content.readNBytes(FileLook.HEAD_BYTES);
                if (FileLook.of(member, head).mayBeOfUse()) {
                    Path copy = newFile();
                    Files.copy(new SequenceInputStream(new ByteArrayInputStream(head), content), copy);
                    look(copy, member, origin + "!" + member, false, depth + 1);
                }
            }

            @Override
            public void refused(String member, String reason) {
                leftOut.add(new LeftOut(origin + "!" + member, reason));
            }
        });
        if (read instanceof Failed<Integer>(Failure failure)) {
            leftOut.add(new LeftOut(origin, failure.describe()));
        }
    }

    /** Never named after what comes out of an archive. */
    private Path newFile() {
        return scratch.resolve("file-" + ++unpacked);
    }
}
