package framewright.client;

import framewright.uploads.MemberName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a file looks like by its name and first bytes, which is enough to pass over most of what lies around. What it
 * is, the library says.
 */
public enum FileLook {
    /** A program, a debug file, or text that belongs to one. */
    OBJECT,
    /** Line numbers that il2cpp leaves beside what it compiles. */
    IL2CPP,
    /** Names that Dart's compiler has obfuscated. */
    DART_MAP,
    SCRIPT,
    SOURCE_MAP,
    ARCHIVE,
    NONE;

    /** Enough for the longest mark, which a tar archive has. */
    static final int HEAD_BYTES = 512;

    private static final Set<String> SCRIPTS = Set.of("js", "cjs", "mjs", "bundle", "jsbundle", "hbc");
    private static final Set<String> ARCHIVES =
            Set.of("zip", "apk", "aab", "ipa", "aar", "xcarchive", "tar", "tgz", "gz", "zst", "tzst", "apks", "xapk");

    private static final Pattern MAPPING =
            Pattern.compile("(?:.*[-_.])?mapping(?:[-_.].*)?\\.txt|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.txt");

    private static final Pattern SYMBOL_MAP =
            Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.(?:plist|bcsymbolmap)");

    private static final Pattern DART = Pattern.compile(".*(?:obfuscation|symbol[-_.]?map).*\\.json");

    /** ET_REL: what a linker has taken in, and nothing loads. */
    private static final int RELOCATABLE = 1;

    public boolean isOfUse() {
        return this != NONE && this != ARCHIVE;
    }

    boolean mayBeOfUse() {
        return this != NONE;
    }

    /** Of a file that a person has named: it is taken for something in any case. */
    static FileLook ofNamed(String name, byte[] head) {
        FileLook look = of(name, head);
        if (look.isOfUse()) {
            return look;
        }
        return switch (new String(head, StandardCharsets.UTF_8)
                .stripLeading()
                .codePoints()
                .findFirst()
                .orElse(0)) {
            case '[' -> DART_MAP;
            case '{' -> IL2CPP;
            default -> OBJECT;
        };
    }

    static FileLook of(String name, byte[] head) {
        String last = MemberName.last(name).toLowerCase(Locale.ROOT);
        String extension = last.substring(last.lastIndexOf('.') + 1);
        if (isObject(head, extension)
                || MAPPING.matcher(last).matches()
                || SYMBOL_MAP.matcher(last).matches()) {
            return OBJECT;
        }
        if (ARCHIVES.contains(extension)) {
            return ARCHIVE;
        }
        if (SCRIPTS.contains(extension)) {
            return SCRIPT;
        }
        if (extension.equals("map")) {
            return SOURCE_MAP;
        }
        if (last.equals("linenumbermappings.json")) {
            return IL2CPP;
        }
        return DART.matcher(last).matches() ? DART_MAP : NONE;
    }

    private static boolean isObject(byte[] head, String extension) {
        if (head.length < 4) {
            return false;
        }
        int magic = (head[0] & 0xFF) << 24 | (head[1] & 0xFF) << 16 | (head[2] & 0xFF) << 8 | (head[3] & 0xFF);
        return switch (magic) {
            // of either byte order and width; SYSB; BSJB; wasm
            case 0xFEED_FACE, 0xFEED_FACF, 0xCEFA_EDFE, 0xCFFA_EDFE, 0x5359_5342, 0x4253_4A42, 0x0061_736D -> true;
            case 0x7F45_4C46 -> head.length > 18 && (head[16] != RELOCATABLE && head[17] != RELOCATABLE);
            // also the mark of compiled Java, which has a version where a fat file has a small count
            case 0xCAFE_BABE, 0xBEBA_FECA -> !extension.equals("class");
            default ->
                magic >>> 16 == 0x4D5A
                        || startsWith(head, "Microsoft C/C++ MSF 7.00")
                        || startsWith(head, "MODULE ")
                        || startsWith(head, "BCSymbolMap Version");
        };
    }

    private static boolean startsWith(byte[] head, String text) {
        return new String(head, 0, Math.min(head.length, text.length()), StandardCharsets.ISO_8859_1).equals(text);
    }
}
