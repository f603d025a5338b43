package framewright.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a JVM stack trace, of a request or of an answer.
 *
 * @param module the class with its package
 * @param line {@link #NO_LINE} where it is not known
 * @param before the source lines before the frame's; of an answer these are ready to be sent
 * @param signature of the method: as in bytecode in a request, as in source code in an answer
 * @param synthesized whether the compiler made the method
 * @param index place of the frame in the request, which frames that are inlined into it share
 */
public record JvmFrame(
        @Nullable String platform,
        String function,
        String module,
        @Nullable String filename,
        @Nullable String absPath,
        long line,
        List<JsonText> before,
        @Nullable JsonText contextLine,
        List<JsonText> after,
        @Nullable Boolean inApp,
        @Nullable String signature,
        boolean synthesized,
        long index) {
    public static final long NO_LINE = -1;

    /** What a mapping says of a frame; null where it says nothing of a part. */
    public record Original(
            String module,
            String function,
            long line,
            @Nullable String file,
            boolean synthesized) {}

    public JvmFrame withSignature(@Nullable String other) {
        return new JvmFrame(
                platform,
                function,
                module,
                filename,
                absPath,
                line,
                before,
                contextLine,
                after,
                inApp,
                other == null ? signature : other,
                synthesized,
                index);
    }

    /** Under its original names. */
    public JvmFrame remapped(Original original, @Nullable String releasePackage) {
        boolean own =
                inApp == null && releasePackage != null && original.module().startsWith(releasePackage);
        return new JvmFrame(
                platform,
                original.function(),
                original.module(),
                original.file() == null ? filename : original.file(),
                original.file() == null ? absPath : original.file(),
                original.line(),
                before,
                contextLine,
                after,
                own ? Boolean.TRUE : inApp,
                signature,
                original.synthesized(),
                index);
    }

    /** With the source around it. */
    public JvmFrame withSource(SourceLines lines) {
        return new JvmFrame(
                platform,
                function,
                module,
                filename,
                absPath,
                line,
                lines.before(),
                lines.line(),
                lines.after(),
                inApp,
                signature,
                synthesized,
                index);
    }
}
