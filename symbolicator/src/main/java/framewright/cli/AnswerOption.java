package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Whether answers of a server are printed as they came, or for people. */
final class AnswerOption {
    private final Terminal terminal;

    @Option(names = "--json", description = "The answer as JSON.")
    private boolean json;

    AnswerOption(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(JsonNode answer, Consumer<JsonNode> forPeople) {
        if (json) {
            terminal.out().println(answer.toPrettyString());
        } else {
            forPeople.accept(answer);
        }
    }
}
