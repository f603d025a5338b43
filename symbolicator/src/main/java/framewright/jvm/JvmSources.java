package framewright.jvm;

import framewright.api.JvmFrame;
import framewright.api.JvmRequest.Stacktrace;
import framewright.api.SourceLines;
import framewright.nativecode.SourceObject;
import framewright.nativecode.SourceText;
import framewright.nativecode.SourceTexts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Adds the source around frames, out of the bundles of a request; the first that has a file counts. */
final class JvmSources {
    private final SourceTexts texts;
    private final List<SourceObject> bundles;
    private final Map<String, Optional<SourceText>> known = new HashMap<>();

    JvmSources(SourceTexts texts, List<SourceObject> bundles) {
        this.texts = texts;
        this.bundles = bundles;
    }

    List<Stacktrace> apply(List<Stacktrace> stacks) throws InterruptedException {
        if (bundles.isEmpty()) {
            return stacks;
        }
        List<Stacktrace> withSource = new ArrayList<>(stacks.size());
        for (Stacktrace stack : stacks) {
            List<JvmFrame> frames = new ArrayList<>(stack.frames().size());
            for (JvmFrame frame : stack.frames()) {
                SourceLines lines = frame.line() > 0 ? lines(frame) : null;
                frames.add(lines == null ? frame : frame.withSource(lines));
            }
            withSource.add(new Stacktrace(stack.exception(), frames));
        }
        return withSource;
    }

    private @Nullable SourceLines lines(JvmFrame frame) throws InterruptedException {
        String url = url(frame);
        Optional<SourceText> text = known.get(url);
        if (text == null) {
            text = Optional.ofNullable(find(url));
            known.put(url, text);
        }
        return text.isEmpty() ? null : text.get().around(frame.line(), null);
    }

    private @Nullable SourceText find(String url) throws InterruptedException {
        for (SourceObject bundle : bundles) {
            SourceText text = texts.within(bundle, url).text();
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /**
     * The name under which bundlers keep the source of a frame: its package as folders, and the file as the frame names
     * it; where that is none ({@code SourceFile}), the outermost class.
     */
    static String url(JvmFrame frame) {
        String module = frame.module();
        String file = frame.absPath();
        if (file != null && file.indexOf('.') >= 0 && file.indexOf('$') < 0) {
            String folder = module.substring(0, module.lastIndexOf('.') + 1);
            return name(folder, file.substring(0, file.lastIndexOf('.')));
        }
        int inner = module.indexOf('$');
        return name(inner < 0 ? module : module.substring(0, inner), "");
    }

    private static String name(String dotted, String file) {
        return "~/" + dotted.replace('.', '/') + file + ".jvm";
    }
}
