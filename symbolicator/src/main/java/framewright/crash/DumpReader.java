package framewright.crash;

import framewright.api.CrashFacts;
import framewright.api.CrashFacts.Cut;
import framewright.api.CrashFacts.SystemInfo;
import framewright.api.FrameNote;
import framewright.api.FrameTrust;
import framewright.api.JsonIn;
import framewright.api.RawFrame;
import framewright.api.RawModule;
import framewright.api.RawStacktrace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a {@link ProcessedDump} as a crash process writes it. */
final class DumpReader {
    private final boolean notes;
    private @Nullable Long timestamp;
    private SystemInfo system = new SystemInfo("", "", "", "", "");
    private boolean crashed;
    private String reason = "";
    private String assertion = "";
    private List<Cut> cuts = List.of();
    private @Nullable String extended;
    private List<RawStacktrace> threads = List.of();
    private List<ProcessedDump.Module> modules = List.of();

    /** @param notes whether to keep how frames were found */
    DumpReader(boolean notes) {
        this.notes = notes;
    }

    ProcessedDump read(JsonIn in) throws IOException {
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "timestamp" -> timestamp = in.u64();
                case "system_info" -> system = system(in);
                case "crashed" -> crashed = in.flag(false);
                case "crash_reason" -> reason = Objects.requireNonNullElse(in.text(), "");
                case "assertion" -> assertion = Objects.requireNonNullElse(in.text(), "");
                case "modules" -> modules = modules(in);
                case "threads" -> threads = threads(in);
                case "cuts" -> cuts = cuts(in);
                case "extended" -> extended = in.isObject() ? in.json() : null;
                default -> in.skip();
            }
        }
        CrashFacts facts = new CrashFacts(timestamp, system, crashed, reason, null, assertion, cuts, extended);
        return new ProcessedDump(facts, threads, modules);
    }

    private static SystemInfo system(JsonIn in) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            String text = in.scalar();
            if (text != null) {
                texts.put(name, text);
            }
        }
        return new SystemInfo(
                texts.getOrDefault("os_name", ""),
                texts.getOrDefault("os_version", ""),
                texts.getOrDefault("os_build", ""),
                texts.getOrDefault("cpu_arch", ""),
                texts.getOrDefault("device_model", ""));
    }

    private static List<ProcessedDump.Module> modules(JsonIn in) throws IOException {
        List<ProcessedDump.Module> modules = new ArrayList<>();
        if (in.array()) {
            while (in.nextElement()) {
                modules.add(module(in));
            }
        }
        return modules;
    }

    private static ProcessedDump.Module module(JsonIn in) throws IOException {
        int number = -1;
        RawModule image = null;
        String lookup = null;
        boolean touched = false;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "module" -> number = number(in);
                case "image" -> image = RawModule.read(in);
                case "lookup_debug_file" -> lookup = in.text();
                case "touched" -> touched = in.flag(false);
                default -> in.skip();
            }
        }
        if (image == null || number < 0) {
            throw in.invalid("lacks a part");
        }
        return new ProcessedDump.Module(number, image.withLookupDebugFile(lookup), touched);
    }

    /** A whole number from 0. */
    static int number(JsonIn in) throws IOException {
        long number = in.u32();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw in.invalid("must be a number");
        }
        return (int) number;
    }

    private List<RawStacktrace> threads(JsonIn in) throws IOException {
        List<RawStacktrace> all = new ArrayList<>();
        if (in.array()) {
            while (in.nextElement()) {
                all.add(thread(in));
            }
        }
        return all;
    }

    private RawStacktrace thread(JsonIn in) throws IOException {
        Long id = null;
        String threadName = null;
        Boolean requesting = null;
        SortedMap<String, Long> registers = new TreeMap<>();
        List<RawFrame> frames = new ArrayList<>();
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "thread_id" -> id = in.u64();
                case "thread_name" -> threadName = in.text();
                case "is_requesting" -> requesting = in.flag();
                case "registers" -> {
                    in.object();
                    String register;
                    while ((register = in.nextField()) != null) {
                        registers.put(register, in.hex());
                    }
                }
                case "frames" -> {
                    if (in.array()) {
                        while (in.nextElement()) {
                            frames.add(frame(in));
                        }
                    }
                }
                default -> in.skip();
            }
        }
        return new RawStacktrace(id, threadName, requesting, registers, frames);
    }

    private RawFrame frame(JsonIn in) throws IOException {
        RawFrame frame = new RawFrame();
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "instruction_addr" -> frame.instructionAddr = in.hex();
                case "package" -> frame.packageName = in.text();
                case "trust" -> frame.trust = trust(in);
                case "function" -> frame.function = in.text();
                case "note" -> frame.note = note(in);
                default -> in.skip();
            }
        }
        return frame;
    }

    private static FrameTrust trust(JsonIn in) throws IOException {
        String text = in.text();
        FrameTrust trust = text == null ? FrameTrust.NONE : FrameTrust.of(text);
        if (trust == null) {
            throw in.invalid("is no trust");
        }
        return trust;
    }

    private @Nullable FrameNote note(JsonIn in) throws IOException {
        if (!notes || in.isNull()) {
            in.skip();
            return null;
        }
        String code = "";
        String message = "";
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            String text = in.text();
            if (name.equals("code") && text != null) {
                code = text;
            } else if (name.equals("message") && text != null) {
                message = text;
            }
        }
        return new FrameNote(code, message);
    }

    private static List<Cut> cuts(JsonIn in) throws IOException {
        List<Cut> cuts = new ArrayList<>();
        if (in.array()) {
            while (in.nextElement()) {
                cuts.add(cut(in));
            }
        }
        return cuts;
    }

    private static Cut cut(JsonIn in) throws IOException {
        String what = "";
        long kept = 0;
        Long of = null;
        Long thread = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "what" -> what = Objects.requireNonNullElse(in.text(), "");
                case "kept" -> kept = Objects.requireNonNullElse(in.u64(), 0L);
                case "of" -> of = in.u64();
                case "thread" -> thread = in.u64();
                default -> in.skip();
            }
        }
        return new Cut(what, kept, of, thread);
    }
}
