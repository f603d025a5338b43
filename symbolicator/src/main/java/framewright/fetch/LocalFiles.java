package framewright.fetch;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Missing;
import framewright.cache.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files of this machine as if they were downloads. Only regular ones: a pipe or a device would never end. */
final class LocalFiles {
    private static final int BUFFER = 64 * 1024;

    private LocalFiles() {}

    /**
     * Gives a file that nobody changes a second name, so that a large one takes neither time nor disk; where the file
     * system does not do so, or the file may change, it is copied.
     *
     * @param maxBytes a larger file is malformed
     * @param sink of the staging, which takes the copy
     */
    static @Nullable Failure link(RemoteFile.Local file, long maxBytes, Staging staging, FileSink sink)
            throws IOException {
        if (!file.constant() || !Files.isRegularFile(file.path())) {
            return copy(file.path(), sink);
        }
        try {
            long size = Files.size(file.path());
            if (size == 0) {
                return new Missing();
            }
            if (size > maxBytes) {
                return FileSink.tooLarge();
            }
            if (!staging.reserve(size)) {
                return sink.noRoom();
            }
            Files.createLink(staging.file(), file.path());
            return null;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return copy(file.path(), sink);
        }
    }

    static @Nullable Failure copy(Path path, Sink sink) throws IOException {
        if (!Files.isRegularFile(path)) {
            return new Missing();
        }
        try (InputStream in = Files.newInputStream(path)) {
            Failure refusal = sink.begin(0, Files.size(path), Head.NONE);
            byte[] buffer = new byte[BUFFER];
            int count = 0;
            while (refusal == null && (count = in.read(buffer)) >= 0) {
                refusal = sink.write(buffer, count);
            }
            return refusal == null && sink.written() == 0 ? new Missing() : refusal;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new Missing();
        } catch (AccessDeniedException e) {
            return new Denied("the file may not be read");
        }
    }
}
