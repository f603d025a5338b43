package framewright.api;

import org.jspecify.annotations.Nullable;

/** How a frame was found by whoever walked the stack. */
public enum FrameTrust {
    NONE("none"),
    SCAN("scan"),
    CFI_SCAN("cfiscan"),
    FRAME_POINTER("fp"),
    CFI("cfi"),
    PREWALKED("prewalked"),
    CONTEXT("context");

    private static final FrameTrust[] VALUES = values();

    private final String wireName;

    FrameTrust(String wireName) {
        this.wireName = wireName;
    }

    /** The name in requests and answers. */
    public String wireName() {
        return wireName;
    }

    /** The trust by its name; null for any other name. */
    public static @Nullable FrameTrust of(String text) {
        for (FrameTrust trust : VALUES) {
            if (trust.wireName.equals(text)) {
                return trust;
            }
        }
        return null;
    }
}
