package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * What is to be resolved.
 *
 * @param content where it is
 * @param request what else is asked, a JSON object: of crash files the fields of the form, of a stack those of the
 *     platform's request; {@code {}} where the content says all
 * @param platform of a stack as text: {@code javascript}, {@code java} or {@code dart}; null for all else
 */
public record EventPayload(
        Content content, String request, @Nullable String platform) {
    /** Where it is. */
    public sealed interface Content {}

    /** In the message. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    public record Inline(byte[] bytes) implements Content {}

    /**
     * Elsewhere, since it is more than a broker takes.
     *
     * @param url http or https; file, s3 or gs where the settings allow it
     * @param token sent as a bearer token to the host of the address; null: none
     */
    public record Reference(String url, @Nullable String token) implements Content {
        /** Without the address and the token, which are secrets. */
        @Override
        public String toString() {
            return "Reference";
        }
    }
}
