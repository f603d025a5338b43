package framewright.config;

import java.net.InetAddress;

/**
 * Where the server listens.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 0: any free one
 */
public record Bind(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException where the text is not {@code host:port} */
    static Bind parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(text);
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port < 0 || port > MAX_PORT || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException(text);
        }
        return new Bind(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    /** Whether only this machine reaches it; a name other than {@code localhost} may mean anything. */
    boolean isLoopback() {
        return host.equalsIgnoreCase("localhost") || isLoopbackAddress();
    }

    private boolean isLoopbackAddress() {
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** As a URL writes it. */
    public String url(int actualPort) {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "http://" + (name.equals("0.0.0.0") ? "127.0.0.1" : name) + ":" + actualPort;
    }
}
