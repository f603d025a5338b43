package framewright.cache;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.config.CacheSettings.Lifetimes;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A remembered failure.
 *
 * <p>As a file: lines of {@code failure 1}, the failure's code, when it happened (milliseconds since 1970), for whom
 * (PUBLIC or PRIVATE), the number of bytes of details; then the details. Such a file is not synced: after a crash it
 * may be cut short or empty, which {@link #parse} tells.
 */
record NegativeEntry(Failure failure, Instant created, Retention retention) {
    private static final String MAGIC = "failure 1";

    /** So that the file stays within one block. */
    private static final int MAX_DETAILS = 3000;

    byte[] format() {
        String details = details(failure);
        int cut = Math.min(details.length(), MAX_DETAILS / 3);
        byte[] bytes = details.substring(0, cut).getBytes(StandardCharsets.UTF_8);
        String head = String.join(
                "\n", MAGIC, failure.code(), Long.toString(created.toEpochMilli()), retention.name(), bytes.length + "\n");
        byte[] headBytes = head.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[headBytes.length + bytes.length];
        System.arraycopy(headBytes, 0, all, 0, headBytes.length);
        System.arraycopy(bytes, 0, all, headBytes.length, bytes.length);
        return all;
    }

    /** Null where the bytes are not a whole entry. */
    static @Nullable NegativeEntry parse(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\n", 6);
        if (parts.length != 6 || !parts[0].equals(MAGIC)) {
            return null;
        }
        try {
            int length = Integer.parseInt(parts[4]);
            Failure failure = failure(parts[1], parts[5]);
            if (failure == null || parts[5].getBytes(StandardCharsets.UTF_8).length != length) {
                return null;
            }
            Instant created = Instant.ofEpochMilli(Long.parseLong(parts[2]));
            return new NegativeEntry(failure, created, Retention.valueOf(parts[3]));
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    /** When it is forgotten; null: never. */
    @Nullable Instant until(Lifetimes lifetimes) {
        Duration lifetime = lifetime(failure, retention, lifetimes);
        return lifetime == null ? null : created.plus(lifetime);
    }

    boolean isMalformed() {
        return failure instanceof Malformed;
    }

    /** How long such a failure is remembered; null: for ever. */
    static @Nullable Duration lifetime(Failure failure, Retention retention, Lifetimes lifetimes) {
        if (failure instanceof Malformed) {
            return lifetimes.retryMalformedAfter();
        }
        return retention == Retention.PUBLIC ? lifetimes.retryMissesAfterPublic() : lifetimes.retryMissesAfter();
    }

    private static String details(Failure failure) {
        return switch (failure) {
            case Missing() -> "";
            case Denied(String details) -> details;
            case TimedOut(Duration limit) -> limit.toString();
            case Unreachable(String details) -> details;
            case Malformed(String details) -> details;
            case Unsupported(String details) -> details;
        };
    }

    private static @Nullable Failure failure(String code, String details) {
        return switch (code) {
            case "not_found" -> new Missing();
            case "permission_denied" -> new Denied(details);
            case "timeout" -> new TimedOut(Duration.parse(details));
            case "download_failed" -> new Unreachable(details);
            case "malformed" -> new Malformed(details);
            case "unsupported" -> new Unsupported(details);
            default -> null;
        };
    }
}
