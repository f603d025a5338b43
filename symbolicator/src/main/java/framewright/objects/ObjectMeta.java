package framewright.objects;

import framewright.api.Features;
import framewright.api.Finding.FileFacts;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.nativebridge.ObjectFiles.ObjectInfo;
import org.jspecify.annotations.Nullable;

/**
 * What an object file is and offers, kept beside it so that the file need not be opened to choose.
 *
 * <p>As a file: one line each of {@code object 2}, debug id, code id, architecture, format, four digits 0 or 1 for
 * debug information, unwind information, symbols and sources, the version control system, and the size; empty where
 * absent.
 *
 * @param bytes of the object, unpacked
 */
record ObjectMeta(
        @Nullable DebugId debugId,
        @Nullable CodeId codeId,
        String arch,
        String fileFormat,
        Features features,
        long bytes) {
    private static final String MAGIC = "object 2";
    private static final int LINES = 8;

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
                        object.srcsrvVcs()),
                object.size());
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
                features.srcsrvVcs() == null ? "" : features.srcsrvVcs(),
                Long.toString(bytes));
    }

    /** What answers tell of it. */
    FileFacts facts() {
        return new FileFacts(
                bytes,
                debugId == null ? null : debugId.toString(),
                codeId == null ? null : codeId.hex(),
                arch,
                fileFormat,
                !features.hasDebugInfo() && !features.hasSymbols());
    }

    /** Null where the text is not of this form. */
    static @Nullable ObjectMeta parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES
                || !lines[0].equals(MAGIC)
                || !lines[5].matches("[01]{4}")
                || !lines[7].matches("\\d{1,18}")) {
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
                        lines[6].isEmpty() ? null : lines[6]),
                Long.parseLong(lines[7]));
    }

    private static String digit(boolean flag) {
        return flag ? "1" : "0";
    }
}
