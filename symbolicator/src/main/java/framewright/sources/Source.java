package framewright.sources;

import framewright.api.SourceConfig;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.Filters;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place where debug files may be. Made by {@link Sources} alone. */
public sealed interface Source
        permits FilesystemSource,
                HttpSource,
                DebuginfodSource,
                S3Source,
                GcsSource,
                AzureSource,
                SentrySource,
                StoreSource,
                RefusedSource {
    /**
     * Files to ask for.
     *
     * @param lasting whether asking again soon would list the same; not after a list or an index could not be had
     * @param refused why the source is not to be asked at all; null: it is
     */
    record Listing(List<RemoteFile> files, boolean lasting, Filters.@Nullable Refusal refused) {
        public Listing {
            files = List.copyOf(files);
        }

        public Listing(List<RemoteFile> files, boolean lasting) {
            this(files, lasting, null);
        }
    }

    /** What it was made of. */
    SourceConfig config();

    /** Names it in answers and cache keys. */
    default String id() {
        return config().id();
    }

    /** Whether what it has serves every scope. */
    default boolean isPublic() {
        SourceConfig.Common common = config().common();
        return common != null && common.isPublic();
    }

    /** The files of these types that it may have for the module, in the order of {@code types}, best first. */
    Listing list(List<FileType> types, ObjectId id) throws InterruptedException;

    /** The mapping that was registered last for an app's release; null where the source knows of none. */
    default @Nullable DebugId mappingOf(String release) {
        return null;
    }

    /**
     * A module that the source has a file of.
     *
     * @param id as far as it is known
     * @param changed when the file was last written to
     */
    record Newest(ObjectId id, Instant changed) {}

    /** Those of which it got files last, the newest first; empty where the source has no list that tells. */
    default List<Newest> newest(int most) throws InterruptedException {
        return List.of();
    }

    /**
     * The file at a path below the source's root; null where the source does not keep files under paths.
     *
     * @param path relative, its parts separated by {@code /}, none of them empty, {@code .} or {@code ..}
     */
    default @Nullable RemoteFile at(String path) {
        return null;
    }

    /**
     * One file of the source code that a module was compiled from; null where the source has none.
     *
     * @param path as the debug information names it
     */
    default @Nullable RemoteFile sourceFile(ObjectId id, String path) throws InterruptedException {
        return null;
    }
}
