package framewright.sourcemap;

/** What this module refuses to go beyond, whatever the input says of itself. */
public final class Limits {
    /** Largest map, in bytes. Offsets into a document are ints, and what is made of it may be four times as large. */
    public static final int MAX_MAP_BYTES = 256 << 20;

    /** Deepest nesting of JSON arrays and objects in any field, unknown ones included. Real maps stay below ten. */
    public static final int MAX_JSON_DEPTH = 512;

    /** Index maps inside sections of index maps. Real ones have one level. */
    public static final int MAX_INDEX_DEPTH = 8;

    /** What {@code sourceRoot}s may add to their sources, beyond the length of the document. */
    public static final int MAX_ROOT_BYTES = 16 << 20;

    /** Scopes within scopes, and ranges within ranges; records compare and print themselves recursively. */
    public static final int MAX_SCOPE_DEPTH = 500;

    /** Violations kept of a map that is read tolerantly; the rest is only passed over. */
    public static final int MAX_TOLERATED = 100;

    private Limits() {}
}
