package framewright.objects;

import framewright.api.Features;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.nativebridge.ObjectFiles.ObjectInfo;
import org.jspecify.annotations.Nullable;

/**
 * What an object file is and offers, kept beside it so that the file need not be opened to choose.
 *
 * <p>As a file: one line each of {@code object 1}, debug id, code id, architecture, format, four digits 0 or 1 for
 * debug information, unwind information, symbols and sources, and the version control system; empty where absent.
 */
record ObjectMeta(
        @Nullable DebugId debugId, @Nullable CodeId codeId, String arch, String fileFormat, Features features) {
    private static final String MAGIC = "object 1";
    private static final int LINES = 7;

    static ObjectMeta of(ObjectInfo object) {
        return new ObjectMeta(
                object.debugId() == null ? null : DebugId.parse(object.debugId()),
                object.codeId() == null ? null : CodeId.parse(object.codeId()),
                object.arch(),
                object.fileFormat(),
                new Features(
                        object.hasDebugInfo(),
                        object.hasUnwindInfo(),
                        object.hasSymbols(),
                        object.hasSources(),
                        object.srcsrvVcs()));
    }

    String format() {
        return String.join(
                "\n",
                MAGIC,
                debugId == null ? "" : debugId.toString(),
                codeId == null ? "" : codeId.hex(),
                arch,
                fileFormat,
                digit(features.hasDebugInfo())
                        + digit(features.hasUnwindInfo())
                        + digit(features.hasSymbols())
                        + digit(features.hasSources()),
                features.srcsrvVcs() == null ? "" : features.srcsrvVcs());
    }

    /** Null where the text is not of this form. */
    static @Nullable ObjectMeta parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES || !lines[0].equals(MAGIC) || !lines[5].matches("[01]{4}")) {
            return null;
        }
        String flags = lines[5];
        return new ObjectMeta(
                DebugId.parse(lines[1]),
                CodeId.parse(lines[2]),
                lines[3],
                lines[4],
                new Features(
                        flags.charAt(0) == '1',
                        flags.charAt(1) == '1',
                        flags.charAt(2) == '1',
                        flags.charAt(3) == '1',
                        lines[6].isEmpty() ? null : lines[6]));
    }

    private static String digit(boolean flag) {
        return flag ? "1" : "0";
    }
}
