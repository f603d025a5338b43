package framewright.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.HexValue;
import framewright.api.SymbolicateRequest;
import framewright.debugfiles.ObjectId;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Bare addresses as a request: each is looked up as it is, none is taken for that of a return. */
final class Addresses {
    private Addresses() {}

    static boolean isAddress(String text) {
        return text.startsWith("0x") || text.startsWith("0X");
    }

    /** @param imageAddr null: the addresses count from the start of the file */
    static SymbolicateRequest request(List<String> addresses, ObjectId module, @Nullable String imageAddr) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        ArrayNode frames = request.putArray("stacktraces").addObject().putArray("frames");
        for (String address : addresses) {
            ObjectNode frame = frames.addObject().put("instruction_addr", HexValue.text(parse(address)));
            if (imageAddr == null) {
                frame.put("addr_mode", "rel:0");
            } else {
                frame.put("adjust_instruction_addr", false);
            }
        }
        ObjectNode image = request.putArray("modules").addObject();
        image.put("type", module.type().name().toLowerCase(Locale.ROOT));
        image.put("code_id", module.codeId() == null ? null : module.codeId().hex());
        image.put("debug_id", module.debugId() == null ? null : module.debugId().toString());
        image.put("code_file", module.codeFile()).put("debug_file", module.debugFile());
        image.put("image_addr", HexValue.text(imageAddr == null ? 0 : parse(imageAddr)));
        return SymbolicateRequest.read(
                new ByteArrayInputStream(request.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static long parse(String text) {
        try {
            return HexValue.parse(text);
        } catch (NumberFormatException _) {
            throw new UsageException(text + " is no address; write it as 0x1234");
        }
    }
}
