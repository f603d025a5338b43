package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Readiness.Check;
import framewright.api.SourceConfig;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Whether a source of the settings can be reached: it is asked for a file that nobody has. */
public final class SourceProbe implements Probes.Probe {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** What comes is thrown away; more than this is an answer, too. */
    private static final int MAX_BYTES = 64 << 10;

    private static final String NAME = "framewright-ready";
    private static final List<ObjectId> NOBODYS = List.of(
            id(ObjectType.ELF, "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0"),
            id(ObjectType.PE, "f0f0f0f01000"),
            id(ObjectType.MACHO, "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0"));

    private final Sources sources;
    private final Fetcher fetcher;
    private final SourceConfig config;

    public SourceProbe(Sources sources, Fetcher fetcher, SourceConfig config) {
        this.sources = sources;
        this.fetcher = fetcher;
        this.config = config;
    }

    private static ObjectId id(ObjectType type, String codeId) {
        DebugId debugId = DebugId.parse("f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0-1");
        return new ObjectId(type, CodeId.parse(codeId), NAME, debugId, NAME, null);
    }

    /** Names the check of a source. */
    public static String name(SourceConfig config) {
        return "source " + config.id();
    }

    @Override
    public Check run() throws InterruptedException {
        if (config instanceof SourceConfig.Filesystem(String _, SourceConfig.Common _, String path)) {
            return isReadable(path) ? check(true, "can be read") : check(false, path + " cannot be read");
        }
        for (ObjectId id : NOBODYS) {
            Source.Listing listing = sources.of(config).list(FileType.ofModule(id.type()), id);
            if (!listing.lasting()) {
                return check(false, "its list or index cannot be had");
            }
            for (RemoteFile file : listing.files()) {
                return judge(fetcher.fetchAnswer(file, MAX_BYTES, LIMIT));
            }
        }
        return check(true, "lists nothing for what nobody has");
    }

    private static boolean isReadable(String path) {
        try {
            return Files.isReadable(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private Check judge(Outcome<Fetcher.Answer> outcome) {
        if (!(outcome instanceof Failed<Fetcher.Answer>(Failure failure))) {
            return check(true, "answers");
        }
        return switch (failure) {
            case TimedOut _, Unreachable _ -> check(false, failure.describe());
            // a bucket may hide what it does not have
            case Denied _ -> check(true, "answers: " + failure.describe());
            default -> check(true, "answers");
        };
    }

    private Check check(boolean ok, String detail) {
        return new Check(name(config), ok, detail, false);
    }
}
