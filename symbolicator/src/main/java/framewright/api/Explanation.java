package framewright.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a person why the modules of an answer are as they are: looked here, got this, therefore that; to fix it, do
 * this. A view of the answer, whoever made it, so that it says nothing that the answer does not.
 */
public final class Explanation {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How words are set off; {@link #NONE} for what is no terminal. */
    public interface Paint {
        Paint NONE = new Paint() {};

        default String bold(String text) {
            return text;
        }

        default String dim(String text) {
            return text;
        }

        default String bad(String text) {
            return text;
        }
    }

    private final Paint paint;
    private final StringBuilder text = new StringBuilder();

    private Explanation(Paint paint) {
        this.paint = paint;
    }

    /**
     * The explanation as lines of text.
     *
     * @param answer as JSON
     * @throws MalformedJsonException where it is none
     */
    public static String of(byte[] answer, Paint paint) throws MalformedJsonException {
        JsonNode root;
        try {
            root = JSON.readTree(answer);
        } catch (IOException e) {
            throw new MalformedJsonException(
                    e instanceof JsonProcessingException bad ? bad.getOriginalMessage() : "cut off", 0, 0);
        }
        Explanation explanation = new Explanation(paint);
        if (root.has("modules")) {
            explanation.modules(root.path("modules"));
        } else {
            explanation.frames(root.path("stacktraces"));
        }
        return explanation.text.toString();
    }

    private void modules(JsonNode modules) {
        int unused = 0;
        for (JsonNode module : modules) {
            if (module.path("debug_status").asText().equals("unused")) {
                unused++;
            } else {
                module(module);
            }
        }
        if (modules.isEmpty()) {
            line("The answer has no modules: nothing was looked for.");
        }
        if (unused > 0) {
            line(paint.dim("No frame points into " + unused + " of the " + modules.size()
                    + " modules; nobody looked for those."));
        }
    }

    /** Of an answer about JavaScript, in which every frame has a cause of its own. */
    private void frames(JsonNode stacktraces) {
        for (JsonNode stacktrace : stacktraces) {
            for (JsonNode frame : stacktrace.path("frames")) {
                frame(frame);
            }
        }
        if (stacktraces.isEmpty()) {
            line("The answer has no frames: nothing was looked for.");
        }
    }

    private void frame(JsonNode frame) {
        boolean resolved = frame.path("data").path("symbolicated").asBoolean();
        String place = frame.path("abs_path").asText("?") + ":"
                + frame.path("lineno").asText("?") + ":" + frame.path("colno").asText("?");
        String function = frame.path("function").asText("a function without a name");
        line((resolved ? "found" : paint.bad("missing")) + " " + paint.bold(printable(function)) + " ("
                + printable(place) + ")");
        JsonNode explain = frame.path("explain");
        for (JsonNode step : explain.path("tried")) {
            JsonNode cause = step.path("cause");
            String code = printable(cause.path("code").asText("?"));
            line("  tried: " + printable(cause.path("message").asText()) + paint.dim(" [" + code + "]" + facts(cause)));
        }
        therefore(explain.path("cause"), resolved, "{\"explain\": true}");
    }

    private void module(JsonNode module) {
        String status = printable(module.path("debug_status").asText("?"));
        boolean found = status.equals("found");
        String name = module.path("code_file").asText(module.path("debug_file").asText(unnamed(module)));
        line((found ? status : paint.bad(status)) + " " + paint.bold(printable(name)) + ids(module));
        for (JsonNode candidate : module.path("candidates")) {
            candidate(candidate);
        }
        therefore(module.path("cause"), found, "{\"causes\": true, \"dif_candidates\": true}");
    }

    /** @param option by which an answer that does not say why would do so */
    private void therefore(JsonNode cause, boolean found, String option) {
        if (cause.isMissingNode()) {
            line("  This answer does not say why; ask with \"options\": " + option + ".");
        } else {
            line("  " + (found ? "so: " : "therefore: ")
                    + printable(cause.path("message").asText())
                    + paint.dim(" [" + printable(cause.path("code").asText()) + "]"));
            remedy(cause);
        }
        line("");
    }

    private static String unnamed(JsonNode module) {
        return switch (module.path("type").asText()) {
            case "proguard" -> "mapping";
            case "source" -> "source bundle";
            default -> "a module without a name";
        };
    }

    private void remedy(JsonNode cause) {
        String remedy = cause.path("remedy").asText("");
        if (!remedy.isEmpty()) {
            line("  to fix it: " + printable(remedy));
        }
    }

    private static String ids(JsonNode module) {
        List<String> ids = new ArrayList<>();
        for (String name : List.of("debug_id", "code_id")) {
            if (module.hasNonNull(name)) {
                ids.add(name + " " + printable(module.path(name).asText()));
            }
        }
        return ids.isEmpty() ? " (without ids)" : " (" + String.join(", ", ids) + ")";
    }

    private void candidate(JsonNode candidate) {
        JsonNode cause = candidate.path("cause");
        String code = printable(cause.path("code")
                .asText(candidate.path("download").path("status").asText("?")));
        line("  looked at " + printable(candidate.path("source").asText("?")) + ", "
                + printable(candidate.path("location").asText("?")));
        String facts = facts(cause);
        line("    got " + (code.equals("found") ? code : paint.bad(code)) + (facts.isEmpty() ? "" : paint.dim(facts)));
    }

    /** Those that the sentence of a cause does not tell. */
    private static String facts(JsonNode cause) {
        StringBuilder facts = new StringBuilder();
        fact(facts, "HTTP ", cause.path("http_status"), "");
        fact(facts, "", cause.path("elapsed_ms"), " ms");
        fact(facts, "remembered: ", cause.path("remembered"), "");
        fact(facts, "next try ", cause.path("next_try"), "");
        fact(facts, "not connected to ", cause.path("address_blocked"), "");
        JsonNode file = cause.path("file");
        fact(facts, "", file.path("bytes"), " bytes");
        fact(facts, "", file.path("kind"), "");
        fact(facts, "", file.path("arch"), "");
        fact(facts, "its debug id ", file.path("debug_id"), "");
        if (cause.path("cached").asBoolean()) {
            facts.append(", known from before");
        }
        return facts.toString();
    }

    private static void fact(StringBuilder facts, String before, JsonNode value, String after) {
        if (value.isValueNode() && !value.isNull()) {
            facts.append(", ").append(before).append(printable(value.asText())).append(after);
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Names come from files and requests: they must not control the terminal. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return clean.toString();
    }
}
