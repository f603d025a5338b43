package framewright.nativebridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns mangled names of C++, Rust, Swift, Objective-C and MSVC into names for people. */
public final class Demangler {
    private Demangler() {}

    /**
     * @param names as the client sent them
     * @return in the same order; null where a name is not mangled or cannot be demangled
     */
    public static List<@Nullable String> demangle(List<String> names) {
        ArrayNode request = Reply.JSON.createArrayNode();
        names.forEach(name -> request.addArray().add(name).addNull());
        byte[] in = Signatures.utf8(request.toString());
        long[] out = new long[3];
        Signatures.fw_demangle(in, in.length, out);
        return Reply.json(out, Demangler::read).orThrow();
    }

    private static List<@Nullable String> read(JsonNode node) {
        List<@Nullable String> result = new ArrayList<>(node.size());
        node.forEach(name -> result.add(name.isNull() ? null : name.asText()));
        return result;
    }
}
