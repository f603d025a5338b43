package framewright.api;

/** The kinds of crash files. */
public enum CrashKind {
    MINIDUMP("minidump"),
    APPLE_REPORT("applecrashreport");

    private final String wireName;

    CrashKind(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests. */
    public String wireName() {
        return wireName;
    }
}
