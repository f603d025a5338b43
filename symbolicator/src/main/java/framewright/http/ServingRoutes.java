package framewright.http;

import framewright.store.Store;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import java.nio.charset.StandardCharsets;

/** Files of the store, one by one, as debuggers and stack walkers ask symbol servers for them. */
final class ServingRoutes {
    /** Debuginfod's own answer where its index is not complete: a client then asks for what it wants all the same. */
    private static final byte[] NO_INDEX = "{\"results\":[],\"complete\":false}".getBytes(StandardCharsets.UTF_8);

    private final Engine engine;
    private final Callers callers;
    private final StoredFiles files;

    ServingRoutes(Engine engine, Callers callers, Store store) {
        this.engine = engine;
        this.callers = callers;
        this.files = new StoredFiles(store);
    }

    void addTo(RouteTable table) {
        String path = DebuginfodEndpoint.PREFIX + "{+path}";
        Handler debuginfod = new DebuginfodEndpoint(engine, callers, files);
        table.add(Method.GET, path, "/buildid", debuginfod);
        table.add(Method.HEAD, path, "/buildid", debuginfod);
        Handler apple = new ApplePathEndpoint(callers, files);
        table.add(Method.GET, ApplePathEndpoint.PREFIX + "{+path}", "/uuid", apple);
        table.add(Method.HEAD, ApplePathEndpoint.PREFIX + "{+path}", "/uuid", apple);
        table.add(Method.GET, "/metadata", "/metadata", (_, response) -> Replies.json(response, NO_INDEX));
        // a sign that there is a symbol server, for debuggers of Microsoft
        table.add(
                Method.GET,
                "/pingme.txt",
                "/pingme.txt",
                (_, response) -> response.header(FileReply.TEXT).send());
    }

    /** For every path that nobody else answers: the first of its three parts may be any name. */
    Handler anyPath() {
        return new SymbolPathEndpoint(engine, callers, files);
    }
}
