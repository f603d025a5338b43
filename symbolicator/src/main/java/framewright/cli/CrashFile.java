package framewright.cli;

import framewright.api.CrashKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells crash files from events by what is in them. */
final class CrashFile {
    private static final int LOOKED_AT = 64 << 10;

    /** One of these is in every report of the text form, near its start. */
    private static final List<String> APPLE_FIELDS =
            List.of("Incident Identifier:", "Report Version:", "OS Version:", "Exception Type:", "Binary Images:");

    private CrashFile() {}

    /** Null: it is none. */
    static @Nullable CrashKind kind(Path file) throws IOException {
        String start;
        try (InputStream in = Files.newInputStream(file)) {
            start = new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
        }
        if (start.startsWith("MDMP") || start.startsWith("PMDM")) {
            return CrashKind.MINIDUMP;
        }
        String text = start.stripLeading();
        if (text.startsWith("{") || text.startsWith("[")) {
            // the first line of an .ips file; an event has no such field
            return text.lines().findFirst().orElse("").contains("\"bug_type\"") ? CrashKind.APPLE_REPORT : null;
        }
        return text.lines().anyMatch(line -> APPLE_FIELDS.stream().anyMatch(line::startsWith))
                ? CrashKind.APPLE_REPORT
                : null;
    }
}
