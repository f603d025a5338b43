package framewright.js;

import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.JsStem;
import framewright.api.Outcome;
import framewright.api.ResolvedWith;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Scripts and maps in a folder of this machine, for people who have a build at hand: a file is where its address says,
 * below the folder, or nearer to it by some of the address's leading parts.
 */
final class LocalFiles {
    private final Path folder;

    LocalFiles(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The file; null where the folder does not have it. */
    @Nullable
    FoundFile find(JsFileKey key) {
        String path = key.absPath() == null ? "" : JsStem.withoutQuery(JsStem.withoutHost(key.absPath()));
        while (!path.isEmpty()) {
            Path file = below(path);
            if (file != null && Files.isRegularFile(file)) {
                return new FoundFile(
                        key,
                        new JsOrigin.IndividualFile(file.toUri().toString()),
                        ResolvedWith.URL,
                        Outcome.found(new Content.Local(file)),
                        null);
            }
            int slash = path.indexOf('/');
            path = slash < 0 ? "" : path.substring(slash + 1);
        }
        return null;
    }

    private @Nullable Path below(String path) {
        try {
            Path file = folder.resolve(path.startsWith("/") ? path.substring(1) : path)
                    .normalize();
            return file.startsWith(folder) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
