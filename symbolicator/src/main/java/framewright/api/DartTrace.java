package framewright.api;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The stack traces that Dart programs print whose names were split off ({@code --split-debug-info}): a line of stars,
 * what the program is and where it was loaded, and numbered addresses. A log may have put something before each line.
 *
 * <p>The addresses are those of calls, not of where these return to (the Dart runtime takes one off, as Android's
 * debuggerd does). On Windows, too, the compiled code is an ELF file; on Apple's systems it is Mach-O, or ELF in older
 * versions, which cannot be told from the trace: the id has the same bytes in both.
 *
 * @param modules in the order of their first frames
 * @param stacktraces one for each header, the callee first
 */
record DartTrace(List<RawModule> modules, List<RawStacktrace> stacktraces) {
    private static final Pattern HEADER = Pattern.compile("(?:\\*\\*\\* ){8,}\\*\\*\\*");
    private static final Pattern THREAD = Pattern.compile("pid: -?\\d+, tid: (\\d{1,19}), name (.*)");
    private static final Pattern SYSTEM = Pattern.compile("\\bos: (\\w+) arch: (\\w+)");
    private static final Pattern BUILD_ID = Pattern.compile("build_id: '([0-9a-fA-F]{8,128})'");
    private static final Pattern BASE = Pattern.compile("isolate_dso_base: ([0-9a-f]{1,16})\\b");
    private static final Pattern FRAME =
            Pattern.compile("#(\\d{1,6}) +abs ([0-9a-f]{1,16})(?: virt ([0-9a-f]{1,16}))?(?: (\\S+))?");

    /** A longer line is none of a trace. */
    private static final int MAX_LINE = 4_000;

    DartTrace {
        modules = List.copyOf(modules);
        stacktraces = List.copyOf(stacktraces);
    }

    /**
     * All traces of a text.
     *
     * @param maxFrames of all together; the rest is left out
     */
    static DartTrace parse(String text, int maxFrames) {
        Reader reader = new Reader(maxFrames);
        text.lines().filter(line -> line.length() <= MAX_LINE).forEach(reader::line);
        reader.end();
        return new DartTrace(List.copyOf(reader.modules.values()), reader.stacktraces);
    }

    private static final class Reader {
        private final int maxFrames;
        private final Map<RawModule, RawModule> modules = new LinkedHashMap<>();
        private final List<RawStacktrace> stacktraces = new ArrayList<>();
        private int frameCount;

        private boolean inTrace;
        private @Nullable Long thread;
        private @Nullable String threadName;
        private ObjectType type = ObjectType.ELF;
        private @Nullable String buildId;
        private @Nullable Long base;
        private List<RawFrame> frames = new ArrayList<>();

        Reader(int maxFrames) {
            this.maxFrames = maxFrames;
        }

        void line(String line) {
            if (HEADER.matcher(line).find()) {
                end();
                inTrace = true;
                return;
            }
            if (!inTrace) {
                return;
            }
            Matcher matcher = FRAME.matcher(line);
            if (matcher.find()) {
                frame(matcher);
                return;
            }
            header(line);
        }

        private void header(String line) {
            Matcher matcher = THREAD.matcher(line);
            if (matcher.find()) {
                thread = Long.parseUnsignedLong(matcher.group(1));
                threadName = matcher.group(2).strip();
            }
            matcher = SYSTEM.matcher(line);
            if (matcher.find()) {
                String os = matcher.group(1);
                type = os.equals("ios") || os.equals("macos") ? ObjectType.MACHO : ObjectType.ELF;
            }
            matcher = BUILD_ID.matcher(line);
            if (matcher.find()) {
                buildId = matcher.group(1);
            }
            matcher = BASE.matcher(line);
            if (matcher.find()) {
                base = Long.parseUnsignedLong(matcher.group(1), 16);
            }
        }

        private void frame(Matcher matcher) {
            if (frameCount == maxFrames) {
                return;
            }
            frameCount++;
            long address = Long.parseUnsignedLong(matcher.group(2), 16);
            if (base == null && matcher.group(3) != null) {
                base = address - Long.parseUnsignedLong(matcher.group(3), 16);
            }
            RawFrame frame = new RawFrame();
            frame.instructionAddr = address;
            frame.adjustInstructionAddr = false;
            frame.function = matcher.group(4);
            frames.add(frame);
        }

        void end() {
            if (inTrace && !frames.isEmpty()) {
                RawModule module = module();
                modules.putIfAbsent(module, module);
                stacktraces.add(new RawStacktrace(thread, threadName, null, new TreeMap<>(), frames));
            }
            inTrace = false;
            thread = null;
            threadName = null;
            type = ObjectType.ELF;
            buildId = null;
            base = null;
            frames = new ArrayList<>();
        }

        private RawModule module() {
            CodeId codeId = buildId == null ? null : CodeId.parse(buildId);
            DebugId debugId = codeId == null
                    ? null
                    : type == ObjectType.MACHO ? DebugId.parse(codeId.hex()) : DebugId.ofBuildId(codeId);
            return new RawModule(type, codeId, null, debugId, null, null, base == null ? 0 : base, null);
        }
    }
}
