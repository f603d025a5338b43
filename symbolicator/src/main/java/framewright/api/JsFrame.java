package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * A JavaScript frame, as a request describes it and as an answer tells it. Plain fields, since one is made of the other
 * step by step.
 */
public final class JsFrame {
    /** Value of {@link #column} where there is none. */
    public static final long NO_COLUMN = -1;

    /** URL or path of the file. */
    public String absPath;

    /** One-based, unsigned 32-bit; 0 where unknown. */
    public long line;

    /** One-based, unsigned 32-bit, or {@link #NO_COLUMN}. */
    public long column = NO_COLUMN;

    public @Nullable String function;
    public @Nullable String filename;
    public @Nullable String module;
    public @Nullable String platform;
    public @Nullable SourceLines context;

    /** What the source map calls the token at the frame; names the function that the frame calls. */
    public @Nullable String tokenName;

    /** Address of the source map. */
    public @Nullable String sourceMap;

    public @Nullable JsOrigin origin;
    public @Nullable ResolvedWith resolvedWith;
    public boolean symbolicated;

    /** Why the frame is as it is; null where nobody wants to know. */
    public @Nullable JsDecision decision;

    /** Of its script, where that has one; answers do not tell it. */
    public @Nullable String debugId;

    public JsFrame(String absPath, long line) {
        this.absPath = absPath;
        this.line = line;
    }

    /** The same frame, to be changed. */
    public JsFrame copy() {
        JsFrame copy = new JsFrame(absPath, line);
        copy.column = column;
        copy.function = function;
        copy.filename = filename;
        copy.module = module;
        copy.platform = platform;
        copy.context = context;
        copy.tokenName = tokenName;
        copy.sourceMap = sourceMap;
        copy.origin = origin;
        copy.resolvedWith = resolvedWith;
        copy.symbolicated = symbolicated;
        copy.decision = decision;
        copy.debugId = debugId;
        return copy;
    }
}
