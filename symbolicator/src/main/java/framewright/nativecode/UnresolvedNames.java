package framewright.nativecode;

import framewright.api.FrameStatus;
import framewright.api.RawFrame;
import framewright.api.ResolvedFrame;
import framewright.nativebridge.Demangler;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativePool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Names that clients sent with frames that could not be resolved: a lone one may be mangled, and is made readable. */
final class UnresolvedNames {
    private static final Logger LOG = Logger.getLogger(UnresolvedNames.class.getName());

    private UnresolvedNames() {}

    /** Replaces frames in the lists. All names of a request are demangled in one call. */
    static void demangle(List<ResolvedStack> stacks, NativePool pool) throws InterruptedException {
        Map<String, @Nullable String> readable = new LinkedHashMap<>();
        for (ResolvedStack stack : stacks) {
            for (ResolvedFrame frame : stack.frames()) {
                String name = loneName(frame);
                if (name != null) {
                    readable.put(name, null);
                }
            }
        }
        if (readable.isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>(readable.keySet());
        List<@Nullable String> results;
        try {
            results = pool.call(() -> Demangler.demangle(names));
        } catch (NativeException e) {
            LOG.log(Level.SEVERE, "a name met a bug", e);
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            readable.put(names.get(i), results.get(i));
        }
        for (ResolvedStack stack : stacks) {
            stack.frames().replaceAll(frame -> replace(frame, readable));
        }
    }

    private static ResolvedFrame replace(ResolvedFrame frame, Map<String, @Nullable String> readable) {
        String name = loneName(frame);
        String better = name == null ? null : readable.get(name);
        if (better == null) {
            return frame;
        }
        RawFrame raw = frame.raw().copy();
        raw.symbol = name;
        raw.function = better;
        return ResolvedFrame.echo(frame.status(), frame.originalIndex(), raw, frame.packageName());
    }

    /** The only name of an unresolved frame; with two, the client has demangled already. */
    private static @Nullable String loneName(ResolvedFrame frame) {
        if (frame.status() == FrameStatus.SYMBOLICATED) {
            return null;
        }
        String function = frame.raw().function;
        String symbol = frame.raw().symbol;
        if (function != null) {
            return symbol == null ? function : null;
        }
        return symbol;
    }
}
