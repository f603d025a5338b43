package framewright.cli;

import framewright.config.StoreSettings;
import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Project;
import framewright.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What an empty store gets, so that uploading needs no preparation: an organisation, a project, and a token that may do
 * everything in it. The token also lies beside the store, for its owner only, so that commands on the same machine need not
 * be told it.
 */
final class FirstToken {
    private static final Logger LOG = Logger.getLogger(FirstToken.class.getName());

    private static final String FILE = "first-token";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private FirstToken() {}

    /**
     * Makes it, where the store has no token yet.
     *
     * @return null: the store has tokens
     */
    static @Nullable String make(Store store, Path dir) {
        if (!store.tokens().isEmpty()) {
            return null;
        }
        String token = create(store, "first start");
        try {
            write(file(dir), token);
        } catch (IOException e) {
            // it is made and will be told; that commands here have to be told it, too, is no reason not to start
            LOG.log(Level.WARNING, "the token of the first start is not in {0}: {1}", new Object[] {file(dir), e});
        }
        return token;
    }

    /** Makes one that may do everything in the organisation that an empty store gets. */
    static String create(Store store, String name) {
        Organization organization = store.tenants().organization(StoreSettings.FIRST, "Default");
        Project project = store.tenants().project(organization, StoreSettings.FIRST, "Default");
        String token = store.tokens().create(organization, null, name, EnumSet.allOf(Permission.class), null);
        store.audit().write(organization, name, "token.create", name + ", for " + project.slug());
        return token;
    }

    /** Where it lies, of a store in this folder. */
    static Path file(Path dir) {
        return dir.resolve(FILE);
    }

    private static void write(Path file, String token) throws IOException {
        Files.deleteIfExists(file);
        boolean posix = Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(file, options, attributes))) {
            out.write((token + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The one that a server without settings has left below the current folder; null: none that we may read. */
    static @Nullable String left() {
        Path file = file(ServeCommand.STORE);
        try {
            return Files.isReadable(file) ? Files.readString(file).strip() : null;
        } catch (IOException e) {
            return null;
        }
    }
}
