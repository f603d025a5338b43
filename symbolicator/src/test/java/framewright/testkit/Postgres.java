package framewright.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server of PostgreSQL for the tests of one class. */
public final class Postgres implements BeforeAllCallback, AfterAllCallback {
    private @Nullable PostgresServer server;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server = PostgresServer.start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** The address of a new, empty database. */
    public String newDatabase() throws Exception {
        if (server == null) {
            throw new IllegalStateException("the tests have not begun");
        }
        return server.newDatabase();
    }
}
