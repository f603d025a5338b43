package framewright.debugfiles;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a symbol store arranges its files.
 *
 * @param casing applied to the whole relative path
 */
public record Layout(Kind kind, Casing casing) {
    /** What a source has that says nothing about its layout. */
    public static final Layout DEFAULT = new Layout(Kind.NATIVE, Casing.DEFAULT);

    public enum Kind {
        /** As the native tools of each platform do it: gdb, lldb, symstore, Breakpad. */
        NATIVE,
        /** Microsoft's symbol server. */
        SYMSTORE,
        /** The same below folders of the first two characters ({@code index2.txt}). */
        SYMSTORE_INDEX2,
        /** Microsoft's simple symbol query protocol. */
        SSQP,
        DEBUGINFOD,
        /** One scheme for all formats, as symsorter writes it. */
        UNIFIED,
        /** {@code name/id/symbols}, for all kinds of files. */
        SLASHSYMBOLS;

        /** The kind by its name in configuration files; null for any other name. */
        public static @Nullable Kind of(String name) {
            return find(values(), name);
        }
    }

    public enum Casing {
        DEFAULT,
        LOWERCASE,
        UPPERCASE;

        /** The casing by its name in configuration files; null for any other name. */
        public static @Nullable Casing of(String name) {
            return find(values(), name);
        }
    }

    private static <E extends Enum<E>> @Nullable E find(E[] values, String name) {
        return Arrays.stream(values)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElse(null);
    }
}
