package framewright.cli;

import java.io.Console;
import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err everything else
 * @param colours whether results may be coloured
 */
record Terminal(PrintWriter out, PrintWriter err, boolean colours) {
    /** Coloured on a terminal, unless the environment variable NO_COLOR is set. */
    static boolean coloursByDefault() {
        return isTerminal() && Ansi.AUTO.enabled();
    }

    @SuppressWarnings("SystemConsoleNull") // it does so again since JDK 25 where there is no terminal
    static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Text in bold, where colours are on. */
    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String red(String text) {
        return paint("31", text);
    }

    String cyan(String text) {
        return paint("36", text);
    }

    /** Names come from files and requests: they must not control the terminal. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return clean.toString();
    }

    private String paint(String code, String text) {
        return colours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
