package framewright.cache;

import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.TimedOut;
import framewright.api.Outcome.Unreachable;
import framewright.api.Outcome.Unsupported;
import framewright.config.CacheSettings.Lifetimes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** When it is forgotten; null: never. */
    @Nullable Instant until(Lifetimes lifetimes) {
        Duration lifetime = lifetime(failure, retention, lifetimes);
        return lifetime == null ? null : created.plus(lifetime);
    }

    /** How long such a failure is remembered; null: for ever. */
    static @Nullable Duration lifetime(Failure failure, Retention retention, Lifetimes lifetimes) {
        if (failure instanceof Malformed) {
            return lifetimes.retryMalformedAfter();
        }
        return retention == Retention.PUBLIC ? lifetimes.retryMissesAfterPublic() : lifetimes.retryMissesAfter();
    }

    /** As {@link #parse} reads it. */
    byte[] format() {
        String details = details(failure);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(id.kind().folder());
            out.writeInt(id.kind().version());
            out.writeLong(id.digest().a());
            out.writeLong(id.digest().b());
            out.writeLong(id.digest().c());
            out.writeLong(id.digest().d());
            out.writeLong(created.toEpochMilli());
            out.writeBoolean(retention == Retention.PUBLIC);
            out.writeUTF(failure.code());
            out.writeUTF(details.substring(0, Math.min(details.length(), MAX_DETAILS)));
        } catch (IOException e) {
            throw new UncheckedIOException("memory is no disk", e);
        }
        return bytes.toByteArray();
    }

    /** Null where the bytes are no entry, or one of a kind or version that is no more. */
    static @Nullable NegativeEntry parse(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            CacheKind kind = CacheKind.of(in.readUTF(), in.readInt());
            Digest digest = new Digest(in.readLong(), in.readLong(), in.readLong(), in.readLong());
            Instant created = Instant.ofEpochMilli(in.readLong());
            Retention retention = in.readBoolean() ? Retention.PUBLIC : Retention.PRIVATE;
            Failure failure = failure(in.readUTF(), in.readUTF());
            return kind == null || failure == null || in.available() > 0
                    ? null
                    : new NegativeEntry(new CacheId(kind, digest), failure, created, retention);
        } catch (IOException | DateTimeException e) {
            return null;
        }
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
