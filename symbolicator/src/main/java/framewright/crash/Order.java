package framewright.crash;

import framewright.api.CrashRequest;
import framewright.api.JsonFields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a crash process is told, as it travels. */
final class Order {
    private Order() {}

    /** @param path of the file; null: there is none */
    record Provided(ChildMessage.Row row, @Nullable Path path) {}

    /**
     * Walk the stacks of a dump.
     *
     * @param maxFrames kept of each thread
     * @param memoryBytes that the process may use
     */
    static byte[] process(Path dump, int maxFrames, long memoryBytes, CrashRequest request) {
        JsonFields order = new JsonFields();
        order.text("dump", dump.toAbsolutePath().toString());
        order.json("max_frames", Integer.toString(maxFrames));
        order.json("memory_budget_bytes", Long.toString(memoryBytes));
        order.json("extended", Boolean.toString(request.extended()));
        order.json(
                "rewrite_first_module",
                array(request.rewriteFirstModule().stream().map(Order::rule).toList()));
        return message("process", order.json());
    }

    private static String rule(CrashRequest.RewriteRule rule) {
        JsonFields fields = new JsonFields();
        fields.text("from", rule.from());
        fields.text("to", rule.to());
        return fields.json();
    }

    /** The files that were asked for. */
    static byte[] provide(List<Provided> files) {
        return message("provide", array(files.stream().map(Order::file).toList()));
    }

    private static String file(Provided file) {
        JsonFields fields = new JsonFields();
        fields.json("module", Integer.toString(file.row().module()));
        fields.text("what", file.row().what().name().toLowerCase(Locale.ROOT));
        if (file.path() != null) {
            fields.text("path", file.path().toString());
        }
        return fields.json();
    }

    private static String array(List<String> values) {
        return values.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static byte[] message(String name, String value) {
        JsonFields message = new JsonFields();
        message.json(name, value);
        return message.json().getBytes(StandardCharsets.UTF_8);
    }
}
