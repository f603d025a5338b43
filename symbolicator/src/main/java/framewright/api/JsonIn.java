package framewright.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON token by token and says where something is not as agreed. Every method that reads a value looks at the
 * token that {@link #nextField} or {@link #nextElement} stopped at, and leaves its last token current.
 */
final class JsonIn {
    private static final long MAX_U32 = 0xFFFF_FFFFL;
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final JsonParser parser;

    JsonIn(JsonParser parser) {
        this.parser = parser;
    }

    /** Moves to the value of the next field of the current object; null at its end. */
    @Nullable
    String nextField() throws IOException {
        String name = parser.nextFieldName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    /** Moves to the next element of the current array; false at its end. */
    boolean nextElement() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    void object() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("must be an object");
        }
    }

    /** Whether an array starts here; null counts as none. */
    boolean array() {
        return switch (parser.currentToken()) {
            case START_ARRAY -> true;
            case VALUE_NULL -> false;
            default -> throw invalid("must be an array");
        };
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** Passes over a value of any shape. */
    void skip() throws IOException {
        parser.skipChildren();
    }

    @Nullable
    String text() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> wellFormed(parser.getText());
            case VALUE_NULL -> null;
            default -> throw invalid("must be a string");
        };
    }

    @Nullable
    Boolean flag() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw invalid("must be true or false");
        };
    }

    boolean flag(boolean ifNull) {
        Boolean value = flag();
        return value == null ? ifNull : value;
    }

    /** An unsigned 32-bit number; -1 for null. */
    long u32() throws IOException {
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
    @Nullable
    Long u64() throws IOException {
        return isNull() ? null : number();
    }

    /** A number, hexadecimal text or decimal text of up to 64 bits. */
    long hex() throws IOException {
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

    /** A value of any shape as a tree; for small parts of a body. */
    JsonNode tree() throws IOException {
        return Json.TREES.readTree(parser);
    }

    InvalidRequestException invalid(String problem) {
        return new InvalidRequestException(path(), problem);
    }

    /** The object that has just ended lacks a field. */
    InvalidRequestException missing(String name) {
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
