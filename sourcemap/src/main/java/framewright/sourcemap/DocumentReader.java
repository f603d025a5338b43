package framewright.sourcemap;

import static framewright.sourcemap.Violation.Kind.JSON;
import static framewright.sourcemap.Violation.Kind.MISSING_FIELD;
import static framewright.sourcemap.Violation.Kind.TOO_DEEP;
import static framewright.sourcemap.Violation.Kind.WRONG_TYPE;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a map into a {@link SourceDocument} (ECMA-426, ParseSourceMap). The first pass checks all of the
 * JSON and notes where each known field stands, the last one of a name as in JavaScript; the second reads them.
 */
final class DocumentReader {
    private final MapFields fields;
    private final Problems problems;
    private final SourceDocument document;
    private final JsonScanner json;
    private long rootBytes;

    private DocumentReader(byte[] bytes, Problems problems) {
        this.problems = problems;
        json = new JsonScanner(bytes, bytes.length);
        document = new SourceDocument(bytes);
        fields = new MapFields(json, problems);
    }

    static SourceDocument read(byte[] bytes, Problems problems) {
        if (bytes.length > Limits.MAX_MAP_BYTES) {
            throw new MalformedSourceMapException(Violation.Kind.TOO_LARGE, "", Limits.MAX_MAP_BYTES);
        }
        DocumentReader reader = new DocumentReader(bytes, problems);
        reader.root(reader.json.afterSpace(start(bytes)));
        return reader.document;
    }

