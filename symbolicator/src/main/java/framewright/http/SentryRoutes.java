package framewright.http;

import framewright.store.Store;
import framewright.uploads.Assembler;
import framewright.uploads.Uploads;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;

/**
 * What {@code sentry-cli} and the plugins of bundlers ask, of all versions that can be had (contract, A). Paths end in a
 * slash, which is optional here.
 */
final class SentryRoutes {
    private static final String ROOT = "/api/0";
    private static final String ORGANIZATION = ROOT + "/organizations/{organization}";
    private static final String PROJECT = ROOT + "/projects/{organization}/{project}";

    private final Store store;
    private final Uploads uploads;
    private final Assembler assembler;
    private final StoreServices.ReleaseEvents events;
    private final Access access;
    private final long maxFileBytes;

    SentryRoutes(StoreServices services, Access access) {
        this.store = services.store();
        this.uploads = services.uploads();
        this.assembler = services.assembler();
        this.events = services.events();
        this.access = access;
        this.maxFileBytes = services.maxFileBytes();
    }

    void addTo(RouteTable table) {
        account(table);
        uploads(table);
        releases(table);
        releaseFiles(table);
    }

    private void account(RouteTable table) {
        AccountEndpoint account = new AccountEndpoint(store, access);
        add(table, Method.GET, ROOT, account::info);
        add(table, Method.GET, ROOT + "/organizations", account::organizations);
        add(table, Method.GET, ORGANIZATION + "/projects", account::projects);
        add(table, Method.GET, ORGANIZATION + "/repos", account::repositories);
    }

    private void uploads(RouteTable table) {
        ChunkEndpoint chunks = new ChunkEndpoint(store, access, assembler, maxFileBytes);
        add(table, Method.GET, ORGANIZATION + "/chunk-upload", chunks::options);
        add(table, Method.POST, ORGANIZATION + "/chunk-upload", chunks::upload);
        AssembleEndpoint assemble = new AssembleEndpoint(store, access, assembler);
        add(table, Method.POST, PROJECT + "/files/difs/assemble", assemble::debugFiles);
        add(table, Method.POST, ORGANIZATION + "/artifactbundle/assemble", assemble::bundle);
        add(table, Method.POST, ORGANIZATION + "/releases/{version}/assemble", assemble::bundleOfRelease);
        DsymsEndpoint dsyms = new DsymsEndpoint(store, access, uploads, maxFileBytes);
        add(table, Method.POST, PROJECT + "/files/dsyms", dsyms::upload);
        add(table, Method.GET, PROJECT + "/files/dsyms/unknown", dsyms::unknown);
        add(table, Method.POST, PROJECT + "/files/proguard-artifact-releases", dsyms::builtWith);
    }

    private void releases(RouteTable table) {
        ReleaseEndpoint releases = new ReleaseEndpoint(store, access, events);
        add(table, Method.GET, PROJECT + "/releases", releases::list);
        add(table, Method.GET, ORGANIZATION + "/releases", releases::listAll);
        for (String owner : new String[] {ORGANIZATION, PROJECT}) {
            String one = owner + "/releases/{version}";
            add(table, Method.POST, owner + "/releases", releases::create);
            add(table, Method.GET, one, releases::get);
            add(table, Method.PUT, one, releases::update);
            add(table, Method.DELETE, one, releases::delete);
            add(table, Method.GET, one + "/deploys", releases::deploys);
            add(table, Method.POST, one + "/deploys", releases::deploy);
            add(table, Method.GET, one + "/previous-with-commits", releases::previous);
        }
    }

    private void releaseFiles(RouteTable table) {
        ReleaseFileEndpoint files = new ReleaseFileEndpoint(store, access, maxFileBytes);
        for (String owner : new String[] {ORGANIZATION, PROJECT}) {
            String path = owner + "/releases/{version}/files";
            add(table, Method.GET, path, files::list);
            add(table, Method.POST, path, files::upload);
            add(table, Method.DELETE, path + "/{file}", files::delete);
        }
    }

    private static void add(RouteTable table, Method method, String path, Handler handler) {
        table.add(method, path + "[/]", method.text() + " " + path + "/", handler);
    }
}
