package framewright;

import framewright.cli.Cli;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // A library of ours logs through SLF4J, which would complain that nobody listens; its failures are values here.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(Cli.run(args));
    }
}
