package framewright.http;

import framewright.store.Store;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;

/** Files of the store, one by one, as debuggers and stack walkers ask symbol servers for them. */
final class ServingRoutes {
    private final Engine engine;
    private final Callers callers;
    private final StoredFiles files;
    private final Handler metadata;

    ServingRoutes(Engine engine, Callers callers, Store store) {
        this.engine = engine;
        this.callers = callers;
        this.files = new StoredFiles(store);
        this.metadata = new MetadataEndpoint(callers, store.debugFiles());
    }

    void addTo(RouteTable table) {
        String path = DebuginfodEndpoint.PREFIX + "{+path}";
        Handler debuginfod = new DebuginfodEndpoint(engine, callers, files);
        table.add(Method.GET, path, "/buildid", debuginfod);
        table.add(Method.HEAD, path, "/buildid", debuginfod);
        Handler apple = new ApplePathEndpoint(callers, files);
        table.add(Method.GET, ApplePathEndpoint.PREFIX + "{+path}", "/uuid", apple);
        table.add(Method.HEAD, ApplePathEndpoint.PREFIX + "{+path}", "/uuid", apple);
        table.add(Method.GET, MetadataEndpoint.PATH, MetadataEndpoint.PATH, metadata);
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
