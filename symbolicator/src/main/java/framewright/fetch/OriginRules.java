package framewright.fetch;

import java.net.IDN;
import java.util.List;
import java.util.Locale;

/**
 * Which addresses a client's headers may be sent to. A rule is {@code *}, a whole address, or
 * {@code [scheme://]host[:port][/path]}, where the host may be {@code *} or {@code *.domain}, which takes the domain
 * itself in, and the path may end with {@code *}. What a rule leaves out may be anything.
 */
public final class OriginRules {
    private static final String ANY = "*";

    private OriginRules() {}

    /** Whether one of the rules allows the address. */
    public static boolean allow(List<String> rules, WebUrl url) {
        return rules.stream().anyMatch(rule -> allows(rule.strip(), url));
    }

    private static boolean allows(String rule, WebUrl url) {
        if (rule.equals(ANY) || rule.equals(url.toString())) {
            return true;
        }
        String rest = rule;
        int scheme = rule.indexOf("://");
        if (scheme >= 0) {
            if (!url.scheme().equals(rule.substring(0, scheme).toLowerCase(Locale.ROOT))) {
                return false;
            }
            rest = rule.substring(scheme + 3);
        }
        int slash = rest.indexOf('/');
        String path = slash < 0 ? "" : rest.substring(slash);
        return hostMatches(slash < 0 ? rest : rest.substring(0, slash), url) && pathMatches(path, url.target());
    }

    private static boolean hostMatches(String hostAndPort, WebUrl url) {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon >= 0 && hostAndPort.indexOf(']', colon) < 0;
        if (hasPort && !hostAndPort.substring(colon + 1).equals(Integer.toString(url.port()))) {
            return false;
        }
        String host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
        if (host.equals(ANY)) {
            return true;
        }
        if (host.startsWith("*.")) {
            String domain = ascii(host.substring(2));
            return !domain.isEmpty() && (url.host().equals(domain) || url.host().endsWith("." + domain));
        }
        return !host.isEmpty() && url.host().equals(ascii(host));
    }

    private static boolean pathMatches(String rule, String target) {
        if (rule.isEmpty()) {
            return true;
        }
        return rule.endsWith(ANY) ? target.startsWith(rule.substring(0, rule.length() - 1)) : target.equals(rule);
    }

    /** As addresses spell it; a name that no address can have matches none. */
    private static String ascii(String host) {
        try {
            return IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
