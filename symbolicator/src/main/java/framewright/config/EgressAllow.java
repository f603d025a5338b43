package framewright.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Private and reserved places that anyone's sources may lead to ({@code egress_allow}).
 *
 * @param networks addresses, whatever name led there
 * @param hosts names in lower case without a dot at the end, wherever they lead: whoever answers for the name decides
 */
public record EgressAllow(List<Network> networks, Set<String> hosts) {
    public static final EgressAllow NOTHING = new EgressAllow(List.of(), Set.of());

    private static final int MAX_NAME = 253;

    public EgressAllow {
        networks = List.copyOf(networks);
        hosts = Set.copyOf(hosts);
    }

    /**
     * Addresses that begin alike.
     *
     * @param first any address of it
     * @param prefix bits that all have in common
     */
    public record Network(InetAddress first, int prefix) {
        boolean contains(InetAddress address) {
            byte[] one = first.getAddress();
            byte[] other = address.getAddress();
            if (one.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> bit % 8;
                if (((one[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads addresses, networks ({@code 10.0.0.0/8}) and host names.
     *
     * @throws IllegalArgumentException where an entry is none of these
     */
    public static EgressAllow parse(List<String> entries) {
        List<Network> networks = new ArrayList<>();
        Set<String> hosts = new TreeSet<>();
        for (String entry : entries) {
            if (entry.indexOf('%') >= 0) {
                // a zone of this machine
                throw new IllegalArgumentException(entry);
            }
            int slash = entry.indexOf('/');
            if (slash >= 0) {
                InetAddress first = InetAddress.ofLiteral(entry.substring(0, slash));
                networks.add(network(first, Integer.parseInt(entry.substring(slash + 1))));
            } else if (isAddress(entry)) {
                InetAddress only = InetAddress.ofLiteral(entry);
                networks.add(network(only, 8 * only.getAddress().length));
            } else {
                hosts.add(host(entry));
            }
        }
        return new EgressAllow(networks, hosts);
    }

    private static boolean isAddress(String entry) {
        char last = entry.isEmpty() ? ' ' : entry.charAt(entry.length() - 1);
        return entry.indexOf(':') >= 0
                || (last >= '0' && last <= '9' && entry.chars().noneMatch(Character::isLetter));
    }

    private static Network network(InetAddress first, int prefix) {
        if (prefix < 0 || prefix > 8 * first.getAddress().length) {
            throw new IllegalArgumentException("/" + prefix);
        }
        return new Network(first, prefix);
    }

    private static String host(String entry) {
        String name = canonical(entry);
        boolean sound = !name.isEmpty()
                && name.length() <= MAX_NAME
                && name.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "-._".indexOf(c) >= 0));
        if (!sound) {
            throw new IllegalArgumentException(entry);
        }
        return name;
    }

    private static String canonical(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Whether {@code address}, to which {@code host} has led, may be connected to. */
    public boolean allows(String host, InetAddress address) {
        return hosts.contains(canonical(host)) || networks.stream().anyMatch(network -> network.contains(address));
    }
}
