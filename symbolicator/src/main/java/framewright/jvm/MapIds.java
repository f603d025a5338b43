package framewright.jvm;

import framewright.api.JvmFrame;
import framewright.api.JvmRequest;
import framewright.api.JvmRequest.Module;
import framewright.api.JvmRequest.ModuleType;
import framewright.debugfiles.CodeId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ids of mappings that R8 writes in place of the names of source files: {@code r8-map-id-<pg_map_id>}. */
final class MapIds {
    private static final Pattern MAP_ID = Pattern.compile("r8-map-id-([0-9a-fA-F]{7,64})\\b");

    /** An app has one mapping, and one for each part that is delivered apart. */
    private static final int MAX_IDS = 16;

    private MapIds() {}

    /** Those of the frames' files. */
    static Set<String> ofFrames(JvmRequest request) {
        Set<String> ids = new LinkedHashSet<>();
        for (JvmRequest.Stacktrace stack : request.stacktraces()) {
            for (JvmFrame frame : stack.frames()) {
                if (frame.filename() != null) {
                    add(frame.filename(), ids);
                }
            }
        }
        return ids;
    }

    /** Whether a mapping that R8 calls so may be that of the request: both name none, or the same. */
    static boolean fit(JvmRequest request, String mapId) {
        Set<String> ids = ofFrames(request);
        request.stacks().forEach(text -> add(text, ids));
        return mapId.isEmpty() || ids.isEmpty() || ids.stream().anyMatch(id -> isSame(id, mapId));
    }

    /** R8 writes the whole id or its first digits. */
    static boolean isSame(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    /** The request; where it names no mapping, with those that its frames and texts name. */
    static JvmRequest implied(JvmRequest request) {
        if (request.modules().stream().anyMatch(module -> module.type() == ModuleType.PROGUARD)) {
            return request;
        }
        Set<String> ids = ofFrames(request);
        request.stacks().forEach(text -> add(text, ids));
        List<Module> modules = new ArrayList<>(request.modules());
        for (String id : ids) {
            CodeId mapId = CodeId.parse(id);
            if (mapId != null) {
                modules.add(Module.ofMapId(mapId));
            }
        }
        return request.withModules(modules);
    }

    private static void add(String text, Set<String> ids) {
        Matcher matcher = MAP_ID.matcher(text);
        while (ids.size() < MAX_IDS && matcher.find()) {
            ids.add(matcher.group(1));
        }
    }
}
