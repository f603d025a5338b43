package framewright.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.api.SourceKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A source means the same in a request and in the settings file. */
class SourceFormsTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Fields whose values have a form; all others are any text. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("url", List.of("\"https://h/p?q=1\"", "\"http://u:p@h:81/ä b\"")),
            Map.entry("proxy", List.of("\"http://proxy:3128\"")),
            Map.entry("headers", List.of("{}", "{\"X-A\":\"b: c\",\"On\":\"yes\"}")),
            Map.entry("user", List.of("\"me\"", "\"007\"")),
            Map.entry("accept_invalid_certs", List.of("true", "false")),
            Map.entry("is_public", List.of("true", "false")),
            Map.entry("source_files", List.of("true", "false")),
            Map.entry("has_index", List.of("true", "false", "null")),
            Map.entry("has_pointers", List.of("true", "false")),
            Map.entry("path_style", List.of("true", "false", "null")),
            Map.entry("max_size", List.of("0", "1", "9000000000")),
            Map.entry("max_time", List.of("0", "90")),
            Map.entry("region", List.of("\"eu-west-1\"", "[\"x\",\"http://minio:9000\"]")),
            Map.entry("layout.type", List.of("\"symstore\"", "\"ssqp\"", "\"unified\"")),
            Map.entry("layout.casing", List.of("\"lowercase\"", "\"default\"")),
            Map.entry("filters.filetypes", List.of("[]", "[\"pdb\",\"elf_code\"]")),
            Map.entry("filters.path_patterns", List.of("[\"*.dll\",\"?:/x\"]", "[]")),
            Map.entry("filters.requires_checksum", List.of("true", "false")),
            Map.entry("account", List.of("\"account1\"")),
            Map.entry("container", List.of("\"symbols\"", "\"$root\"")),
            Map.entry(
                    "connection_string",
                    List.of("\"AccountName=account1;AccountKey=YQ==;EndpointSuffix=core.chinacloudapi.cn\"")),
            Map.entry("azure_credentials_provider", List.of("\"static\"", "\"managed_identity\"")),
            Map.entry(
                    "aws_credentials_provider",
                    List.of("\"static\"", "\"container\"", "\"environment\"", "\"profile\"", "\"instance\"")));

    /** What each type cannot be without. */
    private static final Set<String> REQUIRED =
            Set.of("type", "id", "url", "path", "bucket", "region", "private_key", "client_email", "token", "user");

    @Provide
    Arbitrary<ObjectNode> sources() {
        Arbitrary<String> texts =
                Arbitraries.of("a", "b c", "true", "null", "~", "1e3", "0x1F", "#x", "a: b", "'\"\\", "é🙂");
        return Arbitraries.of(SourceKeys.types())
                .flatMap(type -> Arbitraries.randoms()
                        .flatMap(random -> texts.list()
                                .ofSize(SourceKeys.of(type).size())
                                .map(values -> {
                                    ObjectNode source = NODES.objectNode();
                                    int next = 0;
                                    for (String key : new TreeSet<>(SourceKeys.of(type))) {
                                        String text = values.get(next++);
                                        if (!key.equals("type") && (REQUIRED.contains(key) || random.nextBoolean())) {
                                            List<String> forms = VALUES.get(key);
                                            JsonNode value = forms == null
                                                    ? NODES.textNode(text)
                                                    : read(forms.get(random.nextInt(forms.size())));
                                            put(source, key, value);
                                        }
                                    }
                                    return source.put("type", type);
                                })));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void put(ObjectNode source, String key, JsonNode value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            source.set(key, value);
        } else {
            source.withObjectProperty(key.substring(0, dot)).set(key.substring(dot + 1), value);
        }
    }

    /** In blocks, as people write it. */
    private static void yaml(StringBuilder out, JsonNode node, int depth) {
        switch (node) {
            case ObjectNode object
            when !object.isEmpty() ->
                object.properties().forEach(field -> {
                    out.append('\n')
                            .append("  ".repeat(depth))
                            .append(NODES.textNode(field.getKey()))
                            .append(": ");
                    yaml(out, field.getValue(), depth + 1);
                });
            case ArrayNode array
            when !array.isEmpty() ->
                array.forEach(item -> {
                    out.append('\n').append("  ".repeat(depth)).append("- ");
                    yaml(out, item, depth + 1);
                });
            default -> out.append(node);
        }
    }

    private static LoadedSettings load(ObjectNode source) {
        StringBuilder out = new StringBuilder("sources:");
        yaml(out, NODES.arrayNode().add(source), 1);
        return new SettingsLoader(Map.of()).parse(out.append('\n').toString());
    }

    @Property(tries = 500)
    void source_isTheSameInARequestAndInTheSettings(@ForAll("sources") ObjectNode source) {
        SourceConfig config = SourceConfigs.read(source);
        LoadedSettings loaded = load(source);
        assertThat(loaded.settings().sources()).containsExactly(config);
        assertThat(loaded.notes()).isEmpty();
    }

    @Property(tries = 200)
    void keysOfOtherTypes_andThoseOfNone_areNamed(@ForAll("sources") ObjectNode source) {
        String type = source.path("type").textValue();
        Set<String> foreign = new TreeSet<>(Set.of("frobnicate"));
        SourceKeys.types().forEach(other -> foreign.addAll(SourceKeys.of(other)));
        foreign.removeAll(SourceKeys.of(type));
        ObjectNode more = source.deepCopy();
        List<String> paths = new ArrayList<>();
        for (String key : foreign) {
            if (key.indexOf('.') < 0) {
                more.put(key, "x");
                paths.add("sources[" + type + "]." + key);
            }
        }
        assertThat(load(more).unknownKeys()).extracting(Note::path).containsExactlyInAnyOrderElementsOf(paths);
        assertThat(load(more).settings()).isEqualTo(load(source).settings());
    }
}
