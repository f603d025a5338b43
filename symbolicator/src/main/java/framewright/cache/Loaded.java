package framewright.cache;

import framewright.api.Outcome;

/** Says that a loader has written its file. */
public record Loaded() {
    private static final Outcome<Loaded> OK = Outcome.found(new Loaded());

    public static Outcome<Loaded> ok() {
        return OK;
    }
}
