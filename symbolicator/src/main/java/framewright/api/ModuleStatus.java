package framewright.api;

/** How looking for a module's debug file ended. */
public enum ModuleStatus {
    FOUND("found"),
    /** No frame points into the module, so nobody looked. */
    UNUSED("unused"),
    MISSING("missing"),
    MALFORMED("malformed"),
    FETCHING_FAILED("fetching_failed"),
    TIMEOUT("timeout"),
    UNSUPPORTED("unsupported"),
    /** A bug of ours. */
    OTHER("other");

    private final String wireName;

    ModuleStatus(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and answers. */
    public String wireName() {
        return wireName;
    }

    public static ModuleStatus of(Outcome.Failure failure) {
        return switch (failure) {
            case Outcome.Missing _ -> MISSING;
            case Outcome.Denied _, Outcome.Unreachable _ -> FETCHING_FAILED;
            case Outcome.TimedOut _ -> TIMEOUT;
            case Outcome.Malformed _ -> MALFORMED;
            case Outcome.Unsupported _ -> UNSUPPORTED;
        };
    }
}
