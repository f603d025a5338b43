package framewright.cli;

import framewright.client.Account;
import framewright.client.StoreServer;
import framewright.config.ClientSettings;
import framewright.fetch.WebUrl;
import framewright.telemetry.Version;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands that ask a server are told which one; what is not told comes from the environment. */
final class ServerOptions {
    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server; else FRAMEWRIGHT_URL, else http://127.0.0.1:3021. May be a Sentry.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Else FRAMEWRIGHT_TOKEN, else the one that a server started in this folder has made.")
    private @Nullable String token;

    @Option(names = "--org", paramLabel = "SLUG", description = "Organisation; else FRAMEWRIGHT_ORG, else default.")
    private @Nullable String organization;

    @Option(
            names = {"-p", "--project"},
            paramLabel = "SLUG",
            description = "Project; else FRAMEWRIGHT_PROJECT, else default.")
    private @Nullable String project;

    ServerOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    Account account() {
        ClientSettings settings = ClientSettings.of(environment);
        String server = url == null ? settings.url() : url;
        String given = token == null ? settings.token() : token;
        return new Account(
                server,
                given == null && isNearby(server) ? FirstToken.left() : given,
                organization == null ? settings.organization() : organization,
                project == null ? settings.project() : project);
    }

    StoreServer server() throws IOException {
        return new StoreServer(account(), "framewright/" + Version.text());
    }

    /** Whether the server is on this machine; no other is told the token that lies here. */
    static boolean isNearby(String server) {
        WebUrl parsed = WebUrl.parse(server);
        return parsed != null
                && (parsed.host().equals("localhost")
                        || parsed.host().equals("[::1]")
                        || parsed.host().startsWith("127."));
    }
}
