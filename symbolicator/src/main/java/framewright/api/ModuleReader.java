package framewright.api;

import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import java.io.IOException;

/** The form of {@link RawModule} on the wire. */
final class ModuleReader {
    private ModuleReader() {}

    static RawModule read(JsonIn in) throws IOException {
        ObjectType type = null;
        CodeId codeId = null;
        String codeFile = null;
        DebugId debugId = null;
        String debugFile = null;
        String debugChecksum = null;
        long imageAddr = 0;
        Long imageSize = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "type" -> {
                    String text = in.text();
                    type = text == null ? null : ObjectType.of(text);
                }
                case "code_id" -> {
                    String text = in.text();
                    codeId = text == null ? null : CodeId.parse(text);
                }
                case "code_file" -> codeFile = in.text();
                case "debug_id" -> {
                    String text = in.text();
                    debugId = text == null ? null : DebugId.parse(text);
                }
                case "debug_file" -> debugFile = in.text();
                case "debug_checksum" -> debugChecksum = in.text();
                case "image_addr" -> imageAddr = in.isNull() ? 0 : in.hex();
                case "image_size" -> imageSize = in.u64();
                default -> in.skip();
            }
        }
        if (type == null) {
            throw in.missing("type");
        }
        return new RawModule(type, codeId, codeFile, debugId, debugFile, debugChecksum, imageAddr, imageSize);
    }
}
