package framewright.apple;

import framewright.api.CrashFacts;
import framewright.api.CrashFacts.SystemInfo;
import framewright.api.JsonFields;
import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text form. Section follows section, each with a heading that ends in a colon; what belongs to no section that is
 * read is passed over. The rules for fields are those of the peer's reader; beyond it, times may have fractions,
 * registers may be of 64-bit ARM, and backtraces of exceptions are taken.
 */
final class TextReport {
    /** Of the peer, for macOS up to 10; other systems stay as they are written. */
    private static final Pattern MAC_OS =
            Pattern.compile("Mac OS X (\\d{1,9}\\.\\d{1,9}\\.\\d{1,9})(?: \\(([0-9a-fA-F]{1,32})\\))?");

    private static final List<String> DETAILS = List.of("Exception Message", "Exception Subtype", "Exception Codes");

    /** What is told to who wants to know all. */
    private static final List<String> MORE = List.of(
            "Incident Identifier",
            "Process",
            "Identifier",
            "Version",
            "Parent Process",
            "Role",
            "Exception Note",
            "Termination Signal",
            "Termination Reason",
            "Terminating Process",
            "Triggered by Thread",
            "VM Region Info");

    private static final List<String> KEYS =
            List.of("Hardware Model", "Code Type", "Date/Time", "OS Version", "Exception Type", "Report Version");

    private static final int MAX_DETAILS_CHARS = 256 << 10;

    private enum Section {
        FIELDS,
        THREAD,
        REGISTERS,
        IMAGES,
        DETAILS,
        OTHER
    }

    private final boolean extended;
    private final Kept kept = new Kept();
    private final Map<String, String> fields = new HashMap<>();
    private final Map<Long, String> names = new HashMap<>();
    private final AppleThread registers = new AppleThread();
    private final StringBuilder details = new StringBuilder();
    private @Nullable String arch;
    private Section section = Section.FIELDS;

    /** @param extended whether to keep the names that the report has for frames, and more of its fields */
    TextReport(boolean extended) {
        this.extended = extended;
    }

    Outcome<AppleReport> read(Lines lines) throws IOException {
        String line;
        while ((line = lines.next()) != null) {
            if (!heading(line)) {
                content(line);
            }
        }
        if (kept.threads().isEmpty() && kept.modules().isEmpty() && fields.isEmpty()) {
            return Outcome.failed(new Malformed("the file has no field, thread or image of a report"));
        }
        return Outcome.found(finish());
    }

    /** Whether the line begins a section. */
    private boolean heading(String line) {
        if (line.startsWith("Thread ")) {
            return thread(line);
        }
        if (line.startsWith("Binary Images:")) {
            section = Section.IMAGES;
        } else if (line.startsWith("Application Specific Information:")) {
            section = Section.DETAILS;
        } else if (line.startsWith("Last Exception Backtrace:")) {
            kept.add(AppleThread.thrown(AppleThread.LAST_EXCEPTION));
            section = Section.THREAD;
        } else if (line.startsWith("Application Specific Backtrace ") && line.endsWith(":")) {
            kept.add(AppleThread.thrown(line.substring(0, line.length() - 1)));
            section = Section.THREAD;
        } else if (line.startsWith("Application Specific Signatures:")
                || line.startsWith("Kernel Triage:")
                || line.startsWith("Filtered syslog:")) {
            section = Section.OTHER;
        } else {
            return false;
        }
        return true;
    }

    /** {@code Thread 1 Crashed: Name}, {@code Thread 1 name: Name}, {@code Thread 1 crashed with X Thread State:}. */
    private boolean thread(String line) {
        int start = "Thread ".length();
        int end = TextLine.digits(line, start);
        if (end == start || end - start > 18) {
            return false;
        }
        Long id = Long.valueOf(line.substring(start, end));
        String rest = line.substring(end);
        if (rest.startsWith(" name:")) {
            // room for the names of as many threads as there may be
            if (names.size() < kept.threads().size() + 1) {
                names.put(id, rest.substring(" name:".length()).strip());
            }
            section = Section.FIELDS;
            return true;
        }
        if (rest.startsWith(" crashed with ") && rest.contains(" Thread State")) {
            section = Section.REGISTERS;
            return true;
        }
        boolean crashed = rest.startsWith(" Crashed:");
        if (!crashed && !rest.startsWith(":")) {
            return false;
        }
        AppleThread thread = kept.add(new AppleThread());
        thread.id = id;
        thread.crashed = crashed;
        thread.name = name(rest.substring(rest.indexOf(':') + 1));
        section = Section.THREAD;
        return true;
    }

