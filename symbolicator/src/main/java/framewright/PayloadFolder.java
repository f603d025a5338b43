package framewright;

import framewright.api.EventPayload;
import framewright.api.Outcome;
import framewright.cache.TemporaryFile;
import framewright.crash.CrashFiles;
import framewright.http.HeldFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Gets payloads that are not in their message: from the web under the rules of downloads, and from one folder. */
final class PayloadFolder implements EventResolver.PayloadFiles {
    private static final String FILE = "file:";

    private final @Nullable Path folder;
    private final CrashFiles files;

    /** @param folder that files may be in; null: none may be a file */
    PayloadFolder(@Nullable Path folder, CrashFiles files) {
        this.folder = folder;
        this.files = files;
    }

    @Override
    public Outcome<HeldFile> get(EventPayload.Reference reference) throws InterruptedException {
        if (reference.url().startsWith(FILE)) {
            return ofFolder(reference.url());
        }
        Outcome<TemporaryFile> fetched = files.fetch(reference.url(), reference.token());
        return fetched.map(file -> new HeldFile(file.path(), file::close));
    }

    private Outcome<HeldFile> ofFolder(String url) {
        if (folder == null) {
            return Outcome.failed(
                    new Outcome.Denied("403 payloads may be files only where `queue.files` names a folder"));
        }
        try {
            // links are followed before it is looked where they lead
            Path file = Path.of(URI.create(url)).toRealPath();
            if (!file.startsWith(folder.toRealPath()) || !Files.isRegularFile(file)) {
                return Outcome.failed(new Outcome.Denied("403 the file is outside of `queue.files`"));
            }
            return Outcome.found(new HeldFile(file, () -> {}));
        } catch (IOException | IllegalArgumentException e) {
            return Outcome.failed(new Outcome.Missing("there is no such file"));
        }
    }
}
