package framewright.apple;

import framewright.api.HexValue;
import framewright.api.JsonIn;
import java.io.IOException;

/** Numbers of {@code .ips} files. */
final class IpsNumber {
    private IpsNumber() {}

    /** An unsigned 64-bit number; 0 for what is none. */
    static long of(JsonIn in) throws IOException {
        String text = in.scalar();
        try {
            return text == null ? 0 : HexValue.parse(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
