package framewright.sources;

import framewright.api.Outcome.Missing;
import framewright.api.SourceConfig;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.fetch.RemoteFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** A folder of this machine. */
final class FilesystemSource implements Source {
    private final SourceConfig.Filesystem config;
    private final Paths paths;

    FilesystemSource(SourceConfig.Filesystem config, IndexReader index, Pointers pointers) {
        this.config = config;
        this.paths = new Paths(config.common(), index, pointers);
    }

    @Override
    public SourceConfig.Filesystem config() {
        return config;
    }

    @Override
    public Listing list(List<FileType> types, ObjectId id) throws InterruptedException {
        return paths.list(types, id, "file " + config.path(), this::at);
    }

    @Override
    public List<Newest> newest(int most) throws InterruptedException {
        return NewestFiles.of(Path.of(config.path()), config.common().layout().kind(), most);
    }

    @Override
    public RemoteFile at(String path) {
        try {
            Path file = Path.of(config.path()).toAbsolutePath().normalize().resolve(path);
            return new RemoteFile.Local(config.id(), file.toUri().toString(), file);
        } catch (InvalidPathException e) {
            // a name that this file system cannot have
            return new RemoteFile.Unusable(config.id(), "file://" + config.path() + "/" + path, new Missing());
        }
    }
}
