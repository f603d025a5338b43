package framewright.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.config.StoreSettings;
import framewright.debugfiles.DebugId;
import framewright.nativebridge.NativePool;
import framewright.store.DebugFile;
import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Store;
import framewright.store.Tenancy;
import framewright.uploads.Accepted;
import framewright.uploads.Incoming;
import framewright.uploads.Receiver;
import framewright.uploads.Uploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The folder of a store, opened beside the servers that use it, as another node does. */
public final class SymbolStore implements AutoCloseable {
    private static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");

    private final Store store;
    private final NativePool pool = new NativePool("test", 1);
    private final Uploads uploads;

    public SymbolStore(Path folder) {
        this(new StoreSettings(folder));
    }

    public SymbolStore(StoreSettings settings) {
        store = Store.open(settings, InstantSource.system());
        uploads = new Uploads(store, pool, (_, _, _) -> null, (_, _, _) -> null, (_, _, _) -> {});
        project("default", "default");
    }

    public static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(FIXTURES.resolve(name));
    }

    public Store store() {
        return store;
    }

    public Project project(String organization, String project) {
        return store.tenants().project(organization(organization), project, project);
    }

    public Organization organization(String slug) {
        return store.tenants().organization(slug, slug);
    }

    public String token(String organization, Permission... permissions) {
        return store.tokens().create(organization(organization), null, "test", Set.of(permissions), null);
    }

    /** Uploads a file of the fixtures to the default project; the rows that it became. */
    public List<DebugFile> put(String fixture) throws Exception {
        return put(project("default", "default"), fixture, fixture(fixture), null);
    }

    public List<DebugFile> put(Project project, String name, byte[] bytes, @Nullable DebugId debugId) throws Exception {
        Incoming incoming = incoming(name, bytes, debugId);
        assertThat(uploads.accept(project, incoming)).isInstanceOf(Outcome.Found.class);
        return store.debugFiles().ofFiles(project, List.of(incoming.sha1())).getOrDefault(incoming.sha1(), List.of());
    }

    public void putBundle(Project project, byte[] bytes, @Nullable String release, @Nullable String dist)
            throws Exception {
        Organization organization = Objects.requireNonNull(store.tenants().organizations().stream()
                .filter(each -> each.id() == project.organization())
                .findFirst()
                .orElse(null));
        Outcome<Accepted> accepted = uploads.acceptBundle(
                organization, List.of(project), incoming("bundle.zip", bytes, null), release, dist);
        assertThat(accepted).isInstanceOf(Outcome.Found.class);
    }

    private Incoming incoming(String name, byte[] bytes, @Nullable DebugId debugId) throws IOException {
        Outcome<Incoming> received =
                new Receiver(store.blobs()).receive(new ByteArrayInputStream(bytes), name, Integer.MAX_VALUE, debugId);
        assertThat(received).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<Incoming>) received).value();
    }

    /** For everyone of the organisation. */
    public Tenancy tenancy(String organization) {
        return new Tenancy(organization(organization).id(), null);
    }

    @Override
    public void close() {
        pool.close();
        store.close();
    }
}
