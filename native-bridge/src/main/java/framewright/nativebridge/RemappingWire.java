package framewright.nativebridge;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import framewright.nativebridge.Remapping.Answer;
import framewright.nativebridge.Remapping.Frame;
import framewright.nativebridge.Remapping.Question;
import framewright.nativebridge.Remapping.RemappedFrame;
import framewright.nativebridge.Remapping.RemappedStack;
import framewright.nativebridge.Remapping.Stack;
import framewright.nativebridge.RemappingParts.Part;
import framewright.nativebridge.RemappingParts.Spent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@link Remapping} on its way through the bridge. The question: JSON, then the texts, each as UTF-8 after
 * its length as a little-endian int. The answer: the texts, JSON, and its length as such an int; how long the texts are
 * is in the JSON.
 */
final class RemappingWire {
    private RemappingWire() {}

    /**
     * Writes a part of a question and tells how many bytes that took; -1 where it would take more than {@code maxBytes}.
     *
     * @param spent by the parts before
     */
    static int write(Question question, Spent spent, NativeRoom room, int maxBytes) {
        List<byte[]> parts = new ArrayList<>(1 + question.texts().size());
        parts.add(json(question, spent));
        question.texts().forEach(text -> parts.add(text.getBytes(StandardCharsets.UTF_8)));
        long bytes =
                parts.stream().mapToLong(part -> Integer.BYTES + part.length).sum();
        if (bytes > maxBytes) {
            return -1;
        }
        ByteBuffer out = room.of((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        parts.forEach(part -> out.putInt(part.length).put(part));
        return (int) bytes;
    }

    private static byte[] json(Question question, Spent spent) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = Reply.JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeObjectFieldStart("spent");
            out.writeNumberField("frames", spent.frames());
            out.writeNumberField("bytes", spent.bytes());
            out.writeEndObject();
            out.writeNumberField("spent_micros", spent.micros());
            classes(out, question.classes());
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

    private static void classes(JsonGenerator out, List<String> classes) throws IOException {
        out.writeArrayFieldStart("classes");
        for (String type : classes) {
            out.writeString(type);
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

    static Part read(ByteBuffer reply) {
        reply.order(ByteOrder.LITTLE_ENDIAN);
        int end = reply.limit() - Integer.BYTES;
        byte[] json = new byte[reply.getInt(end)];
        reply.get(end - json.length, json);
        JsonNode node = Reply.parse(json, 0, json.length);
        List<String> texts = new ArrayList<>(node.path("text_bytes").size());
        byte[] text = {};
        for (JsonNode bytes : node.path("text_bytes")) {
            int length = bytes.asInt();
            if (length > text.length) {
                text = new byte[2 * length];
            }
            reply.get(text, 0, length);
            texts.add(new String(text, 0, length, StandardCharsets.UTF_8));
        }
        Answer answer = new Answer(
                list(node.path("classes"), RemappingWire::textOrNull),
                list(node.path("stacks"), RemappingWire::stack),
                texts,
                list(node.path("map_ids"), JsonNode::asText),
                list(node.path("used"), JsonNode::asInt));
        JsonNode spent = node.path("spent");
        return new Part(
                answer, spent.path("frames").asLong(), spent.path("bytes").asLong());
    }

    private static RemappedStack stack(JsonNode stack) {
        return new RemappedStack(
                list(stack.path("frames"), RemappingWire::frame),
                list(stack.path("counts"), JsonNode::asInt),
                list(stack.path("signatures"), RemappingWire::textOrNull));
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
