package framewright.api;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a JavaScript error as frames, the callee first: what {@code error.stack} holds in V8 (Chrome, Node),
 * SpiderMonkey (Firefox), JavaScriptCore (Safari) and Hermes (React Native). All count lines and columns from 1, but for
 * Hermes, which gives offsets in bytecode, from 0, where it writes {@code address at}. A text with causes gives one
 * stack for each error.
 */
final class StackText {
    /** {@code at f (place)}, {@code at async f (place)}, {@code at place}; before what Node shows of an error, a brace. */
    private static final Pattern AT = Pattern.compile("\\s*at (?:async )?(?:(.*?) \\((.*)\\)|(.*?))(?: \\{)?\\s*");

    /** {@code f@place}; the name may be missing, and in Firefox hold more signs of the same. */
    private static final Pattern MARKED = Pattern.compile("\\s*((?:global|module|eval) code|[^\\s(]*?)@(.+)\\s*");

    private static final Pattern PLACE = Pattern.compile("(.*?):(\\d{1,10})(?::(\\d{1,10}))?");

    /** Of code that eval has made: the place of the eval itself. */
    private static final Pattern EVAL = Pattern.compile("eval at .*?\\(([^()]*:\\d+:\\d+)\\).*");

    private static final Pattern EVAL_MARKED = Pattern.compile("(.*?) line (\\d+) > (?:eval|Function).*");

    private static final Pattern CAUSE = Pattern.compile("\\s*(?:\\[cause\\]:|Caused by:|cause:) .*");

    private static final String BYTECODE = "address at ";
    private static final int MAX_LINES = 10_000;

    /** A longer line is a message, or one that nobody wrote to be read. */
    private static final int MAX_LINE = 4_000;

    private static final long MAX_U32 = 0xFFFF_FFFFL;

    private StackText() {}

    /** The stacks of an error and its causes, each with at least one frame. */
    static List<List<JsFrame>> parse(String text) {
        List<List<JsFrame>> stacks = new ArrayList<>();
        List<JsFrame> frames = new ArrayList<>();
        for (String line : text.lines()
                .filter(line -> line.length() <= MAX_LINE)
                .limit(MAX_LINES)
                .toList()) {
            if (CAUSE.matcher(line).matches() && !frames.isEmpty()) {
                stacks.add(frames);
                frames = new ArrayList<>();
            }
            JsFrame frame = frame(line);
            if (frame != null) {
                frames.add(frame);
            }
        }
        if (!frames.isEmpty()) {
            stacks.add(frames);
        }
        return stacks;
    }

    private static @Nullable JsFrame frame(String line) {
        Matcher at = AT.matcher(line);
        if (at.matches()) {
            return at.group(3) == null ? frame(at.group(1), at.group(2)) : frame("", at.group(3));
        }
        Matcher marked = MARKED.matcher(line);
        return marked.matches() ? frame(marked.group(1), marked.group(2)) : null;
    }

    /** Null where the place is none, as in the message of an error. */
    private static @Nullable JsFrame frame(String function, String where) {
        if (where.equals("native") || where.equals("[native code]")) {
            return named(new JsFrame(where, 0), function);
        }
        boolean bytecode = where.startsWith(BYTECODE);
        String place = bytecode ? where.substring(BYTECODE.length()) : evaluated(where);
        Matcher parts = PLACE.matcher(place);
        if (!parts.matches() || parts.group(1).isEmpty()) {
            return null;
        }
        JsFrame frame = new JsFrame(withoutFile(parts.group(1)), number(parts.group(2)));
        if (parts.group(3) != null) {
            frame.column = Math.min(number(parts.group(3)) + (bytecode ? 1 : 0), MAX_U32);
        }
        return named(frame, function);
    }

    private static String evaluated(String where) {
        Matcher eval = EVAL.matcher(where);
        if (eval.matches()) {
            return eval.group(1);
        }
        Matcher marked = EVAL_MARKED.matcher(where);
        return marked.matches() ? marked.group(1) + ":" + marked.group(2) : where;
    }

    /** Node names files of modules by address and those of scripts by path; both are the same file. */
    private static String withoutFile(String path) {
        return path.startsWith("file:///") ? path.substring("file://".length()) : path;
    }

    private static JsFrame named(JsFrame frame, String function) {
        String name = function.replaceFirst(" \\[as .*]$", "");
        frame.function = name.isEmpty() || name.equals("?") ? null : name;
        return frame;
    }

    private static long number(String digits) {
        return Math.min(Long.parseLong(digits), MAX_U32);
    }
}
