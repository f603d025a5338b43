package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.client.StoreServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code framewright tokens}: who may do what in an organisation. */
@Command(
        name = "tokens",
        description = {
            "Lists the tokens of an organisation, makes one, or revokes one; needs a token with `admin`.",
            "A token is shown once, when it is made; the server keeps its hash."
        },
        footer = {
            "",
            "Examples:",
            "  framewright tokens",
            "  framewright tokens create ci --permission upload --only android --expires 90",
            "  framewright tokens revoke 3",
            "  framewright tokens audit                           who changed what"
        })
final class TokensCommand extends ServerCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final AnswerOption answers;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            defaultValue = "LS",
            description = "ls, create, revoke or audit.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Action action;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME|ID",
            description = "What the token is for, or the id of the one to revoke.")
    private @Nullable String subject;

    @Option(
            names = "--permission",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "upload",
            description = "upload, read, symbolicate, admin; several with commas. upload, if not given.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private List<String> permissions;

    @Option(names = "--only", paramLabel = "SLUG", description = "The only project that the token is good for.")
    private @Nullable String only;

    @Option(names = "--expires", paramLabel = "DAYS", description = "After which it ends; never, if not given.")
    private @Nullable Integer expires;

    private enum Action {
        LS,
        CREATE,
        REVOKE,
        AUDIT
    }

    TokensCommand(Terminal terminal, Map<String, String> environment) {
        super(terminal, environment);
        this.answers = new AnswerOption(terminal);
    }

    @Override
    int ask(StoreServer server) throws IOException, InterruptedException {
        switch (action) {
            case LS -> answers.print(server.get("/api/v1/tokens"), this::printTokens);
            case CREATE ->
                answers.print(
                        create(server),
                        made -> terminal.out().println(made.path("token").asText()));
            case REVOKE -> {
                String id = named("framewright tokens revoke ID");
                server.delete("/api/v1/tokens/" + StoreServer.segment(id));
                terminal.out().println("revoked " + id);
            }
            case AUDIT -> answers.print(server.get("/api/v1/audit"), this::printChanges);
        }
        return Exit.OK;
    }

    private JsonNode create(StoreServer server) throws IOException, InterruptedException {
        ObjectNode token = JSON.createObjectNode().put("name", named("framewright tokens create NAME"));
        permissions.forEach(token.putArray("permissions")::add);
        if (only != null) {
            token.put("project", only);
        }
        if (expires != null) {
            token.put("expires_in_days", expires);
        }
        return server.post("/api/v1/tokens", token);
    }

    private String named(String usage) {
        if (subject == null) {
            throw new UsageException("say which: " + usage);
        }
        return subject;
    }

    private void printTokens(JsonNode answer) {
        TextTable table = new TextTable("id", "name", "permissions", "project", "expires", "last used", "state");
        for (JsonNode token : answer.path("tokens")) {
            table.add(
                    TextTable.cell(token, "id"),
                    TextTable.cell(token, "name"),
                    TextTable.words(token.path("permissions")),
                    TextTable.cell(token, "project"),
                    TextTable.cell(token, "expires"),
                    TextTable.cell(token, "used"),
                    token.path("revoked").asBoolean() ? "revoked" : "good");
        }
        table.print(terminal);
    }

    private void printChanges(JsonNode answer) {
        TextTable table = new TextTable("when", "who", "what", "of");
        for (JsonNode change : answer.path("changes")) {
            table.add(
                    TextTable.cell(change, "happened"),
                    TextTable.cell(change, "actor"),
                    TextTable.cell(change, "action"),
                    TextTable.cell(change, "subject"));
        }
        table.print(terminal);
    }
}
