package framewright.store;

import java.time.Instant;
import java.util.Map;

/**
 * A single file of a release, as old clients send them.
 *
 * @param dist empty: for none in particular
 * @param name the address that it was uploaded under, {@code ~/app.js}
 * @param headers by lower-case name
 */
public record ReleaseFile(
        long id,
        String dist,
        String name,
        Map<String, String> headers,
        Digest digest,
        String sha1,
        long size,
        Instant created) {}
