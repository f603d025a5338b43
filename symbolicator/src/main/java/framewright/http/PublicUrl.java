package framewright.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.regex.Pattern;

/** The address of a request as its sender wrote it, which a proxy may stand between. */
final class PublicUrl {
    private static final HeaderName PREFIX = HeaderNames.create("X-Forwarded-Prefix");

    /** Name or address, and port; what else comes as such is somebody's try to write into answers. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,300}");

    private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9._~-]{1,100}){1,10}");

    private PublicUrl() {}

    /** Without the query. */
    static String of(ServerRequest request) {
        String protocol = first(request, HeaderNames.X_FORWARDED_PROTO);
        String forwarded = first(request, HeaderNames.X_FORWARDED_HOST);
        String host = HOST.matcher(forwarded).matches() ? forwarded : first(request, HeaderNames.HOST);
        String prefix = first(request, PREFIX);
        return (protocol.equalsIgnoreCase("https") ? "https" : "http")
                + "://"
                + (HOST.matcher(host).matches() ? host : "localhost")
                + (PATH.matcher(prefix).matches() ? prefix : "")
                + request.path().rawPath();
    }

    /** Of several proxies the first is next to the sender. */
    private static String first(ServerRequest request, HeaderName name) {
        String all = request.headers().first(name).orElse("");
        int comma = all.indexOf(',');
        return (comma < 0 ? all : all.substring(0, comma)).strip();
    }
}
