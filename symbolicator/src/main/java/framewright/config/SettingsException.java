package framewright.config;

import java.util.List;
import java.util.stream.Collectors;

/** The settings file cannot be used; says everything that is wrong with it at once. */
public final class SettingsException extends RuntimeException {
    private final List<Problem> problems;

    /**
     * @param line one-based, 0 where there is none
     * @param path of the key, empty for the file as a whole
     */
    public record Problem(int line, String path, String message) {
        @Override
        public String toString() {
            return (line > 0 ? "line " + line + ": " : "") + (path.isEmpty() ? "" : path + ": ") + message;
        }
    }

    public SettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
