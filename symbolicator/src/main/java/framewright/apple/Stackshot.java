package framewright.apple;

import framewright.api.CrashFacts;
import framewright.api.CrashFacts.SystemInfo;
import framewright.api.JsonIn;
import framewright.api.Outcome;
import framewright.api.Outcome.Unsupported;
import framewright.api.RawFrame;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of all processes at one moment, taken when one of them hung (bug type 288) or memory ran short (298, most of
 * which have none). Processes share addresses, so that one has to be chosen: the one that the file is named after, else
 * the one in front, else the only one.
 */
final class Stackshot {
    /** @param threads of a process */
    private record Program(String name, List<AppleThread> threads) {}

    private final IpsHeader header;
    private final Kept kept = new Kept();
    private final IpsImages images = new IpsImages(kept);
    private final Map<String, Program> processes = new HashMap<>();
    private @Nullable String front;
    private @Nullable String date;
    private @Nullable String product;
    private @Nullable String build;

    private Stackshot(IpsHeader header) {
        this.header = header;
    }

    /** Reads what follows the header. */
    static Outcome<AppleReport> read(InputStream in, IpsHeader header) {
        return JsonIn.document(in, json -> new Stackshot(header).read(json));
    }

    private Outcome<AppleReport> read(JsonIn in) throws IOException {
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "date" -> date = in.scalar();
                case "product" -> product = in.scalar();
                case "build" -> build = in.scalar();
                case "frontmostPids" -> front = first(in);
                case "binaryImages" -> images(in);
                case "processByPid" -> processes(in);
                default -> in.skip();
            }
        }
        if (processes.isEmpty()) {
            return Outcome.failed(new Unsupported("this report (bug type " + header.bugType() + ") has no stacks"));
        }
        Program process = choose();
        return process == null
                ? Outcome.failed(new Unsupported("the report holds " + processes.size()
                        + " processes and does not say which one it is about; give a crash report (bug type 309)"))
                : Outcome.found(report(process));
    }

    private static @Nullable String first(JsonIn in) throws IOException {
        String first = null;
        if (in.array()) {
            while (in.nextElement()) {
                String pid = in.scalar();
                first = first == null ? pid : first;
            }
        }
        return first;
    }

    /** {@code [["uuid", address, "P"], ...]} */
    private void images(JsonIn in) throws IOException {
        if (!in.array()) {
            return;
        }
        while (in.nextElement()) {
            String uuid = null;
            long address = 0;
            boolean pair = in.array();
            for (int place = 0; pair && in.nextElement(); place++) {
                switch (place) {
                    case 0 -> uuid = in.scalar();
                    case 1 -> address = IpsNumber.of(in);
                    default -> in.skip();
                }
            }
            images.add(Images.module(Objects.requireNonNullElse(uuid, ""), "", address, null));
        }
    }

    /** {@code {"12":{"procname":"App","threadById":{"7":{...}}}, ...}} */
    private void processes(JsonIn in) throws IOException {
        in.object();
        String pid;
        while ((pid = in.nextField()) != null) {
            processes.put(pid, process(in));
        }
    }

    private Program process(JsonIn in) throws IOException {
        String name = "";
        List<AppleThread> threads = List.of();
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "procname" -> name = Objects.requireNonNullElse(in.scalar(), "");
                case "threadById" -> threads = threads(in);
                default -> in.skip();
            }
        }
        return new Program(name, threads);
    }

    private List<AppleThread> threads(JsonIn in) throws IOException {
        int before = kept.threads().size();
        in.object();
        String id;
        while ((id = in.nextField()) != null) {
            AppleThread thread = kept.add(new AppleThread());
            thread.id =
                    TextLine.digits(id, 0) == id.length() && id.length() < 19 && !id.isEmpty() ? Long.parseLong(id) : 0;
            thread(in, thread);
        }
        return List.copyOf(kept.threads().subList(before, kept.threads().size()));
    }

    /** {@code {"userFrames":[[image, offset], ...],"name":"..."}}, innermost frame first. */
    private void thread(JsonIn in, AppleThread thread) throws IOException {
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "name" -> thread.name = in.scalar();
                case "userFrames" -> frames(in, thread);
                default -> in.skip();
            }
        }
    }

    private void frames(JsonIn in, AppleThread thread) throws IOException {
        if (!in.array()) {
            return;
        }
        while (in.nextElement()) {
            RawFrame frame = new RawFrame();
            boolean pair = in.array();
            for (int place = 0; pair && in.nextElement(); place++) {
                switch (place) {
                    case 0 -> frame.relativeTo = IpsNumber.of(in);
                    case 1 -> frame.instructionAddr = IpsNumber.of(in);
                    default -> in.skip();
                }
            }
            kept.add(thread, frame);
        }
    }

    private @Nullable Program choose() {
        for (Program process : processes.values()) {
            if (!header.name().isEmpty() && process.name.equals(header.name())) {
                return process;
            }
        }
        Program inFront = front == null ? null : processes.get(front);
        return inFront == null && processes.size() == 1
                ? processes.values().iterator().next()
                : inFront;
    }

    private AppleReport report(Program process) {
        images.locate(process.threads);
        OsName os = OsName.parse(build == null ? header.osVersion() : build);
        String time = date == null ? header.timestamp() : date;
        CrashFacts facts = new CrashFacts(
                time == null ? null : Moments.seconds(time),
                new SystemInfo(os.name(), os.version(), os.build(), "", Objects.requireNonNullElse(product, "")),
                false,
                null,
                null,
                null,
                List.of(),
                null);
        return new AppleReport(
                facts, process.threads.stream().map(AppleThread::stacktrace).toList(), kept.modules());
    }
}
