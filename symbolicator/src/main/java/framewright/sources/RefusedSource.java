package framewright.sources;

import framewright.api.Outcome.Denied;
import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import java.util.List;

/** A source that may not be asked; it lists one file that says why. */
record RefusedSource(SourceConfig.Refused config) implements Source {
    @Override
    public Listing list(List<FileType> types, ObjectId id) {
        return new Listing(List.of(at("refused")), true);
    }

    @Override
    public RemoteFile at(String path) {
        return new RemoteFile.Unusable(config.id(), path, new Denied(config.reason()));
    }
}
