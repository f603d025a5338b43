package framewright.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Lists in pages, with a {@code Link} header that leads on (contract, A8). */
final class SentryPages {
    private static final int SIZE = 100;
    private static final Pattern CURSOR = Pattern.compile("0:(\\d{1,9}):0");

    private SentryPages() {}

    /** The page of {@code all} that the request's cursor is at. */
    static <T> void send(ServerRequest request, ServerResponse response, List<T> all, Function<T, ObjectNode> each) {
        int from = Math.min(offset(request), all.size());
        int to = Math.min(all.size(), from + SIZE);
        String path = request.path().path();
        response.header(HeaderValues.create(
                HeaderNames.LINK,
                link(path, "previous", from > 0, Math.max(0, from - SIZE)) + ", "
                        + link(path, "next", to < all.size(), to)));
        SentryJson.send(response, Status.OK_200, SentryJson.list(all.subList(from, to), each));
    }

    private static int offset(ServerRequest request) {
        String cursor = QueryParams.single(request.query(), "cursor");
        var matcher = CURSOR.matcher(cursor == null ? "" : cursor);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String link(String path, String rel, boolean results, int offset) {
        String cursor = "0:" + offset + ":0";
        return "<" + path + "?cursor=" + cursor + ">; rel=\"" + rel + "\"; results=\"" + results + "\"; cursor=\""
                + cursor + "\"";
    }
}
