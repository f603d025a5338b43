package framewright.apple;

import framewright.api.JsonIn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first line of an {@code .ips} file.
 *
 * @param bugType what kind of report follows: 309 a crash, 288 the stacks of many processes, 298 memory pressure
 * @param osVersion {@code iPhone OS 17.1.2 (21B101)}
 * @param name of the program
 */
record IpsHeader(String bugType, String osVersion, @Nullable String timestamp, String name) {
    static IpsHeader read(byte[] line) {
        return JsonIn.document(new ByteArrayInputStream(line), IpsHeader::read);
    }

    private static IpsHeader read(JsonIn in) throws IOException {
        String bugType = null;
        String osVersion = null;
        String timestamp = null;
        String name = null;
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "bug_type" -> bugType = in.scalar();
                case "os_version" -> osVersion = in.scalar();
                case "timestamp" -> timestamp = in.scalar();
                case "name" -> name = in.scalar();
                default -> in.skip();
            }
        }
        return new IpsHeader(
                Objects.requireNonNullElse(bugType, ""),
                Objects.requireNonNullElse(osVersion, ""),
                timestamp,
                Objects.requireNonNullElse(name, ""));
    }
}
