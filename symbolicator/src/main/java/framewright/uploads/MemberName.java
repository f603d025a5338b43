package framewright.uploads;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of an archive's members: they come from whoever made it, and must name something within it. */
public final class MemberName {
    /** More than any file system allows. */
    private static final int MAX_LENGTH = 4096;

    private MemberName() {}

    /** With slashes, whatever system it comes from. */
    static String normal(String name) {
        return name.replace('\\', '/');
    }

    /** Why a name in its normal form cannot be used; null: it can. */
    public static @Nullable String problem(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return "its name is empty or longer than " + MAX_LENGTH + " characters";
        }
        if (name.codePoints().anyMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF))) {
            return "its name has control characters";
        }
        if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
            return "its name is a path from the root";
        }
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                return "its name leads out of the archive";
            }
        }
        return null;
    }

    /** What archivers add of themselves, and nobody means to send. */
    static boolean isClutter(String name) {
        String last = last(name);
        return name.startsWith("__MACOSX/") || last.startsWith("._") || last.equals(".DS_Store");
    }

    /** The part after the last slash. */
    public static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Without the ending that says how the file is packed. */
    static String unpacked(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String ending : new String[] {".gz", ".zst", ".zstd", ".z"}) {
            if (lower.endsWith(ending) && lower.length() > ending.length()) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }
}
