package framewright.http;

import io.helidon.http.Method;

/**
 * Uploads with tools that know nothing of us: {@code curl} puts a file or an archive, Breakpad's {@code sym_upload} speaks
 * both of its protocols (contract, E4), and clients of Tecken post a zip (contract, D6).
 */
final class PlainUploadRoutes {
    private final PutUploadEndpoint put;
    private final BreakpadUploadEndpoint breakpad;
    private final TeckenUploadEndpoint tecken;

    PlainUploadRoutes(StoreServices services, Access access) {
        this.put = new PutUploadEndpoint(services, access);
        this.breakpad = new BreakpadUploadEndpoint(services, access);
        this.tecken = new TeckenUploadEndpoint(services, access);
    }

    void addTo(RouteTable table) {
        table.add(Method.PUT, "/upload/{organization}/{project}/{+name}", "/upload", put);
        table.add(Method.POST, "/upload[/]", "/upload/", tecken);
        table.add(Method.POST, "/upload-v1", "/upload-v1", breakpad::whole);
        table.add(Method.GET, "/v1/symbols/{file}/{id}", "/v1/symbols", breakpad::status);
        table.add(Method.POST, "/v1/uploads:create", "/v1/uploads", breakpad::create);
        table.add(Method.PUT, "/v1/uploads/{key}", "/v1/uploads", breakpad::content);
        table.add(Method.POST, "/v1/uploads/{key}", "/v1/uploads", breakpad::complete);
    }
}
