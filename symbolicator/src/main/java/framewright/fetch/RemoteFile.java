package framewright.fetch;

import framewright.api.Outcome;
import framewright.api.Outcome.Failure;
import framewright.telemetry.Effort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One file at one source, before anyone knows whether it is there. */
public sealed interface RemoteFile {
    /** Id of the source. */
    String source();

    /** Where it is, as candidates show it. */
    String location();

    /** What tells it from all other files of the same source id; part of cache keys. */
    default String identity() {
        return location();
    }

    /** What it takes to get it; null: little, since it is on this machine. */
    default Effort.@Nullable Step effort() {
        return this instanceof Web ? Effort.Step.DOWNLOAD : null;
    }

    /** Whose word is taken for where a request may go. */
    enum Trust {
        /** Addresses outside the public internet only where the settings allow them. */
        RESTRICTED,
        /** Any address, of the host that the settings name; elsewhere, whither others lead, as the other. */
        TRUSTED
    }

    /**
     * What is sent for a file.
     *
     * @param headers may hold secrets; they stay with the host that they are meant for
     * @param form body of a POST, {@code application/x-www-form-urlencoded}; null: GET
     * @param led whether the other side has chosen the host, so that the source's trust does not reach so far
     */
    record WebRequest(
            WebUrl url,
            Map<String, String> headers,
            @Nullable String form,
            boolean led) {
        public WebRequest {
            headers = Map.copyOf(headers);
        }

        public WebRequest(WebUrl url, Map<String, String> headers, @Nullable String form) {
            this(url, headers, form, false);
        }

        /** Where this one's answer sends it; what is secret stays behind where it must. */
        public WebRequest sentTo(WebUrl target) {
            boolean elsewhere = led || !url.host().equals(target.host());
            return new WebRequest(target, url.mayShareSecretsWith(target) ? headers : Map.of(), null, elsewhere);
        }

        public static WebRequest get(WebUrl url, Map<String, String> headers) {
            return new WebRequest(url, headers, null);
        }
    }

    /** Prepares the request at the moment of sending: signatures expire, tokens are fetched. */
    @FunctionalInterface
    interface Signer {
        Outcome<WebRequest> sign() throws InterruptedException;
    }

    /**
     * What a source allows its files, where that is less than what the settings allow all.
     *
     * @param maxBytes a larger file is malformed
     * @param maxTime for a whole download with its retries; null: as for all
     */
    record Limits(long maxBytes, @Nullable Duration maxTime) {
        public static final Limits NONE = new Limits(Long.MAX_VALUE, null);
    }

    /**
     * @param acceptInvalidCerts whether any certificate will do
     * @param deniable whether the host is left alone for a while after too many failures
     */
    record Web(
            String source,
            String location,
            String identity,
            Signer signer,
            Trust trust,
            boolean acceptInvalidCerts,
            boolean deniable,
            Transport transport,
            Limits limits)
            implements RemoteFile {
        /** One that is reached like any other, within the limits of all. */
        public Web(
                String source,
                String location,
                String identity,
                Signer signer,
                Trust trust,
                boolean acceptInvalidCerts,
                boolean deniable) {
            this(
                    source,
                    location,
                    identity,
                    signer,
                    trust,
                    acceptInvalidCerts,
                    deniable,
                    Transport.DIRECT,
                    Limits.NONE);
        }

        /** The same, asked for in another way. */
        public Web signedBy(Signer other) {
            return new Web(source, location, identity, other, trust, acceptInvalidCerts, deniable, transport, limits);
        }
    }

    /**
     * A file of this machine.
     *
     * @param constant whether nobody ever changes its bytes, so that they need not be copied
     */
    record Local(String source, String location, String identity, Path path, boolean constant) implements RemoteFile {
        /** One that is known by where it is, and that may be overwritten. */
        public Local(String source, String location, Path path) {
            this(source, location, location, path, false);
        }
    }

    /** A file that cannot be asked for, because of how the source is set up. */
    record Unusable(String source, String location, Failure failure) implements RemoteFile {
        /** What it is refused for may be another thing the next time. */
        @Override
        public String identity() {
            return location + ": " + failure.describe();
        }
    }
}
