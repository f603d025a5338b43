package framewright.sourcemap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes maps as text, independently of how the module reads them. */
final class MapText {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private MapText() {}

    /** A map with some sources and names and these mappings; {@code more} is further JSON members with a comma ahead. */
    static String map(int sources, int names, String mappings, String more) {
        return "{\"version\":3,\"sources\":" + list("s", sources) + ",\"names\":" + list("n", names)
                + ",\"mappings\":\"" + mappings + "\"" + more + "}";
    }

    /** An index map of sections, each written as {@link #section} does. */
    static String index(String... sections) {
        return "{\"version\":3,\"sections\":[" + String.join(",", sections) + "]}";
    }

    static String section(int line, int column, String map) {
        return "{\"offset\":{\"line\":" + line + ",\"column\":" + column + "},\"map\":" + map + "}";
    }

    static String list(String prefix, int count) {
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "" : ",").append('"').append(prefix).append(i).append('"');
        }
        return list.append(']').toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String signed(long value) {
        return unsigned(value < 0 ? -value * 2 + 1 : value * 2);
    }

    static String unsigned(long value) {
        StringBuilder out = new StringBuilder();
        long rest = value;
        while (rest >= 32) {
            out.append(DIGITS.charAt((int) (rest % 32) + 32));
            rest /= 32;
        }
        return out.append(DIGITS.charAt((int) rest)).toString();
    }

    static int digit(char c) {
        return DIGITS.indexOf(c);
    }

    /** Mappings in the order given, lines ascending. */
    static String mappings(List<Mapping> mappings) {
        StringBuilder out = new StringBuilder();
        int[] last = new int[5];
        int line = 0;
        @Nullable Mapping before = null;
        for (Mapping mapping : mappings) {
            while (line < mapping.generatedLine()) {
                out.append(';');
                line++;
                last[0] = 0;
                before = null;
            }
            out.append(before == null ? "" : ",");
            out.append(relative(last, 0, mapping.generatedColumn()));
            if (mapping.isMapped()) {
                out.append(relative(last, 1, mapping.source()));
                out.append(relative(last, 2, mapping.line()));
                out.append(relative(last, 3, mapping.column()));
                if (mapping.name() != Mapping.NONE) {
                    out.append(relative(last, 4, mapping.name()));
                }
            }
            before = mapping;
        }
        return out.toString();
    }

    /** The ranges among mappings, as {@code rangeMappings} lists them. */
    static String ranges(List<Mapping> mappings) {
        StringBuilder out = new StringBuilder();
        int line = 0;
        int index = 0;
        int last = 0;
        for (Mapping mapping : mappings) {
            while (line < mapping.generatedLine()) {
                out.append(';');
                line++;
                index = 0;
                last = 0;
            }
            index++;
            if (mapping.range()) {
                out.append(unsigned(index - last));
                last = index;
            }
        }
        return out.toString();
    }

    private static String relative(int[] last, int field, int value) {
        String text = signed((long) value - last[field]);
        last[field] = value;
        return text;
    }
}
