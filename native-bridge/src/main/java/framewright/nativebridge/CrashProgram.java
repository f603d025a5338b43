package framewright.nativebridge;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the program that processes crash dumps is ({@code rust/crash}).
 *
 * <p>It lies in the jar beside the library. The first use takes it out into a private temporary folder, which is
 * removed when the process ends. The system property {@value #PROPERTY} names another one.
 */
public final class CrashProgram {
    /** System property with the path of a program to use instead of the one in the jar. */
    public static final String PROPERTY = "framewright.crash.program";

    private static final String NAME = "framewright-crash";

    private CrashProgram() {}

    /**
     * The path of the executable, the same for the life of the process.
     *
     * @throws UncheckedIOException when it cannot be taken out of the jar
     */
    public static Path path() {
        return Extracted.PATH;
    }

    /** Takes the program out once; the class loader sees to it that one thread does. */
    private static final class Extracted {
        static final Path PATH = find();

        private static Path find() {
            String other = System.getProperty(PROPERTY);
            try {
                return other == null ? extract() : Path.of(other);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot take " + NAME + " out of the jar", e);
            }
        }

        private static Path extract() throws IOException {
            String resource = "/" + Platform.RESOURCE_PREFIX + "/" + NAME;
            try (InputStream program = CrashProgram.class.getResourceAsStream(resource)) {
                if (program == null) {
                    throw new IOException("no " + resource + "; build it with ./framewright");
                }
                Path folder = Files.createTempDirectory("framewright-crash");
                Path file = folder.resolve(NAME);
                // Files are removed in the reverse of this order.
                folder.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
                Files.copy(program, file, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x------"));
                return file;
            }
        }
    }
}
