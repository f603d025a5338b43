package framewright.cli;

/** What the exit status of the process means. */
final class Exit {
    static final int OK = 0;

    /** Something was not resolved, or failed. */
    static final int FAILED = 1;

    /** The command line or the settings file cannot be used. */
    static final int USAGE = 2;

    private Exit() {}
}
