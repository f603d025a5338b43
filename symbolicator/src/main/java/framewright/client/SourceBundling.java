package framewright.client;

import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packs the sources that a debug file names. */
public final class SourceBundling {
    /** Of all sources together; those of the largest programs have some hundred megabytes. */
    private static final long MAX_BYTES = 4L << 30;

    private SourceBundling() {}

    /** How many of the sources are in the bundle, and how many are not on this machine; without any there is no bundle. */
    public record Written(int bundled, int missing) {}

    /** @throws IOException the file is no debug file, or the bundle cannot be written */
    public static Written write(Path file, Path to) throws IOException, InterruptedException {
        try (NativePool pool = new NativePool("bundle", 1)) {
            return switch (pool.call(() -> SourceFiles.bundle(file, to, MAX_BYTES))) {
                case NativeResult.Failed<SourceFiles.Bundled>(NativeFailure failure) ->
                    throw new IOException(file + " has no sources that could be bundled: " + failure.describe());
                case NativeResult.Ok<SourceFiles.Bundled>(SourceFiles.Bundled bundled) -> {
                    if (bundled.bundled() == 0) {
                        Files.deleteIfExists(to);
                    }
                    yield new Written(bundled.bundled(), bundled.missing());
                }
            };
        }
    }
}
