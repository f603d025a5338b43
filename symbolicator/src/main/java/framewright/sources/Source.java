package framewright.sources;

import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import java.util.List;

/** A place where debug files may be. Made by {@link Sources} alone. */
public sealed interface Source
        permits FilesystemSource,
                HttpSource,
                DebuginfodSource,
                S3Source,
                GcsSource,
                AzureSource,
                SentrySource,
                RefusedSource {
    /**
     * Files to ask for.
     *
     * @param lasting whether asking again soon would list the same; not after a list or an index could not be had
     */
    record Listing(List<RemoteFile> files, boolean lasting) {
        public Listing {
            files = List.copyOf(files);
        }
    }

    /** Names it in answers and cache keys. */
    String id();

    /** Whether what it has serves every scope. */
    boolean isPublic();

    /** The files of these types that it may have for the module, in the order of {@code types}, best first. */
    Listing list(List<FileType> types, ObjectId id) throws InterruptedException;
}
