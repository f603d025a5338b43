package framewright;

import framewright.cli.Cli;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(Cli.run(args));
    }
}
