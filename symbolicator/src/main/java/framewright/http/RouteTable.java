package framewright.http;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;

/** Where families of URLs put theirs. */
@FunctionalInterface
interface RouteTable {
    /**
     * @param path in Helidon's syntax
     * @param label of the family in metrics and traces
     */
    void add(Method method, String path, String label, Handler handler);
}
