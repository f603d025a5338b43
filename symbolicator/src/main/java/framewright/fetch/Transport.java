package framewright.fetch;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server that is not reached like any other. Part of what tells connections apart, so that only the
 * server's settings may choose it: each one has a client of its own.
 *
 * @param roots certificates to trust beside the public ones
 * @param proxy http address, perhaps with user and password; it may be inside the own network
 */
public record Transport(
        List<X509Certificate> roots, @Nullable WebUrl proxy) {
    public static final Transport DIRECT = new Transport(List.of(), null);

    public Transport {
        roots = List.copyOf(roots);
    }
}
