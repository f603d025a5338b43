package framewright.apple;

import framewright.api.JsonIn;
import framewright.api.RawFrame;
import java.io.IOException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The stacks of an {@code .ips} file. */
final class IpsThreads {
    private static final int MAX_REGISTERS = 1000;

    private final Kept kept;
    private final boolean named;

    /** @param named whether to keep the names that the report has for frames */
    IpsThreads(Kept kept, boolean named) {
        this.kept = kept;
        this.named = named;
    }

    /** {@code [{"id":1,"triggered":true,"frames":[...],"threadState":{...}}, ...]}; threads count by their place. */
    void read(JsonIn in) throws IOException {
        if (!in.array()) {
            return;
        }
        long place = 0;
        while (in.nextElement()) {
            AppleThread thread = kept.add(new AppleThread());
            thread.id = place++;
            thread(in, thread);
        }
    }

    private void thread(JsonIn in, AppleThread thread) throws IOException {
        String queue = null;
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "name" -> thread.name = in.scalar();
                case "queue" -> queue = in.scalar();
                case "triggered" -> thread.crashed = Boolean.TRUE.equals(in.flag());
                case "frames" -> frames(in, thread);
                case "threadState" -> registers(in, thread.registers);
                default -> in.skip();
            }
        }
        if ((thread.name == null || thread.name.isEmpty()) && queue != null) {
            thread.name = AppleThread.QUEUE + queue;
        }
    }

    /** Where the exception was thrown that nobody caught. */
    void readThrown(JsonIn in) throws IOException {
        frames(in, kept.add(AppleThread.thrown(AppleThread.LAST_EXCEPTION)));
    }

    private void frames(JsonIn in, AppleThread to) throws IOException {
        if (!in.array()) {
            return;
        }
        while (in.nextElement()) {
            RawFrame frame = frame(in);
            if (frame != null) {
                kept.add(to, frame);
            }
        }
    }

    /** Null for an inlined call: it stands at the address of the next frame, which resolving brings back both for. */
    private @Nullable RawFrame frame(JsonIn in) throws IOException {
        RawFrame frame = new RawFrame();
        boolean inlined = false;
        in.object();
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "imageIndex" -> frame.relativeTo = IpsNumber.of(in);
                case "imageOffset" -> frame.instructionAddr = IpsNumber.of(in);
                case "inline" -> inlined = "true".equals(in.scalar());
                case "symbol" -> frame.function = in.scalar();
                case "sourceFile" -> frame.filename = in.scalar();
                case "sourceLine" -> frame.line = IpsNumber.of(in) & 0xFFFF_FFFFL;
                default -> in.skip();
            }
        }
        if (!named) {
            frame.function = null;
            frame.filename = null;
            frame.line = -1;
        }
        return inlined ? null : frame;
    }

    /** {@code {"pc":{"value":1},"x":[{"value":2},{"value":3}],"flavor":"ARM_THREAD_STATE64"}} */
    private static void registers(JsonIn in, SortedMap<String, Long> into) throws IOException {
        if (!in.isObject()) {
            in.skip();
            return;
        }
        String name;
        while ((name = in.nextField()) != null) {
            if (in.isArray()) {
                for (int i = 0; in.nextElement(); i++) {
                    register(name + i, in, into);
                }
            } else {
                register(name, in, into);
            }
        }
    }

    private static void register(String name, JsonIn in, SortedMap<String, Long> into) throws IOException {
        if (!in.isObject()) {
            in.skip();
            return;
        }
        String field;
        while ((field = in.nextField()) != null) {
            if (field.equals("value") && into.size() < MAX_REGISTERS) {
                into.put(name, IpsNumber.of(in));
            } else {
                in.skip();
            }
        }
    }
}
