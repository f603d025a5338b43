package framewright.js;

import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.JsDecision;
import framewright.api.JsFrame;
import framewright.api.JsStem;
import framewright.debugfiles.DebugId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What explains a frame. */
final class Verdicts {
    private static final Pattern EXTENSION =
            Pattern.compile("(?:chrome|moz|safari|safari-web|ms-browser)-extension:.*", Pattern.DOTALL);

    private Verdicts() {}

    /** The decision on a frame that has ended as {@code verdict} says. */
    static JsDecision decide(JsFrame frame, @Nullable ScriptModule module, Finding verdict) {
        String internal = frame.symbolicated ? null : internal(frame.absPath);
        List<Finding> steps = module == null ? List.of() : module.steps;
        return new JsDecision(
                steps, internal == null ? verdict : Findings.of(Cause.INTERNAL_FRAME, frame.absPath, internal));
    }

    /** What code of nobody's a path stands for; null where it may be the application's. */
    private static @Nullable String internal(String path) {
        if (EXTENSION.matcher(path).matches()) {
            return "it belongs to an extension of the browser";
        }
        if (path.startsWith("node:") || path.startsWith("internal/")) {
            return "it is part of Node.js";
        }
        return switch (path) {
            case "InternalBytecode.js", "address at InternalBytecode.js" -> "it is part of the Hermes engine";
            case "native", "[native code]", "native code" -> "it is a function of the engine";
            case "<anonymous>", "anonymous", "eval code", "evalmachine.<anonymous>" ->
                "it was made at run time, by eval or the like";
            default -> null;
        };
    }

    /** Why a script or map is missing: the last that was tried, which is what was left. */
    static Finding missing(String location, ScriptModule module) {
        for (Finding step : module.steps.reversed()) {
            if (step.cause() != Cause.FOUND) {
                return step;
            }
        }
        return Findings.of(Cause.NOT_FOUND, location, "");
    }

    static Finding noSourceMap(ScriptModule module) {
        return Findings.of(Cause.NO_SOURCE_MAP, module.absPath, "");
    }

    static Finding found(ScriptModule module, OpenMap map) {
        Finding other = ofOtherId(module, map);
        return other == null ? Findings.of(Cause.FOUND, module.base(), "") : other;
    }

    /** Why a map says nothing of a position. */
    static Finding noMapping(JsFrame frame, ScriptModule module, OpenMap map) {
        Finding other = ofOtherId(module, map);
        if (other != null) {
            return other;
        }
        String position = "line " + frame.line + (frame.column < 0 ? "" : ", column " + frame.column);
        Script script = module.script();
        boolean bytecode = script == null || script.lines().count() == 0;
        if (bytecode && frame.line == 1 && map.map().lookup(1, 0) != null) {
            return Findings.of(Cause.BYTECODE_POSITION, module.base(), position);
        }
        if (script != null && !bytecode && isBeyond(frame, script.lines())) {
            return Findings.of(Cause.BEYOND_SCRIPT, module.absPath, position);
        }
        String file = map.map().file();
        if (file != null && !file.isEmpty() && !lastPart(file).equals(lastPart(module.absPath))) {
            return Findings.of(Cause.MAP_OF_OTHER_SCRIPT, module.base(), "it names " + file);
        }
        return Findings.of(Cause.NO_MAPPING, module.base(), position);
    }

    private static boolean isBeyond(JsFrame frame, Lines lines) {
        return frame.line > lines.count() || frame.column > lines.length(frame.line) + 1L;
    }

    private static @Nullable Finding ofOtherId(ScriptModule module, OpenMap map) {
        String text = map.map().debugId();
        DebugId id = text == null ? null : DebugId.parse(text);
        if (id == null || module.debugId == null || id.equals(module.debugId)) {
            return null;
        }
        return Findings.of(
                Cause.MAP_OF_OTHER_SCRIPT, module.base(), "its debug id is " + id + ", the script's " + module.debugId);
    }

    private static String lastPart(String path) {
        String name = JsStem.withoutQuery(path);
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