    /** Newer systems put a second colon before the name. */
    private static @Nullable String name(String text) {
        String name = (text.startsWith(":") ? text.substring(1) : text).strip();
        return name.isEmpty() ? null : name;
    }

    private void content(String line) {
        switch (section) {
            case FIELDS -> field(line);
            case THREAD -> {
                if (!frame(line)) {
                    section = Section.FIELDS;
                }
            }
            case REGISTERS -> {
                TextLine.registers(line, registers.registers);
                if (line.isEmpty() || registers.registers.size() > 1000) {
                    section = Section.FIELDS;
                }
            }
            case IMAGES -> {
                RawModule image = TextLine.image(line);
                if (image != null) {
                    kept.add(image);
                    arch = arch == null ? TextLine.archOfImage(line) : arch;
                } else if (!line.isEmpty()) {
                    section = Section.FIELDS;
                }
            }
            case DETAILS -> {
                if (details.length() + line.length() < MAX_DETAILS_CHARS) {
                    details.append(line).append('\n');
                }
            }
            case OTHER -> {
                // of no use to anyone here
            }
        }
    }

    private void field(String line) {
        int colon = line.indexOf(':');
        String key = colon < 0 ? "" : line.substring(0, colon).strip();
        if (KEYS.contains(key) || DETAILS.contains(key) || MORE.contains(key)) {
            fields.put(key, line.substring(colon + 1).strip());
        }
    }

    private boolean frame(String line) {
        AppleThread thread = kept.threads().getLast();
        RawFrame frame = TextLine.frame(line, extended);
        if (frame != null) {
            kept.add(thread, frame);
            return true;
        }
        if (!line.startsWith("(0x")) {
            return false;
        }
        // addresses alone, as older systems write the backtrace of an exception
        for (String word : line.substring(1).split("[ )]+", -1)) {
            if (!word.isEmpty() && TextLine.hexEnd(word, 0) == word.length()) {
                RawFrame address = new RawFrame();
                address.instructionAddr = TextLine.hex(word, 0, word.length());
                kept.add(thread, address);
            }
        }
        return true;
    }

    private AppleReport finish() {
        for (AppleThread thread : kept.threads()) {
            String name = thread.id == null ? null : names.get(thread.id);
            thread.name = name == null ? thread.name : name;
        }
        kept.threads().stream()
                .filter(thread -> thread.crashed)
                .findFirst()
                .ifPresent(thread -> thread.registers = registers.registers);
        CrashFacts facts = new CrashFacts(
                Moments.seconds(value("Date/Time")),
                system(),
                true,
                fields.get("Exception Type"),
                details(),
                null,
                List.of(),
                extended ? more() : null);
        return new AppleReport(facts, kept.stacktraces(), kept.modules());
    }

    private SystemInfo system() {
        String os = value("OS Version");
        Matcher mac = MAC_OS.matcher(os);
        boolean isMac = mac.matches();
        String cpu = Images.archOfCodeType(value("Code Type"));
        return new SystemInfo(
                isMac ? "macOS" : os,
                isMac ? mac.group(1) : "",
                isMac ? Objects.requireNonNullElse(mac.group(2), "") : "",
                cpu == null ? Objects.requireNonNullElse(arch, "") : cpu,
                value("Hardware Model"));
    }

    private String value(String key) {
        return fields.getOrDefault(key, "");
    }

    private @Nullable String details() {
        String text = details.toString().stripTrailing();
        if (!text.isEmpty()) {
            return text;
        }
        for (String key : DETAILS) {
            String said = value(key);
            if (!said.isEmpty()) {
                return said;
            }
        }
        return null;
    }

    private String more() {
        JsonFields more = new JsonFields();
        for (String key : MORE) {
            String value = fields.get(key);
            if (value != null) {
                more.text(key.toLowerCase(Locale.ROOT).replace(' ', '_'), value);
            }
        }
        return more.json();
    }
}
