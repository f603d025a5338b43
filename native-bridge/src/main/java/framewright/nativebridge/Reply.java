package framewright.nativebridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** The only reader of native memory: takes an answer, frees it, and tells failures from bugs. */
final class Reply {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] EMPTY = {};

    private Reply() {}

    /** The bytes of an answer. */
    static NativeResult<byte[]> bytes(long[] out) {
        NativeStatus status = NativeStatus.of(out[0]);
        byte[] body = take(out);
        return status == NativeStatus.OK ? new NativeResult.Ok<>(body) : refused(status, body);
    }

    /**
     * An answer that tells the size of its memory in {@code out[3]}, read where it is.
     *
     * @param reader gets the memory, which does not outlive the call
     */
    static <T> NativeResult<T> inPlace(long[] out, Function<ByteBuffer, T> reader) {
        NativeStatus status = NativeStatus.of(out[0]);
        try {
            Pointer memory = new Pointer(out[1]);
            int length = Math.toIntExact(out[2]);
            return status == NativeStatus.OK
                    ? new NativeResult.Ok<>(reader.apply(memory.getByteBuffer(0, length)))
                    : refused(status, memory.getByteArray(0, length));
        } finally {
            Signatures.fw_give_back(out[1], out[2], out[3]);
        }
    }

    private static <T> NativeResult<T> refused(NativeStatus status, byte[] body) {
        NativeFailure failure = failure(status, body);
        if (status.isBug()) {
            throw new NativeException(status, failure.code() + ": " + failure.describe());
        }
        return new NativeResult.Failed<>(failure);
    }

    /** The JSON of an answer, read by {@code reader}. */
    static <T> NativeResult<T> json(long[] out, Function<JsonNode, T> reader) {
        return bytes(out).map(body -> reader.apply(parse(body, 0, body.length)));
    }

    private static byte[] take(long[] out) {
        if (out[1] == 0) {
            return EMPTY;
        }
        try {
            return new Pointer(out[1]).getByteArray(0, Math.toIntExact(out[2]));
        } finally {
            Signatures.fw_free(out[1], out[2]);
        }
    }

    private static NativeFailure failure(NativeStatus status, byte[] body) {
        JsonNode node = parse(body, 0, body.length);
        return new NativeFailure(
                status,
                node.path("code").asText("unknown"),
                node.path("message").asText(""),
                node.path("section").asText(null),
                node.path("offset").asLong(-1),
                node.path("remedy").asText(null));
    }

    static JsonNode parse(byte[] body, int offset, int length) {
        try {
            return JSON.readTree(body, offset, length);
        } catch (IOException e) {
            throw new NativeException(NativeStatus.PANIC, "the native library sent no JSON: " + e.getMessage());
        }
    }
}
