package framewright.fetch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.URIAuthority;

/** Requests as the client wants them, with the address exactly as it was signed. */
final class HttpRequests {
    private static final URI PLACEHOLDER = URI.create("http://localhost/");

    private HttpRequests() {}

    /** @param encodings what the body of the answer may be encoded with; empty: the header is left out */
    static HttpUriRequestBase of(String method, WebUrl url, String encodings) {
        HttpUriRequestBase http = new HttpUriRequestBase(method, PLACEHOLDER);
        http.setScheme(url.scheme());
        // the scheme's own port stays out of the Host header, which signatures cover
        boolean usual = url.hostAndPort().equals(url.host());
        http.setAuthority(new URIAuthority(bare(url.host()), usual ? -1 : url.port()));
        http.setPath(url.target());
        http.setHeader("Accept", "*/*");
        if (!encodings.isEmpty()) {
            http.setHeader("Accept-Encoding", encodings);
        }
        if (url.userInfo() != null) {
            byte[] credentials = Percent.decode(url.userInfo()).getBytes(StandardCharsets.UTF_8);
            http.setHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return http;
    }

    /** A header that would break out of its line is left out; the source is set up by someone else. */
    static void setHeaders(HttpUriRequestBase http, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            boolean sound = !name.isEmpty()
                    && name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':')
                    && value.chars().allMatch(c -> c >= ' ' && c != 0x7F);
            if (sound) {
                http.setHeader(name, value);
            }
        });
    }

    static HttpHost host(WebUrl url) {
        return new HttpHost(url.scheme(), bare(url.host()), url.port());
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
