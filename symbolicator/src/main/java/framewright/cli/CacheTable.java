package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.api.CacheQuery;

/** Prints what a command on the cache answered, for people. */
final class CacheTable {
    /** Of a digest what is shown; enough to name the entry. */
    private static final int SHOWN_DIGITS = 12;

    private final Terminal terminal;

    CacheTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(CacheQuery.Command command, JsonNode report) {
        switch (command) {
            case LS -> {
                items(report.path("items"));
                if (report.has("left_off")) {
                    terminal.out().println("and " + report.path("left_off").asLong() + " more; narrow it with --id");
                }
            }
            case STAT -> usage(report);
            case PURGE ->
                terminal.out()
                        .printf(
                                "purged %d files (%d bytes) and %d failures%s%s%n",
                                report.path("files").asLong(),
                                report.path("bytes").asLong(),
                                report.path("failures").asLong(),
                                report.path("in_use").asLong() == 0
                                        ? ""
                                        : "; " + report.path("in_use").asLong()
                                                + " are read right now and go after that",
                                report.path("everywhere").asBoolean()
                                        ? "; the other servers of the shared cache do the same"
                                        : "");
            case VERIFY -> verified(report);
        }
    }

    private void items(JsonNode items) {
        terminal.out()
                .println(terminal.dim("%-12s  %-12s  %-12s  %12s  %s"
                        .formatted("kind", "digest", "scope", "bytes", "location or failure")));
        for (JsonNode item : items) {
            String digest = item.path("digest").asText();
            String failure = item.path("failure").asText("");
            terminal.out()
                    .println("%-12s  %-12s  %-12s  %12s  %s%s"
                            .formatted(
                                    item.path("kind").asText(),
                                    digest.substring(0, Math.min(digest.length(), SHOWN_DIGITS)),
                                    Terminal.printable(item.path("scope").asText("?")),
                                    failure.isEmpty() ? item.path("bytes").asText() : "-",
                                    failure.isEmpty() ? "" : terminal.red(failure) + " ",
                                    Terminal.printable(item.path("location").asText("?"))));
        }
    }

    private void usage(JsonNode report) {
        terminal.out().println(terminal.dim("%-12s  %10s  %16s  %10s".formatted("kind", "files", "bytes", "failures")));
        for (JsonNode kind : report.path("kinds")) {
            terminal.out()
                    .println("%-12s  %10d  %16d  %10d"
                            .formatted(
                                    kind.path("kind").asText(),
                                    kind.path("files").asLong(),
                                    kind.path("bytes").asLong(),
                                    kind.path("failures").asLong()));
        }
        terminal.out()
                .println("used with folders and logs: "
                        + report.path("used_bytes").asLong() + " bytes");
    }

    private void verified(JsonNode report) {
        if (!report.path("items").isEmpty()) {
            terminal.out().println(terminal.red("damaged, and removed:"));
            items(report.path("items"));
        }
        terminal.out()
                .printf(
                        "%d files have their length, %d of them were compared with their checksum, %d were damaged%n",
                        report.path("checked").asLong(),
                        report.path("checksummed").asLong(),
                        report.path("items").size());
    }
}
