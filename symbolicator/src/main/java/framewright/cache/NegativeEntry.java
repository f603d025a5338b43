package framewright.cache;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.CacheSettings.Retries;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A remembered failure.
 *
 * @param id what could not be had
 * @param created when that was
 * @param retention for whom
 */
record NegativeEntry(CacheId id, Failure failure, Instant created, Retention retention) {
    /** Longest sentence that is kept, in characters; the rest is cut off. */
    private static final int MAX_DETAILS = 1000;

    private static final String REVOKED = "\u0000revoked";

    /** Before an address, which no sentence holds. */
    private static final String MARK = "\u0000address ";

    /** Bytes of all but the texts. */
    private static final int FIXED = 3 * Short.BYTES + Integer.BYTES + 5 * Long.BYTES + 1;

    /** A record that takes the earlier one back: what could not be had then may be there now. */
    NegativeEntry revocation() {
        return new NegativeEntry(id, new Unsupported(REVOKED), created, retention);
    }

    boolean isRevocation() {
        return failure.equals(new Unsupported(REVOKED));
    }

    /** When it is forgotten; null: never. */
    @Nullable
    Instant until(Lifetimes lifetimes, Retries retries) {
        Duration longest = FailureClass.of(failure).lifetime(retention, lifetimes, retries);
        return longest == null ? null : created.plus(FailureClass.jittered(longest, id.digest()));
    }

    /** As {@link #parse} reads it: numbers in big endian, texts after their length in two bytes. */
    byte[] format() {
        String details = details(failure);
        byte[] folder = id.kind().folder().getBytes(StandardCharsets.UTF_8);
        byte[] code = failure.code().getBytes(StandardCharsets.UTF_8);
        byte[] shown =
                details.substring(0, Math.min(details.length(), MAX_DETAILS)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED + folder.length + code.length + shown.length)
                .putShort((short) folder.length)
                .put(folder)
                .putInt(id.kind().version());
        id.digest().write(out);
        return out.putLong(created.toEpochMilli())
                .put((byte) (retention == Retention.PUBLIC ? 1 : 0))
                .putShort((short) code.length)
                .put(code)
                .putShort((short) shown.length)
                .put(shown)
                .array();
    }

    /** Null where the bytes are no entry, or one of a kind or version that is no more. */
    static @Nullable NegativeEntry parse(ByteBuffer in) {
        try {
            CacheKind kind = CacheKind.of(text(in), in.getInt());
            Digest digest = Digest.read(in);
            Instant created = Instant.ofEpochMilli(in.getLong());
            Retention retention = in.get() == 0 ? Retention.PRIVATE : Retention.PUBLIC;
            Failure failure = failure(text(in), text(in));
            return kind == null || failure == null || in.hasRemaining()
                    ? null
                    : new NegativeEntry(new CacheId(kind, digest), failure, created, retention);
        } catch (BufferUnderflowException | DateTimeException e) {
            return null;
        }
    }

    private static String text(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String details(Failure failure) {
        return switch (failure) {
            case Missing(String details) -> details;
            case Denied(String details) -> details;
            case TimedOut(Duration limit) -> limit.toString();
            case Unreachable(String details, String address) -> address.isEmpty() ? details : details + MARK + address;
            case Malformed(String details) -> details;
            case Unsupported(String details) -> details;
        };
    }

    private static Failure unreachable(String details) {
        int mark = details.lastIndexOf(MARK);
        return mark < 0
                ? new Unreachable(details)
                : new Unreachable(details.substring(0, mark), details.substring(mark + MARK.length()));
    }

    private static @Nullable Failure failure(String code, String details) {
        return switch (code) {
            case "not_found" -> new Missing(details);
            case "permission_denied" -> new Denied(details);
            case "timeout" -> new TimedOut(Duration.parse(details));
            case "download_failed" -> unreachable(details);
            case "malformed" -> new Malformed(details);
            case "unsupported" -> new Unsupported(details);
            default -> null;
        };
    }
}
