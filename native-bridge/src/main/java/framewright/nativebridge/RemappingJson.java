package framewright.nativebridge;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import framewright.nativebridge.Remapping.Answer;
import framewright.nativebridge.Remapping.Frame;
import framewright.nativebridge.Remapping.Question;
import framewright.nativebridge.Remapping.RemappedFrame;
import framewright.nativebridge.Remapping.RemappedStack;
import framewright.nativebridge.Remapping.Stack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The form of {@link Remapping} on its way through the bridge. */
final class RemappingJson {
    private RemappingJson() {}

    static byte[] write(Question question) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = Reply.JSON.createGenerator(bytes)) {
            out.writeStartObject();
            texts(out, "classes", question.classes());
            texts(out, "texts", question.texts());
            out.writeArrayFieldStart("stacks");
            for (Stack stack : question.stacks()) {
                stack(out, stack);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void texts(JsonGenerator out, String name, List<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private static void stack(JsonGenerator out, Stack stack) throws IOException {
        out.writeStartObject();
        out.writeStringField("exception", stack.exception());
        out.writeArrayFieldStart("frames");
        for (Frame frame : stack.frames()) {
            out.writeStartArray();
            out.writeString(frame.type());
            out.writeString(frame.method());
            if (frame.line() < 0) {
                out.writeNull();
            } else {
                out.writeNumber(frame.line());
            }
            out.writeString(frame.signature());
            out.writeEndArray();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    static Answer read(JsonNode node) {
        return new Answer(
                list(node.path("classes"), RemappingJson::textOrNull),
                list(node.path("stacks"), RemappingJson::stack),
                list(node.path("texts"), JsonNode::asText),
                list(node.path("map_ids"), JsonNode::asText),
                list(node.path("used"), JsonNode::asInt));
    }

    private static RemappedStack stack(JsonNode stack) {
        return new RemappedStack(
                list(stack.path("frames"), RemappingJson::frame),
                list(stack.path("counts"), JsonNode::asInt),
                list(stack.path("signatures"), RemappingJson::textOrNull));
    }

    private static RemappedFrame frame(JsonNode frame) {
        return new RemappedFrame(
                frame.path(0).asText(),
                frame.path(1).asText(),
                frame.path(2).asLong(Remapping.NO_LINE),
                textOrNull(frame.path(3)),
                frame.path(4).asBoolean());
    }

    private static @Nullable String textOrNull(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    private static <T extends @Nullable Object> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
        List<T> list = new ArrayList<>(array.size());
        array.forEach(node -> list.add(reader.apply(node)));
        return list;
    }
}
