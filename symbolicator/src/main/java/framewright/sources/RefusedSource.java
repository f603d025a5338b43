package framewright.sources;

import framewright.api.Outcome.Failure;
import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import java.util.List;

/**
 * A source that may not or cannot be asked; it lists one file that says why.
 *
 * @param lasting whether that will be so for a while
 */
record RefusedSource(SourceConfig config, Failure why, boolean lasting) implements Source {
    @Override
    public Listing list(List<FileType> types, ObjectId id) {
        return new Listing(List.of(at("refused")), lasting);
    }

    @Override
    public RemoteFile at(String path) {
        return new RemoteFile.Unusable(config.id(), path, why);
    }
}
