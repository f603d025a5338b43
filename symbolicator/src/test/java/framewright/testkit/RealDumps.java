package framewright.testkit;

import framewright.nativebridge.ObjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Dumps of programs that crashed, with the programs; how they were made stands beside them. */
public final class RealDumps {
    private static final Path FOLDER = Path.of("..", "rust", "crash", "tests", "fixtures");

    private RealDumps() {}

    /** A wrong pointer in a comparison that {@code qsort} calls. */
    public static Path callback() {
        return FOLDER.resolve("c-callback.dmp");
    }

    /** Puts the programs into a folder of the unified layout, where their modules are looked for. */
    public static Path programs(Path folder) throws IOException {
        for (String name : List.of("crash-c.elf", "crash-cc.elf")) {
            Path program = FOLDER.resolve(name);
            String id = Objects.requireNonNull(ObjectFiles.inspect(program, null, null)
                    .orThrow()
                    .objects()
                    .getFirst()
                    .codeId());
            Path target =
                    Files.createDirectories(folder.resolve(id.substring(0, 2)).resolve(id.substring(2)));
            Files.copy(program, target.resolve("executable"));
        }
        return folder;
    }
}
