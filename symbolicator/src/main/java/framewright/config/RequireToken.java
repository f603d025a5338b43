package framewright.config;

/** Who has to show a token to read and to symbolicate ({@code require_token}). Uploads always need one. */
public enum RequireToken {
    /** Where symbols are kept and others reach the server: it is not bound to a loopback address. */
    AUTO,
    ALWAYS,
    NEVER;

    /** @param store whether uploaded symbols are kept, and with them the tokens */
    boolean applies(Bind bind, boolean store) {
        return this == ALWAYS || (this == AUTO && store && !bind.isLoopback());
    }
}
