package framewright.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame as a request describes it. Everything but the address is optional, and is sent back where the frame cannot
 * be resolved. Plain fields, filled by the reader only: thousands of these are made for a request.
 */
public final class RawFrame {
    /** Value of {@link #relativeTo} for an absolute address. */
    public static final long ABSOLUTE = -1;

    public @Nullable String platform;
    /** Position of the module in the request that {@link #instructionAddr} is relative to, or {@link #ABSOLUTE}. */
    public long relativeTo = ABSOLUTE;

    /** Unsigned. */
    public long instructionAddr;
    /** Whether the address is one of a return and lies after the call; null: decide by the rules. */
    public @Nullable Boolean adjustInstructionAddr;

    public boolean hasFunctionId;
    /** Row of a .NET method in its table, where {@link #hasFunctionId}. */
    public long functionId;

    public @Nullable String packageName;
    public @Nullable String language;
    public @Nullable String symbol;
    public boolean hasSymbolAddr;
    /** Unsigned, where {@link #hasSymbolAddr}. */
    public long symbolAddr;

    public @Nullable String function;
    public @Nullable String filename;
    public @Nullable String absPath;
    /** One-based, -1 where unknown. */
    public long line = -1;

    public List<String> preContext = List.of();
    public @Nullable String contextLine;
    public List<String> postContext = List.of();
    public @Nullable String sourceLink;
    public @Nullable Boolean inApp;
    public @Nullable Map<String, String> variables;
    public FrameTrust trust = FrameTrust.NONE;
    /** What whoever walked the stack says of it; never part of a request. */
    public @Nullable FrameNote note;

    /** The same frame, to be changed. */
    public RawFrame copy() {
        RawFrame copy = new RawFrame();
        copy.platform = platform;
        copy.relativeTo = relativeTo;
        copy.instructionAddr = instructionAddr;
        copy.adjustInstructionAddr = adjustInstructionAddr;
        copy.hasFunctionId = hasFunctionId;
        copy.functionId = functionId;
        copy.packageName = packageName;
        copy.language = language;
        copy.symbol = symbol;
        copy.hasSymbolAddr = hasSymbolAddr;
        copy.symbolAddr = symbolAddr;
        copy.function = function;
        copy.filename = filename;
        copy.absPath = absPath;
        copy.line = line;
        copy.preContext = preContext;
        copy.contextLine = contextLine;
        copy.postContext = postContext;
        copy.sourceLink = sourceLink;
        copy.inApp = inApp;
        copy.variables = variables;
        copy.trust = trust;
        copy.note = note;
        return copy;
    }
}
