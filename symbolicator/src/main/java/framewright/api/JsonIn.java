package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON token by token and says where something is not as agreed, by an {@link InvalidRequestException}; what is
 * no JSON is a {@link MalformedJsonException}. Every method that reads a value looks at the
 * token that {@link #nextField} or {@link #nextElement} stopped at, and leaves its last token current.
 */
public final class JsonIn {
    private static final long MAX_U32 = 0xFFFF_FFFFL;
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final JsonParser parser;

    private JsonIn(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads the value that a document consists of. */
    @FunctionalInterface
    public interface Reader<T extends @Nullable Object> {
        T read(JsonIn in) throws IOException;
    }

    /**
     * Reads a whole document.
     *
     * @throws MalformedJsonException where it is no JSON, or more than one value
     * @throws InvalidRequestException where it is JSON of another form
     * @throws UncheckedIOException where the stream fails
     */
    public static <T extends @Nullable Object> T document(InputStream body, Reader<T> reader) {
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() == null) {
                throw new MalformedJsonException("the body is empty", 0, 0);
            }
            T value = reader.read(new JsonIn(parser));
            if (parser.nextToken() != null) {
                JsonLocation place = parser.currentTokenLocation();
                throw new MalformedJsonException("more after the end", place.getLineNr(), place.getColumnNr());
            }
            return value;
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new MalformedJsonException(
                    e.getOriginalMessage(),
                    place == null ? 0 : place.getLineNr(),
                    place == null ? 0 : place.getColumnNr());
        } catch (CharConversionException e) {
            throw new MalformedJsonException("not UTF-8: " + e.getMessage(), 0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves to the value of the next field of the current object; null at its end. */
    public @Nullable String nextField() throws IOException {
        String name = parser.nextFieldName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    /** Moves to the next element of the current array; false at its end. */
    public boolean nextElement() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    public void object() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("must be an object");
        }
    }

    /** Whether an array starts here; null counts as none. */
    public boolean array() {
        return switch (parser.currentToken()) {
            case START_ARRAY -> true;
            case VALUE_NULL -> false;
            default -> throw invalid("must be an array");
        };
    }

    public boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Passes over a value of any shape. */
    public void skip() throws IOException {
        parser.skipChildren();
    }

    public @Nullable String text() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> wellFormed(parser.getText());
            case VALUE_NULL -> null;
            default -> throw invalid("must be a string");
        };
    }

    public @Nullable Boolean flag() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw invalid("must be true or false");
        };
    }

    public boolean flag(boolean ifNull) {
        Boolean value = flag();
        return value == null ? ifNull : value;
    }

    /** An unsigned 32-bit number; -1 for null. */
    public long u32() throws IOException {
        if (isNull()) {
            return -1;
        }
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            if (value >= 0 && value <= MAX_U32) {
                return value;
            }
        }
        throw invalid("must be a whole number from 0 to 4294967295");
    }

    /** An unsigned 64-bit number. */
    public @Nullable Long u64() throws IOException {
        return isNull() ? null : number();
    }

    /** A number, hexadecimal text or decimal text of up to 64 bits. */
    public long hex() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return number();
        }
        try {
            return HexValue.parse(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } catch (NumberFormatException e) {
            throw invalid("must be a 64-bit number, as 4096, \"4096\" or \"0x1000\"");
        }
    }

    private long number() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                long value = parser.getLongValue();
                if (value >= 0) {
                    return value;
                }
            } else {
                BigInteger value = parser.getBigIntegerValue();
                if (value.signum() >= 0 && value.compareTo(MAX_U64) <= 0) {
                    return value.longValue();
                }
            }
        }
        throw invalid("must be a whole number of up to 64 bits");
    }

    List<String> texts() throws IOException {
        if (!array()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        while (nextElement()) {
            String text = text();
            if (text == null) {
                throw invalid("must be a string");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** An object of strings; null for null. */
    @Nullable
    Map<String, String> textsByName() throws IOException {
        if (isNull()) {
            return null;
        }
        object();
        Map<String, String> texts = new TreeMap<>();
        String name;
        while ((name = nextField()) != null) {
            String text = text();
            if (text == null) {
                throw invalid("must be a string");
            }
            texts.put(wellFormed(name), text);
        }
        return texts;
    }

    /** Whether an object starts here. */
    public boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    /** Whether an array starts here. */
    public boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /** A text, number or truth value as text; null for everything else, which is passed over. */
    public @Nullable String scalar() throws IOException {
        JsonToken token = parser.currentToken();
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            return wellFormed(parser.getText());
        }
        skip();
        return null;
    }

    /** A value of any shape, written anew. */
    public String json() throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        try (JsonGenerator out = Json.generator(copy)) {
            out.copyCurrentStructure(parser);
        }
        return copy.toString(StandardCharsets.UTF_8);
    }

    /** A value of any shape as a tree; for small parts of a body. */
    JsonNode tree() throws IOException {
        return Json.TREES.readTree(parser);
    }

    public InvalidRequestException invalid(String problem) {
        return new InvalidRequestException(path(), problem);
    }

    /** The object that has just ended lacks a field. */
    public InvalidRequestException missing(String name) {
        return new InvalidRequestException(path() + "." + name, "is required");
    }

    /** Where the parser stands, as {@code $.modules[2].type}. */
    String path() {
        StringBuilder path = new StringBuilder("$");
        append(path, parser.getParsingContext());
        return path.toString();
    }

    private static void append(StringBuilder path, JsonStreamContext context) {
        if (context.getParent() != null) {
            append(path, context.getParent());
        }
        if (context.inArray() && context.hasCurrentIndex()) {
            path.append('[').append(context.getCurrentIndex()).append(']');
        } else if (context.inObject() && context.hasCurrentName()) {
            path.append('.').append(context.getCurrentName());
        }
    }

    /** The text, unless it could not be sent back. */
    String wellFormed(String text) {
        if (!Surrogates.paired(text)) {
            JsonLocation place = parser.currentLocation();
            throw new MalformedJsonException("half a surrogate pair", place.getLineNr(), place.getColumnNr());
        }
        return text;
    }
}
