package framewright.api;

import framewright.debugfiles.DebugId;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The mapping from C++ that Unity's il2cpp made to the C# that it made it of: a JSON object of files of C++, each an
 * object of files of C#, each an object of lines. The native library reads the lines.
 */
public final class LineMapping {
    /** In place of a file of C++: the id of the program, as clients add it. */
    private static final String ID_KEY = "__debug-id__";

    private LineMapping() {}

    /** The id in {@code {"__debug-id__": {"<id>": ...}}}; null: there is none, or the text is broken before it. */
    public static @Nullable DebugId debugId(InputStream mapping) throws IOException {
        try {
            String id = JsonIn.document(mapping, json -> {
                json.object();
                String found = null;
                String name;
                while ((name = json.nextField()) != null) {
                    if (name.equals(ID_KEY) && json.isObject()) {
                        found = firstName(json);
                    } else {
                        json.skip();
                    }
                }
                return found;
            });
            return id == null ? null : DebugId.parse(id);
        } catch (MalformedJsonException | InvalidRequestException e) {
            return null;
        }
    }

    private static @Nullable String firstName(JsonIn json) throws IOException {
        String first = null;
        String name;
        while ((name = json.nextField()) != null) {
            first = first == null ? name : first;
            json.skip();
        }
        return first;
    }
}
