package framewright.api;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/**
 * A text that is sent many times: quoted and encoded once, then copied. Names and paths of a lookup table live as
 * long as the table and go into every answer.
 */
public final class JsonText {
    /** Objects and array headers around the characters and the encoded bytes. */
    private static final int OVERHEAD = 120;

    private final SerializedString text;

    private JsonText(String value) {
        this.text = new SerializedString(value);
    }

    public static JsonText of(String value) {
        JsonText text = new JsonText(value);
        text.text.asQuotedUTF8();
        return text;
    }

    public static @Nullable JsonText ofNullable(@Nullable String value) {
        return value == null ? null : of(value);
    }

    public String value() {
        return text.getValue();
    }

    /** Roughly the memory that this text holds. */
    public int bytes() {
        return OVERHEAD + text.charLength() + text.asQuotedUTF8().length;
    }

    SerializableString json() {
        return text;
    }

    @Override
    public String toString() {
        return text.getValue();
    }
}
