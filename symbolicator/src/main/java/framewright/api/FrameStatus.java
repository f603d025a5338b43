package framewright.api;

/** How resolving a frame ended. */
public enum FrameStatus {
    SYMBOLICATED("symbolicated"),
    /** The debug file has nothing at the address. */
    MISSING_SYMBOL("missing_symbol"),
    /** No module covers the address. */
    UNKNOWN_IMAGE("unknown_image"),
    /** There is no usable debug file. */
    MISSING("missing"),
    /** The debug file is broken. */
    MALFORMED("malformed");

    private final String wireName;

    FrameStatus(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and answers. */
    public String wireName() {
        return wireName;
    }
}
