package framewright.config;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of a database as {@code libpq} writes it ({@code postgresql://user:password@host:port/name?parameters}) or
 * as JDBC does. Who asks is taken out of it, so that nothing that shows the rest shows a secret.
 */
final class PostgresAddress {
    private static final String JDBC = "jdbc:";

    private PostgresAddress() {}

    /** @throws IllegalArgumentException where it is none */
    static StoreSettings.Postgres parse(String text) {
        URI uri = URI.create(text.startsWith(JDBC) ? text.substring(JDBC.length()) : text);
        boolean scheme = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = uri.getRawPath();
        if (!scheme || uri.getRawAuthority() == null || path == null || path.length() < 2) {
            throw new IllegalArgumentException("no address of PostgreSQL");
        }
        String authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String[] who = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        List<String> parameters = new ArrayList<>();
        String user = who.length > 0 ? decoded(who[0]) : null;
        String password = who.length > 1 ? decoded(who[1]) : null;
        for (String parameter : uri.getRawQuery() == null
                ? List.<String>of()
                : List.of(uri.getRawQuery().split("&"))) {
            if (parameter.startsWith("user=")) {
                user = decoded(parameter.substring("user=".length()));
            } else if (parameter.startsWith("password=")) {
                password = decoded(parameter.substring("password=".length()));
            } else {
                parameters.add(parameter);
            }
        }
        String query = parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
        String url = JDBC + "postgresql://" + authority.substring(at + 1) + path + query;
        return new StoreSettings.Postgres(url, user, password);
    }

    private static @Nullable String decoded(String text) {
        // a plus is itself here, unlike in a form
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