    /**
     * Where the JSON starts: after a byte order mark, and after a first line that starts with {@code )]}'}, which
     * servers once put there so that a map could not be run as a script.
     */
    private static int start(byte[] bytes) {
        int at = startsWith(bytes, 0, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(bytes, at, ')', ']', '}', '\'')) {
            while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
                at++;
            }
        }
        return at;
    }

    private static boolean startsWith(byte[] bytes, int at, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (at + i >= bytes.length || (bytes[at + i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private void root(int at) {
        boolean object = json.byteAt(at) == '{';
        Map<String, Integer> members = new HashMap<>();
        int after = json.afterSpace(object ? fields.members(at, members) : json.afterValue(at));
        if (after != document.bytes.length) {
            throw new MalformedSourceMapException(JSON, "", after);
        }
        if (!object) {
            throw new MalformedSourceMapException(WRONG_TYPE, "", at);
        }
        document.debugId = debugId(members);
        document.modulePaths = fields.strings(members, "x_metro_module_paths", "");
        fields.lines(members, "x_facebook_offsets", "", document.moduleLines);
        map(at, members, "", 0, 0, 0);
    }

    private void map(int at, Map<String, Integer> members, String path, int line, int column, int depth) {
        Integer version = members.get("version");
        if (version == null || !fields.isNumber(version) || json.number(version) != 3) {
            problems.optional(Violation.Kind.VERSION, path + "version", version == null ? at : version);
        }
        String file = fields.string(members, "file", path);
        if (depth == 0) {
            document.file = file;
        }
        Integer sections = members.get("sections");
        if (sections != null && fields.isNull(sections)) {
            problems.optional(WRONG_TYPE, path + "sections", sections);
            sections = null;
        }
        if (sections == null) {
            regular(at, members, path, line, column);
        } else {
            index(sections, members, path, line, column, depth);
        }
    }

    private void index(int sections, Map<String, Integer> members, String path, int line, int column, int depth) {
        if (json.byteAt(sections) != '[') {
            throw new MalformedSourceMapException(WRONG_TYPE, path + "sections", sections);
        }
        if (depth == Limits.MAX_INDEX_DEPTH) {
            throw new MalformedSourceMapException(TOO_DEEP, path + "sections", sections);
        }
        Integer mappings = members.get("mappings");
        if (mappings != null) {
            problems.optional(Violation.Kind.INDEX_WITH_MAPPINGS, path + "mappings", mappings);
        }
        int[] count = {0};
        json.array(sections, at -> {
            section(at, path + "sections[" + count[0]++ + "].", line, column, depth);
            return json.afterValue(at);
        });
    }

    private void section(int at, String path, int line, int column, int depth) {
        if (json.byteAt(at) != '{') {
            problems.optional(WRONG_TYPE, path, at);
            return;
        }
        Map<String, Integer> members = fields.members(at);
        int offset = fields.object(members, "offset", path, at);
        Map<String, Integer> position = fields.members(offset);
        int lines = fields.offset(position, "line", path + "offset.", offset);
        int columns = fields.offset(position, "column", path + "offset.", offset);
        int map = fields.object(members, "map", path, at);
        int startLine = fields.sum(line, lines, path, offset);
        int startColumn = lines == 0 ? fields.sum(column, columns, path, offset) : columns;
        map(map, fields.members(map), path + "map.", startLine, startColumn, depth + 1);
    }

    private void regular(int at, Map<String, Integer> members, String path, int line, int column) {
        Integer mappings = members.get("mappings");
        Integer sources = members.get("sources");
        if (mappings == null || sources == null) {
            throw new MalformedSourceMapException(
                    MISSING_FIELD, path + (mappings == null ? "mappings" : "sources"), at);
        }
        if (json.byteAt(mappings) != '"') {
            throw new MalformedSourceMapException(WRONG_TYPE, path + "mappings", mappings);
        }
        if (json.byteAt(sources) != '[') {
            throw new MalformedSourceMapException(WRONG_TYPE, path + "sources", sources);
        }
        String root = fields.string(members, "sourceRoot", path);
        int sourceBase = document.sources.size();
        Texts listed = new Texts(document.bytes);
        fields.texts(members, "sources", path, true, listed);
        reserveRoots(root, listed.size(), path, sources);
        for (int i = 0; i < listed.size(); i++) {
            String source = listed.get(i);
            document.sources.add(source == null ? null : withRoot(root, source));
        }
        fields.texts(members, "sourcesContent", path, true, document.contents);
        document.contents.resize(document.sources.size());
        int nameBase = document.names.size();
        fields.texts(members, "names", path, false, document.names);
        int sourceCount = document.sources.size() - sourceBase;
        String ignoreList = members.containsKey("ignoreList") ? "ignoreList" : "x_google_ignoreList";
        fields.indexes(members, ignoreList, path, sourceCount, index -> document.ignored.set(sourceBase + index));
        functions(members, path, sourceCount);
        document.maps.add(new RegularMap(
                path,
                line,
                column,
                sourceBase,
                sourceCount,
                nameBase,
                document.names.size() - nameBase,
                json.slice(mappings),
                fields.slice(members, "rangeMappings", path),
                fields.slice(members, "scopes", path)));
    }

    private void functions(Map<String, Integer> members, String path, int sourceCount) {
        List<@Nullable FunctionMap> functions = members.containsKey("x_facebook_sources")
                ? new MetroFunctions(document.bytes, json, fields, problems)
                        .read(members.get("x_facebook_sources"), path + "x_facebook_sources", sourceCount)
                : Collections.nCopies(sourceCount, null);
        document.functions.addAll(functions);
    }

    /** A long root before many sources could take far more room than the document. */
    private void reserveRoots(@Nullable String root, int count, String path, int at) {
        rootBytes += root == null ? 0 : (long) root.length() * count;
        if (rootBytes > Limits.MAX_ROOT_BYTES + (long) document.bytes.length) {
            throw new MalformedSourceMapException(Violation.Kind.TOO_LARGE, path + "sourceRoot", at);
        }
    }

    /** The slash between root and source is one, whether or not the root brings it (DecodeSourceMapSources). */
    private static String withRoot(@Nullable String root, String source) {
        if (root == null || root.isEmpty()) {
            return source;
        }
        return root.endsWith("/") ? root + source : root + "/" + source;
    }

    private @Nullable String debugId(Map<String, Integer> members) {
        String key = members.containsKey("debugId") ? "debugId" : "debug_id";
        String id = fields.string(members, key, "");
        if (id == null) {
            return null;
        }
        if (!DebugIdComment.isDebugId(id)) {
            problems.optional(Violation.Kind.DEBUG_ID, key, members.getOrDefault(key, 0));
            return null;
        }
        return id.toLowerCase(Locale.ROOT);
    }
}
