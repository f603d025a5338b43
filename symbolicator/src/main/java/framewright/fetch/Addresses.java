package framewright.fetch;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Internet addresses: the notations that mean one, and which are reserved. */
final class Addresses {
    /** First address and prefix length of each range that is not of the public internet (RFC 6890 and later). */
    private static final long[][] RESERVED_V4 = {
        range(0, 0, 0, 0, 8),
        range(10, 0, 0, 0, 8),
        range(100, 64, 0, 0, 10),
        range(127, 0, 0, 0, 8),
        range(169, 254, 0, 0, 16),
        range(172, 16, 0, 0, 12),
        range(192, 0, 0, 0, 24),
        range(192, 0, 2, 0, 24),
        range(192, 88, 99, 0, 24),
        range(192, 168, 0, 0, 16),
        range(198, 18, 0, 0, 15),
        range(198, 51, 100, 0, 24),
        range(203, 0, 113, 0, 24),
        range(224, 0, 0, 0, 4),
        range(240, 0, 0, 0, 4),
    };

    private Addresses() {}

    private static long[] range(int a, int b, int c, int d, int prefix) {
        return new long[] {(long) a << 24 | b << 16 | c << 8 | d, prefix};
    }

    /** Whether the address is of this machine, of a private network, or otherwise not of the public internet. */
    static boolean isReserved(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isReservedV4(word(bytes, 0)) : isReservedV6(bytes);
    }

    private static boolean isReservedV4(long address) {
        for (long[] range : RESERVED_V4) {
            int shift = 32 - (int) range[1];
            if (address >>> shift == range[0] >>> shift) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReservedV6(byte[] bytes) {
        long first = word(bytes, 0);
        long second = word(bytes, 4);
        long third = word(bytes, 8);
        if (first == 0 && second == 0 && third == 0xFFFF) {
            return isReservedV4(word(bytes, 12)); // ::ffff:0:0/96, IPv4 in disguise
        }
        if (first == 0x0064_FF9BL && second == 0 && third == 0) {
            return isReservedV4(word(bytes, 12)); // 64:ff9b::/96, IPv4 behind NAT64
        }
        if (first >>> 16 == 0x2002) {
            return isReservedV4((first & 0xFFFF) << 16 | second >>> 16); // 2002::/16, IPv4 by 6to4
        }
        boolean global = first >>> 29 == 1; // 2000::/3
        boolean protocols = first >>> 9 == 0x2001_0000L >>> 9; // 2001::/23, Teredo and others
        boolean documentation = first == 0x2001_0DB8L || first >>> 12 == 0x3FFF_0000L >>> 12;
        return !global || protocols || documentation;
    }

    private static long word(byte[] bytes, int at) {
        return ((bytes[at] & 0xFFL) << 24)
                | ((bytes[at + 1] & 0xFF) << 16)
                | ((bytes[at + 2] & 0xFF) << 8)
                | (bytes[at + 3] & 0xFF);
    }

    /** Whether a host name is meant as an IPv4 address: its last label is a number. */
    static boolean endsInNumber(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean hex = last.startsWith("0x") || last.startsWith("0X");
        return !last.isEmpty() && (hex ? isHex(last.substring(2)) : last.chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    /** One to four decimal, octal ({@code 0177}) or hexadecimal ({@code 0x7f}) numbers, as inet_aton reads them. */
    static @Nullable String dottedQuad(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String[] parts = name.split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            long number = number(parts[i]);
            boolean last = i == parts.length - 1;
            // the last number fills what the others leave
            int bits = last ? 8 * (5 - parts.length) : 8;
            if (number < 0 || number >= 1L << bits) {
                return null;
            }
            address = (address << bits) | number;
        }
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    /** -1 where the text is no number below 2^32. */
    private static long number(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        int radix = 10;
        String digits = text;
        if (text.startsWith("0x") || text.startsWith("0X")) {
            radix = 16;
            digits = text.substring(2);
        } else if (text.length() > 1 && text.startsWith("0")) {
            radix = 8;
            digits = text.substring(1);
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            number = number * radix + digit;
            if (digit < 0 || number >= 1L << 32) {
                return -1;
            }
        }
        return number;
    }

    /** An IPv6 address without brackets; null where the text is none, or has a zone. */
    static @Nullable InetAddress parseIpv6(String text) {
        if (text.indexOf(':') < 0 || !text.chars().allMatch(Addresses::mayBeIpv6)) {
            return null;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return address instanceof Inet6Address || address instanceof Inet4Address ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean mayBeIpv6(int c) {
        return c == ':' || c == '.' || isHex(c);
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(Addresses::isHex);
    }

    private static boolean isHex(int c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    /** The address that a host writes out, an IPv6 one with or without its brackets; null where it is a name. */
    static @Nullable InetAddress literal(String host) {
        if (host.indexOf(':') >= 0) {
            return parseIpv6(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        }
        String quad = endsInNumber(host) ? dottedQuad(host) : null;
        return quad == null ? null : InetAddress.ofLiteral(quad);
    }
}
