package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Rows in columns, as wide as what is in them. */
final class TextTable {
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... columns) {
        this.columns = List.of(columns);
    }

    /** Cells come from servers and files: they must not control the terminal. */
    void add(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Terminal.printable(cell));
        }
        rows.add(row);
    }

    /** What a member says; a dash where it says nothing. */
    static String cell(JsonNode node, String name) {
        String text = node.path(name).asText("");
        return text.isEmpty() || node.path(name).isNull() ? "-" : text;
    }

    /** The words in a list. */
    static String words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return words.isEmpty() ? "-" : String.join(",", words);
    }

    void print(Terminal terminal) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        terminal.out().println(terminal.dim(line(columns, widths)));
        rows.forEach(row -> terminal.out().println(line(row, widths)));
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(cells.get(i)).repeat(' ', widths[i] - cells.get(i).length() + 2);
        }
        return line.toString().stripTrailing();
    }
}
