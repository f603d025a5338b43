package framewright.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** A piece of the settings file as JSON, for the parts that requests hold too. */
final class YamlJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private YamlJson() {}

    static JsonNode convert(Yaml yaml) {
        return switch (yaml) {
            case Yaml.Scalar(int _, Yaml.Type type, String text) ->
                switch (type) {
                    case NULL -> NODES.nullNode();
                    case BOOLEAN -> NODES.booleanNode(Boolean.parseBoolean(text));
                    case NUMBER -> number(text);
                    case TEXT -> NODES.textNode(text);
                };
            case Yaml.Items items -> {
                ArrayNode array = NODES.arrayNode();
                items.items().forEach(item -> array.add(convert(item)));
                yield array;
            }
            case Yaml.Section section -> {
                ObjectNode object = NODES.objectNode();
                section.entries().forEach((name, entry) -> object.set(name, convert(entry.value())));
                yield object;
            }
        };
    }

    /** What JSON has no number for (hexadecimal, infinity) stays text. */
    private static JsonNode number(String text) {
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException _) {
            return NODES.textNode(text);
        }
    }
}
