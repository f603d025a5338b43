package framewright.nativebridge;

import org.jspecify.annotations.Nullable;

/**
 * Why a file could not be used.
 *
 * @param status the class of the failure
 * @param code stable snake_case name, for metrics and answers
 * @param message a sentence for a person
 * @param section the section or stream of the file, where known
 * @param offset byte offset within the file or section, -1 where unknown
 * @param remedy what to do about it, where something can be done
 */
public record NativeFailure(
        NativeStatus status,
        String code,
        String message,
        @Nullable String section,
        long offset,
        @Nullable String remedy) {

    /** The message with the place. */
    public String describe() {
        StringBuilder text = new StringBuilder(message);
        if (section != null) {
            text.append(" (section ").append(section);
            if (offset >= 0) {
                text.append(", offset ").append(offset);
            }
            text.append(')');
        } else if (offset >= 0) {
            text.append(" (offset ").append(offset).append(')');
        }
        return text.toString();
    }
}
