package framewright.crash;

import framewright.api.JsonIn;
import framewright.api.RawModule;
import framewright.crash.ChildMessage.Done;
import framewright.crash.ChildMessage.Failed;
import framewright.crash.ChildMessage.Hello;
import framewright.crash.ChildMessage.Need;
import framewright.crash.ChildMessage.Row;
import framewright.crash.ChildMessage.What;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The form of {@link ChildMessage} on the wire: {@code {"done": ...}}. Unknown fields are passed over. */
final class ChildMessageReader {
    private ChildMessageReader() {}

    /**
     * Reads a message.
     *
     * @param notes whether to keep how frames were found
     * @throws framewright.api.MalformedJsonException where it is no JSON
     * @throws framewright.api.InvalidRequestException where it is no message
     */
    static ChildMessage read(byte[] message, boolean notes) {
        return JsonIn.document(new ByteArrayInputStream(message), in -> read(in, notes));
    }

    private static ChildMessage read(JsonIn in, boolean notes) throws IOException {
        ChildMessage message = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            message = switch (name) {
                case "hello" -> hello(in);
                case "need" -> new Need(rows(in));
                case "done" -> new Done(new DumpReader(notes).read(in));
                case "failed" -> failed(in);
                default -> throw in.invalid("is no message");
            };
        }
        if (message == null) {
            throw in.invalid("is empty");
        }
        return message;
    }

    private static Hello hello(JsonIn in) throws IOException {
        long protocol = -1;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            if (name.equals("protocol")) {
                protocol = in.u32();
            } else {
                in.skip();
            }
        }
        return new Hello(protocol);
    }

    private static List<Row> rows(JsonIn in) throws IOException {
        List<Row> rows = new ArrayList<>();
        if (!in.array()) {
            throw in.invalid("must be an array");
        }
        while (in.nextElement()) {
            rows.add(row(in));
        }
        return rows;
    }

    private static Row row(JsonIn in) throws IOException {
        int module = -1;
        What what = null;
        RawModule image = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "module" -> module = DumpReader.number(in);
                case "what" -> what = what(in);
                case "image" -> image = RawModule.read(in);
                default -> in.skip();
            }
        }
        if (module < 0 || what == null || image == null) {
            throw in.invalid("lacks a part");
        }
        return new Row(module, what, image);
    }

    private static What what(JsonIn in) throws IOException {
        return switch (in.text()) {
            case "unwind" -> What.UNWIND;
            case "symbols" -> What.SYMBOLS;
            case null, default -> throw in.invalid("must be \"unwind\" or \"symbols\"");
        };
    }

    private static Failed failed(JsonIn in) throws IOException {
        String code = "";
        String message = "";
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            String text = in.scalar();
            if (name.equals("code") && text != null) {
                code = text;
            } else if (name.equals("message") && text != null) {
                message = text;
            }
        }
        return new Failed(code, message);
    }
}
