package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The frames of a JavaScript error as JavaScript shows them. */
final class StackTable {
    private final Terminal terminal;

    StackTable(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints the frames, and below each that is not resolved why; whether all that could be are resolved. */
    boolean print(JsonNode answer) {
        boolean complete = true;
        for (JsonNode stacktrace : answer.path("stacktraces")) {
            for (JsonNode frame : stacktrace.path("frames")) {
                complete &= print(frame, frame.at("/explain/cause"));
            }
        }
        terminal.out().flush();
        return complete;
    }

    private boolean print(JsonNode frame, JsonNode cause) {
        boolean resolved = frame.at("/data/symbolicated").asBoolean();
        String file = frame.path("filename").asText(frame.path("abs_path").asText());
        String line = "    at %s (%s:%s:%s)"
                .formatted(
                        frame.path("function").asText("<unknown>"),
                        file,
                        frame.path("lineno").asText(),
                        frame.path("colno").asText("0"));
        terminal.out().println(Terminal.printable(line));
        boolean internal = cause.path("code").asText().equals("internal_frame");
        if (!resolved && !internal) {
            terminal.out()
                    .println(
                            Terminal.printable("       " + cause.path("message").asText()));
            terminal.out()
                    .println(Terminal.printable(
                            "       to fix it: " + cause.path("remedy").asText()));
        }
        return resolved || internal;
    }
}
