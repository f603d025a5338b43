package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Prints a completed answer for people: a table for each thread, then what was not found and where it was sought. */
final class AnswerTable {
    private static final String RESOLVED = "symbolicated";
    private static final List<String> COLUMNS = List.of("#", "address", "function", "location");

    private final Terminal terminal;

    /** @param broken whether the frame was not resolved */
    private record Row(List<String> cells, String note, boolean broken) {}

    AnswerTable(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Whether every frame was resolved. */
    static boolean isComplete(JsonNode answer) {
        for (JsonNode stacktrace : answer.path("stacktraces")) {
            for (JsonNode frame : stacktrace.path("frames")) {
                if (!frame.path("status").asText().equals(RESOLVED)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Prints; true where every frame was resolved. */
    boolean print(JsonNode answer) {
        boolean walked = answer.has("system_info");
        if (walked) {
            crash(answer);
        }
        for (JsonNode stacktrace : answer.path("stacktraces")) {
            List<Row> rows = rows(stacktrace.path("frames"), walked);
            heading(stacktrace);
            table(rows);
            terminal.out().println();
        }
        boolean complete = isComplete(answer);
        boolean anyMissing = false;
        for (JsonNode module : answer.path("modules")) {
            anyMissing |= missing(module);
        }
        if (anyMissing) {
            terminal.out().println("Give a place that has it with --symbols, or the file itself with --module.");
        }
        terminal.out().flush();
        return complete;
    }

    /** What crash files say besides their stacks. */
    private void crash(JsonNode answer) {
        JsonNode system = answer.path("system_info");
        line("", answer.path("crash_reason"));
        line("", answer.path("crash_details"));
        line("assertion: ", answer.path("assertion"));
        String words = String.join(
                " ",
                system.path("os_name").asText(),
                system.path("os_version").asText(),
                system.path("os_build").asText(),
                system.path("cpu_arch").asText(),
                system.path("device_model").asText());
        terminal.out().println(Terminal.printable(words.replaceAll(" +", " ").strip()));
        for (JsonNode cut : answer.path("cuts")) {
            terminal.out()
                    .println("cut: " + cut.path("kept").asText() + " "
                            + Terminal.printable(cut.path("what").asText()) + " of "
                            + cut.path("of").asText("more") + " are told");
        }
        terminal.out().println();
    }

    private void line(String label, JsonNode text) {
        text.asText().lines().forEach(line -> terminal.out().println(label + Terminal.printable(line)));
    }

    private void heading(JsonNode stacktrace) {
        if (!stacktrace.has("thread_id") && !stacktrace.has("thread_name")) {
            return;
        }
        String name = Terminal.printable(stacktrace.path("thread_name").asText(""));
        String thread = stacktrace.has("thread_id")
                ? "thread " + stacktrace.path("thread_id").asText() + (name.isEmpty() ? "" : " " + name)
                : name;
        terminal.out()
                .println(
                        terminal.bold(thread + (stacktrace.path("is_requesting").asBoolean() ? " (crashed)" : "")));
    }

    /** @param walked whether the stack was walked here, so that it matters how each frame was found */
    private static List<Row> rows(JsonNode frames, boolean walked) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            JsonNode frame = frames.get(i);
            JsonNode next = frames.path(i + 1);
            boolean inlined =
                    next.has("original_index") && next.path("original_index").equals(frame.path("original_index"));
            String status = frame.path("status").asText();
            boolean broken = !status.equals(RESOLVED);
            String function = frame.path("function").asText(frame.path("symbol").asText("??"));
            rows.add(new Row(
                    List.of(
                            "" + i,
                            Terminal.printable(frame.path("instruction_addr").asText()),
                            Terminal.printable(function),
                            Terminal.printable(location(frame))),
                    note(
                            broken ? status : inlined ? "inlined" : "",
                            walked ? frame.path("trust").asText() : ""),
                    broken));
        }
        return rows;
    }

    /** How far to trust a frame that a walker found. */
    private static String note(String status, String trust) {
        return status.isEmpty() || trust.isEmpty() ? status + trust : status + ", " + trust;
    }

    private static String location(JsonNode frame) {
        String file = frame.path("abs_path").asText(frame.path("filename").asText(""));
        int line = frame.path("lineno").asInt();
        if (file.isEmpty()) {
            String image = frame.path("package").asText("");
            return image.substring(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1);
        }
        return line > 0 ? file + ":" + line : file;
    }

    private void table(List<Row> rows) {
        int[] widths = new int[COLUMNS.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = COLUMNS.get(column).length();
            for (Row row : rows) {
                widths[column] =
                        Math.max(widths[column], row.cells().get(column).length());
            }
        }
        terminal.out().println(terminal.dim(line(COLUMNS, widths).stripTrailing()));
        for (Row row : rows) {
            String note = row.broken() ? terminal.red(row.note()) : terminal.dim(row.note());
            terminal.out().println((line(row.cells(), widths) + "  " + note).stripTrailing());
        }
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(column == 0 ? "" : "  ").append(cell);
            line.append(" ".repeat(Math.max(0, widths[column] - cell.length())));
        }
        return line.toString();
    }

    /** Says where a module was looked for in vain; false where it was not needed or was found. */
    private boolean missing(JsonNode module) {
        String status = module.path("debug_status").asText();
        if (status.equals("found") || status.equals("unused")) {
            return false;
        }
        String name = module.path("code_file").asText(module.path("debug_file").asText("a module"));
        terminal.out()
                .println(terminal.red(Terminal.printable(status)) + " " + terminal.bold(Terminal.printable(name)));
        ids(module);
        for (JsonNode candidate : module.path("candidates")) {
            JsonNode download = candidate.path("download");
            String details = download.path("details").asText("");
            terminal.out()
                    .println(
                            "  " + Terminal.printable(candidate.path("location").asText()) + ": "
                                    + Terminal.printable(download.path("status").asText())
                                    + (details.isEmpty() ? "" : ", " + Terminal.printable(details)));
        }
        return true;
    }

    private void ids(JsonNode module) {
        String codeId = module.path("code_id").asText("");
        String debugId = module.path("debug_id").asText("");
        String text =
                (codeId.isEmpty() ? "" : "code id " + codeId + "  ") + (debugId.isEmpty() ? "" : "debug id " + debugId);
        terminal.out()
                .println("  " + (text.isEmpty() ? "without ids: nothing can be looked up" : Terminal.printable(text)));
    }
}
