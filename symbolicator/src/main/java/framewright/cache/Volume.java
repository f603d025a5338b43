package framewright.cache;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system that the cache lies on, which others may fill. */
@FunctionalInterface
interface Volume {
    /** What is left for us, in bytes. */
    long freeBytes() throws IOException;

    /** The one that a folder lies on. */
    static Volume of(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        return store::getUsableSpace;
    }

    /** Whether a write failed because nothing was left; the text is that of the system's C library. */
    static boolean isFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String reason = cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
            if (reason != null && (reason.contains("No space left") || reason.contains("quota exceeded"))) {
                return true;
            }
        }
        return false;
    }
}
