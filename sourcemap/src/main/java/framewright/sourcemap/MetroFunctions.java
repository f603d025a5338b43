package framewright.sourcemap;

import static framewright.sourcemap.Violation.Kind.NAME_INDEX;
import static framewright.sourcemap.Violation.Kind.ORIGINAL_POSITION;
import static framewright.sourcemap.Violation.Kind.SEGMENT_FIELDS;
import static framewright.sourcemap.Violation.Kind.WRONG_TYPE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Metro's function maps, {@code x_facebook_sources}: beside each source a list whose first element holds the names
 * of its functions and where they start and end. React Native's maps bring them, Hermes or not. The rows are VLQs as
 * in {@code mappings}, but of the original file: column, name, line, each relative to the last; the column starts
 * over at {@code ;}, the line is left out where it stays the same and counts from 1 (metro-source-map,
 * generateFunctionMap).
 */
final class MetroFunctions {
    private final byte[] document;
    private final JsonScanner json;
    private final MapFields fields;
    private final Problems problems;

    MetroFunctions(byte[] document, JsonScanner json, MapFields fields, Problems problems) {
        this.document = document;
        this.json = json;
        this.fields = fields;
        this.problems = problems;
    }

    /** Reads the list at an offset, cut or filled up to one entry a source. */
    List<@Nullable FunctionMap> read(int list, String path, int sourceCount) {
        List<@Nullable FunctionMap> maps = new ArrayList<>();
        if (json.byteAt(list) != '[') {
            problems.optional(WRONG_TYPE, path, list);
        } else {
            json.array(list, at -> {
                if (maps.size() < sourceCount) {
                    maps.add(ofSource(at, path + "[" + maps.size() + "]"));
                }
                return json.afterValue(at);
            });
        }
        while (maps.size() < sourceCount) {
            maps.add(null);
        }
        return maps;
    }

    private @Nullable FunctionMap ofSource(int at, String path) {
        if (fields.isNull(at)) {
            return null;
        }
        if (json.byteAt(at) != '[') {
            problems.optional(WRONG_TYPE, path, at);
            return null;
        }
        int first = json.afterSpace(at + 1);
        if (json.byteAt(first) != '{') {
            return null;
        }
        Map<String, Integer> members = fields.members(first);
        List<String> names = fields.strings(members, "names", path + "[0].");
        Slice mappings = fields.slice(members, "mappings", path + "[0].");
        if (mappings == null) {
            return null;
        }
        try {
            return decode(new VlqReader(document, mappings, path + "[0].mappings"), names);
        } catch (MalformedSourceMapException e) {
            problems.optional(e.violation());
            return null;
        }
    }

    private static FunctionMap decode(VlqReader in, List<String> names) {
        FunctionMap.Builder rows = new FunctionMap.Builder(names);
        long column = 0;
        long name = 0;
        long line = 0;
        while (!in.atEnd()) {
            if (in.at(';')) {
                in.skip();
                column = 0;
                continue;
            }
            if (in.at(',')) {
                in.skip();
                continue;
            }
            column += in.signed();
            if (!in.atNumber()) {
                throw in.malformed(SEGMENT_FIELDS);
            }
            name += in.signed();
            if (in.atNumber()) {
                line += in.signed();
            }
            if (in.atNumber()) {
                throw in.malformed(SEGMENT_FIELDS);
            }
            if ((line | column) >>> 31 != 0) {
                throw in.malformed(ORIGINAL_POSITION);
            }
            if (name < 0 || name >= names.size()) {
                throw in.malformed(NAME_INDEX);
            }
            rows.row((int) line, (int) column, (int) name);
        }
        return rows.build();
    }
}
