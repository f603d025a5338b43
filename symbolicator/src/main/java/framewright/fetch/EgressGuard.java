package framewright.fetch;

import framewright.config.EgressAllow;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Keeps downloads from addresses that are not of the public internet: who sends a crash may name any host as a
 * source, and a public name may lead anywhere. What was let through is what is connected to, so that a name cannot
 * mean something else a moment later.
 */
final class EgressGuard {
    /** Turns names into addresses; the system's resolver, or a test's. */
    @FunctionalInterface
    interface Names {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** The host has addresses, none of which may be connected to. */
    static final class RestrictedException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        private final String address;

        RestrictedException(String host, InetAddress address) {
            super(host + " is restricted");
            this.address = address.getHostAddress();
        }

        /** One of them. */
        String address() {
            return address;
        }
    }

    /** What {@code localhost} means, whatever a name server says (RFC 6761). */
    private static final InetAddress[] LOOPBACK = {InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")};

    private final boolean allowReserved;
    private final EgressAllow allow;
    private final Names names;

    /** @param allow what may be connected to although it is reserved */
    EgressGuard(boolean allowReserved, EgressAllow allow, Names names) {
        this.allowReserved = allowReserved;
        this.allow = allow;
        this.names = names;
    }

    /** The addresses of a host that may be connected to, at least one. */
    InetAddress[] resolve(String host) throws UnknownHostException {
        if (refusesAddress(host)) {
            throw new RestrictedException(host, written(host)[0]);
        }
        InetAddress literal = Addresses.literal(host);
        InetAddress[] all = literal == null ? names.resolve(host) : new InetAddress[] {literal};
        InetAddress[] allowed =
                Arrays.stream(all).filter(address -> allows(host, address)).toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            throw new RestrictedException(host, all[0]);
        }
        return allowed;
    }

    /** Whether the host says by itself where it is, and that may not be connected to. */
    boolean refusesAddress(String host) {
        InetAddress[] written = written(host);
        return written.length > 0 && Arrays.stream(written).noneMatch(address -> allows(host, address));
    }

    /** The addresses of a host that needs no resolver; none where it does. */
    private static InetAddress[] written(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (bare.equals("localhost") || bare.endsWith(".localhost")) {
            return LOOPBACK.clone();
        }
        InetAddress literal = Addresses.literal(host);
        return literal == null ? new InetAddress[0] : new InetAddress[] {literal};
    }

    private boolean allows(String host, InetAddress address) {
        return allowReserved || !Addresses.isReserved(address) || allow.allows(host, address);
    }
}
