package framewright.apple;

import framewright.api.CrashFacts;
import framewright.api.CrashFacts.SystemInfo;
import framewright.api.JsonFields;
import framewright.api.JsonIn;
import framewright.api.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a crash (bug type 309), as Apple's article "Interpreting the JSON format of a crash report" has it.
 * Frames count from the start of an image, whose number they give; images are listed where they were loaded, those of the
 * shared cache with its slide, so that the sum is the address.
 */
final class IpsReport {
    private static final long NONE = -1;

    private final IpsHeader header;
    private final boolean extended;
    private final Kept kept = new Kept();
    private final IpsImages images = new IpsImages(kept);
    private final IpsThreads threads;
    private final JsonFields more = new JsonFields();

    private @Nullable String captureTime;
    private @Nullable String osTrain;
    private @Nullable String osBuild;
    private @Nullable String cpuType;
    private @Nullable String model;
    private @Nullable IpsException exception;
    private @Nullable String information;
    private long faultingThread = NONE;

    private IpsReport(IpsHeader header, boolean extended) {
        this.header = header;
        this.extended = extended;
        this.threads = new IpsThreads(kept, extended);
    }

    /** Reads what follows the header. */
    static Outcome<AppleReport> read(InputStream in, IpsHeader header, boolean extended) {
        return Outcome.found(JsonIn.document(in, json -> new IpsReport(header, extended).read(json)));
    }

    private AppleReport read(JsonIn in) throws IOException {
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "captureTime" -> captureTime = in.scalar();
                case "osVersion" -> osVersion(in);
                case "cpuType" -> cpuType = in.scalar();
                case "modelCode" -> model = in.scalar();
                case "exception" -> exception = IpsException.read(in);
                case "asi" -> information = information(in);
                case "faultingThread" -> faultingThread = IpsNumber.of(in);
                case "threads" -> threads.read(in);
                case "lastExceptionBacktrace" -> threads.readThrown(in);
                case "usedImages" -> images.read(in);
                case "termination",
                        "sharedCache",
                        "vmRegionInfo",
                        "vmregioninfo",
                        "ktriageinfo",
                        "procName",
                        "procPath",
                        "parentProc",
                        "procRole",
                        "incident",
                        "bundleInfo",
                        "asiBacktraces" -> more(field, in);
                default -> in.skip();
            }
        }
        return finish();
    }

    private void more(String field, JsonIn in) throws IOException {
        if (extended) {
            more.json(field, in.json());
        } else {
            in.skip();
        }
    }

    private void osVersion(JsonIn in) throws IOException {
        if (!in.isObject()) {
            in.skip();
            return;
        }
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "train" -> osTrain = in.scalar();
                case "build" -> osBuild = in.scalar();
                default -> in.skip();
            }
        }
    }

    /** {@code {"library": ["line", ...]}}: what libraries said before the end. */
    private static @Nullable String information(JsonIn in) throws IOException {
        if (!in.isObject()) {
            in.skip();
            return null;
        }
        List<String> lines = new ArrayList<>();
        while (in.nextField() != null) {
            if (!in.array()) {
                in.skip();
                continue;
            }
            while (in.nextElement()) {
                String line = in.scalar();
                if (line != null) {
                    lines.add(line.strip());
                }
            }
        }
        return lines.isEmpty() ? null : String.join("\n", lines);
    }

    private AppleReport finish() {
        images.locate(kept.threads());
        markFaulting();
        String time = captureTime == null ? header.timestamp() : captureTime;
        CrashFacts facts = new CrashFacts(
                time == null ? null : Moments.seconds(time),
                system(),
                true,
                exception == null ? null : exception.reason(),
                information == null && exception != null ? exception.details() : information,
                null,
                List.of(),
                extended ? more.json() : null);
        return new AppleReport(facts, kept.stacktraces(), kept.modules());
    }

    /** Where no thread says of itself that it crashed. */
    private void markFaulting() {
        List<AppleThread> all = kept.threads();
        if (all.stream().noneMatch(thread -> thread.crashed)) {
            all.stream()
                    .filter(thread -> thread.id != null && thread.id == faultingThread)
                    .forEach(thread -> thread.crashed = true);
        }
    }

    private SystemInfo system() {
        OsName os = OsName.parse(osTrain == null ? header.osVersion() : osTrain);
        String arch = cpuType == null ? null : Images.archOfCodeType(cpuType);
        return new SystemInfo(
                os.name(),
                os.version(),
                osBuild == null ? os.build() : osBuild,
                arch == null ? Objects.requireNonNullElse(images.arch(), "") : arch,
                Objects.requireNonNullElse(model, ""));
    }
}
