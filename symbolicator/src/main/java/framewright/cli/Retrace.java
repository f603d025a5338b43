package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import framewright.api.JvmRequest;
import framewright.api.JvmRequest.Module;
import framewright.api.JvmRequest.ModuleType;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.FileType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A printed stack trace and the mappings that {@code --mapping} names, as a request.
 *
 * @param store has the mappings
 */
record Retrace(JvmRequest request, LinkedStore store) implements AutoCloseable {
    /** @throws UsageException where a mapping is no file */
    static Retrace of(String trace, List<Path> mappings) {
        for (Path mapping : mappings) {
            if (!Files.isRegularFile(mapping)) {
                throw new UsageException("--mapping " + mapping + ": there is no such file");
            }
        }
        LinkedStore store = LinkedStore.make();
        boolean linked = false;
        try {
            List<Module> modules = new ArrayList<>();
            for (Path mapping : mappings) {
                Module module = module(mapping);
                store.add(mapping, FileType.PROGUARD, module.objectId());
                modules.add(module);
            }
            linked = true;
            return new Retrace(
                    new JvmRequest(
                            List.of(store.source()),
                            List.of(),
                            List.of(),
                            List.of(trace),
                            modules,
                            null,
                            null,
                            List.of(),
                            new JvmRequest.Options(false, JvmRequest.Options.DEFAULT.frameOrder(), true)),
                    store);
        } finally {
            if (!linked) {
                store.close();
            }
        }
    }

    /** A mapping has no id of its own; any will do that is another for another file. */
    private static Module module(Path mapping) {
        byte[] path = mapping.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        DebugId id = new DebugId(UUID.nameUUIDFromBytes(path), 0);
        return new Module(ModuleType.PROGUARD, id.toString(), id);
    }

    /** Prints the trace in original names, and what is amiss with the mappings; true where nothing is. */
    static boolean print(JsonNode answer, List<Path> mappings, Terminal terminal) {
        terminal.out().print(answer.path("stacks").path(0).asText());
        terminal.out().flush();
        boolean well = true;
        for (int i = 0; i < mappings.size(); i++) {
            JsonNode cause = answer.path("modules").path(i).path("cause");
            if (!cause.path("code").asText().equals("found")) {
                well = false;
                String message = cause.path("message")
                        .asText()
                        .replace(cause.path("location").asText(), "it");
                terminal.err()
                        .println(terminal.red("--mapping " + mappings.get(i)) + ": " + Terminal.printable(message));
                terminal.err()
                        .println("  to fix it: "
                                + Terminal.printable(cause.path("remedy").asText()));
            }
        }
        return well;
    }

    @Override
    public void close() {
        store.close();
    }
}
