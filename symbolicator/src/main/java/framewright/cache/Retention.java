package framewright.cache;

/** Failures of public sources are remembered longer, since everyone would ask again. */
public enum Retention {
    PUBLIC,
    PRIVATE;

    public static Retention of(Scope scope) {
        return scope.name() == null ? PUBLIC : PRIVATE;
    }
}
