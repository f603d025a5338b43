package framewright;

import framewright.cli.Cli;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // A library of ours logs through SLF4J, which would complain that nobody listens; its failures are values here.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        // Or it looks for a class of Groovy's in every jar.
        System.setProperty("picocli.disable.closures", "true");
        int status = Cli.run(args);
        // To exit, the JVM looks for a logger in every jar, which takes longer than most commands; to return is the
        // same.
        if (status != 0 || othersRun()) {
            System.exit(status);
        }
    }

    /** Whether the process would go on without us. */
    private static boolean othersRun() {
        Thread[] threads = new Thread[Thread.activeCount() + 1];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i] != Thread.currentThread() && !threads[i].isDaemon()) {
                return true;
            }
        }
        return false;
    }
}
