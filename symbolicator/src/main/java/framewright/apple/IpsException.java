package framewright.apple;

import framewright.api.JsonIn;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What ended the process. */
record IpsException(
        @Nullable String type,
        @Nullable String signal,
        @Nullable String message,
        @Nullable String subtype,
        @Nullable String codes) {
    /** Null where the value is none. */
    static @Nullable IpsException read(JsonIn in) throws IOException {
        if (!in.isObject()) {
            in.skip();
            return null;
        }
        String type = null;
        String signal = null;
        String message = null;
        String subtype = null;
        String codes = null;
        String field;
        while ((field = in.nextField()) != null) {
            switch (field) {
                case "type" -> type = in.scalar();
                case "signal" -> signal = in.scalar();
                case "message" -> message = in.scalar();
                case "subtype" -> subtype = in.scalar();
                case "codes" -> codes = in.scalar();
                default -> in.skip();
            }
        }
        return new IpsException(type, signal, message, subtype, codes);
    }

    /** As the text form has it: {@code EXC_BAD_ACCESS (SIGSEGV)}. */
    @Nullable
    String reason() {
        if (type == null) {
            return signal;
        }
        return signal == null ? type : type + " (" + signal + ")";
    }

    @Nullable
    String details() {
        if (message != null) {
            return message;
        }
        return subtype == null ? codes : subtype;
    }
}
