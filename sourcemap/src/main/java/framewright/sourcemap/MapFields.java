package framewright.sourcemap;

import static framewright.sourcemap.Violation.Kind.IGNORE_LIST;
import static framewright.sourcemap.Violation.Kind.MISSING_FIELD;
import static framewright.sourcemap.Violation.Kind.SECTION_OFFSET;
import static framewright.sourcemap.Violation.Kind.WRONG_TYPE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a map's objects by type, as ECMA-426's GetOptionalString, GetOptionalListOfStrings and so on read
 * them: absent is fine, another type is an optional error and then as good as absent.
 */
final class MapFields {
    /** The keys that anyone asks for; others are passed over, so that an object's members are few. */
    private static final Set<String> KNOWN = Set.of(
            "version",
            "file",
            "sourceRoot",
            "sources",
            "sourcesContent",
            "names",
            "mappings",
            "rangeMappings",
            "scopes",
            "ignoreList",
            "x_google_ignoreList",
            "debugId",
            "debug_id",
            "sections",
            "offset",
            "line",
            "column",
            "map",
            "x_facebook_sources",
            "x_facebook_offsets",
            "x_metro_module_paths");

    private final JsonScanner json;
    private final Problems problems;

    MapFields(JsonScanner json, Problems problems) {
        this.json = json;
        this.problems = problems;
    }

    /** Where the values of an object's known members stand. */
    Map<String, Integer> members(int object) {
        Map<String, Integer> members = new HashMap<>();
        members(object, members);
        return members;
    }

    /** Notes where the values of an object's known members stand, and checks all of it; gives the offset after it. */
    int members(int object, Map<String, Integer> into) {
        return json.object(object, (key, at) -> {
            if (KNOWN.contains(key)) {
                into.put(key, at);
            }
            return json.afterValue(at);
        });
    }

    boolean isNumber(int at) {
        byte first = json.byteAt(at);
        return first == '-' || (first >= '0' && first <= '9');
    }

    boolean isNull(int at) {
        return json.byteAt(at) == 'n';
    }

    /** A member that must be an object. */
    int object(Map<String, Integer> members, String key, String path, int owner) {
        Integer at = members.get(key);
        if (at == null) {
            throw new MalformedSourceMapException(MISSING_FIELD, path + key, owner);
        }
        if (json.byteAt(at) != '{') {
            throw new MalformedSourceMapException(WRONG_TYPE, path + key, at);
        }
        return at;
    }

    @Nullable
    Slice slice(Map<String, Integer> members, String key, String path) {
        Integer at = ofType(members, key, path, '"');
        return at == null ? null : json.slice(at);
    }

    @Nullable
    String string(Map<String, Integer> members, String key, String path) {
        Integer at = ofType(members, key, path, '"');
        return at == null ? null : json.string(at);
    }

    /** Adds the strings of a list to texts. Null is allowed where {@code nullable}, else it counts as empty. */
    void texts(Map<String, Integer> members, String key, String path, boolean nullable, Texts into) {
        Integer list = ofType(members, key, path, '[');
        if (list == null) {
            return;
        }
        json.array(list, at -> {
            if (json.byteAt(at) == '"') {
                Slice slice = json.slice(at);
                into.add(slice);
                return slice.end() + 1;
            }
            if (!nullable || !isNull(at)) {
                problems.optional(WRONG_TYPE, path + key, at);
            }
            into.addAbsent();
            return json.afterValue(at);
        });
    }

    /** The strings of a list; others count as empty. */
    List<String> strings(Map<String, Integer> members, String key, String path) {
        Integer list = ofType(members, key, path, '[');
        if (list == null) {
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        json.array(list, at -> {
            strings.add(json.byteAt(at) == '"' ? json.string(at) : "");
            return json.afterValue(at);
        });
        return strings;
    }

    /** Adds the lines of a list; what is no line counts as absent. */
    void lines(Map<String, Integer> members, String key, String path, ByteSink into) {
        Integer list = ofType(members, key, path, '[');
        if (list == null) {
            return;
        }
        json.array(list, at -> {
            double line = isNumber(at) ? json.number(at) : Double.NaN;
            boolean fits = line >= 0 && line <= Integer.MAX_VALUE && line == Math.rint(line);
            into.putInt(fits ? (int) line : TableLayout.ABSENT);
            return json.afterValue(at);
        });
    }

    /** Gives the indexes of a list, each less than {@code count}. */
    void indexes(Map<String, Integer> members, String key, String path, int count, IntConsumer into) {
        Integer list = ofType(members, key, path, '[');
        if (list == null) {
            return;
        }
        json.array(list, at -> {
            double index = isNumber(at) ? json.number(at) : Double.NaN;
            if (index >= 0 && index < count && index == Math.rint(index)) {
                into.accept((int) index);
            } else {
                problems.optional(IGNORE_LIST, path + key, at);
            }
            return json.afterValue(at);
        });
    }

    /** One half of a section's offset; 0 where it is not a number that a position can have. */
    int offset(Map<String, Integer> position, String key, String path, int owner) {
        Integer at = position.get(key);
        double value = at != null && isNumber(at) ? json.number(at) : Double.NaN;
        if (value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value)) {
            return (int) value;
        }
        problems.optional(SECTION_OFFSET, path + key, at == null ? owner : at);
        return 0;
    }

    /** Offsets of nested sections add up. */
    int sum(int outer, int inner, String path, int owner) {
        if (outer > Integer.MAX_VALUE - inner) {
            throw new MalformedSourceMapException(SECTION_OFFSET, path + "offset", owner);
        }
        return outer + inner;
    }

    private @Nullable Integer ofType(Map<String, Integer> members, String key, String path, char first) {
        Integer at = members.get(key);
        if (at != null && json.byteAt(at) != first) {
            problems.optional(WRONG_TYPE, path + key, at);
            return null;
        }
        return at;
    }
}
