package framewright.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

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

    private final boolean allowReserved;
    private final Names names;

    EgressGuard(boolean allowReserved, Names names) {
        this.allowReserved = allowReserved;
        this.names = names;
    }

    /** The addresses of a host that may be connected to, at least one. */
    InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress literal = Addresses.literal(host);
        InetAddress[] all = literal == null ? names.resolve(host) : new InetAddress[] {literal};
        if (allowReserved) {
            return all;
        }
        InetAddress[] allowed = Arrays.stream(all)
                .filter(address -> !Addresses.isReserved(address))
                .toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            throw new RestrictedException(host, all[0]);
        }
        return allowed;
    }

    /** Whether the host is written as an address, and one that may not be connected to. */
    boolean refusesAddress(String host) {
        InetAddress literal = Addresses.literal(host);
        return literal != null && !allowReserved && Addresses.isReserved(literal);
    }
}
