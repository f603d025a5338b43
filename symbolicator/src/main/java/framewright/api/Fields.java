package framewright.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An object that was read as a tree, asked field by field. Null counts as absent. */
final class Fields {
    private final JsonNode node;
    private final String path;

    /** @param path where the object stands, for messages */
    Fields(JsonNode node, String path) {
        if (!node.isObject()) {
            throw new InvalidRequestException(path, "must be an object");
        }
        this.node = node;
        this.path = path;
    }

    JsonNode required(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            throw invalid(name, "is required");
        }
        return value;
    }

    String text(String name) {
        return text(required(name), name);
    }

    String text(String name, String ifAbsent) {
        String text = textOrNull(name);
        return text == null ? ifAbsent : text;
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? null : text(value, name);
    }

    /** False where absent. */
    boolean flag(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw invalid(name, "must be true or false");
        }
        return value.booleanValue();
    }

    /** Null where absent. */
    @Nullable
    Boolean flagOrNull(String name) {
        return has(name) ? Boolean.valueOf(flag(name)) : null;
    }

    /** A whole number, 0 or more; 0 where absent. */
    long count(String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        boolean whole = value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong();
        if (!whole) {
            throw invalid(name, "must be a whole number");
        }
        if (value.longValue() < 0) {
            throw invalid(name, "must be 0 or more");
        }
        return value.longValue();
    }

    /** Empty where absent. */
    List<String> list(String name) {
        JsonNode value = node.path(name);
        List<String> list = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return list;
        }
        if (!value.isArray()) {
            throw invalid(name, "must be an array of strings");
        }
        for (JsonNode item : value) {
            list.add(text(item, name + "[" + list.size() + "]"));
        }
        return list;
    }

    /** Empty where absent. */
    Map<String, String> texts(String name) {
        JsonNode value = node.path(name);
        Map<String, String> texts = new TreeMap<>();
        if (value.isMissingNode() || value.isNull()) {
            return texts;
        }
        if (!value.isObject()) {
            throw invalid(name, "must be an object of strings");
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            texts.put(entry.getKey(), text(entry.getValue(), name + "." + entry.getKey()));
        }
        return texts;
    }

    /** An object within; one without fields where absent. */
    Fields section(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull()
                ? new Fields(JsonNodeFactory.instance.objectNode(), path + "." + name)
                : new Fields(value, path + "." + name);
    }

    /** Whether it is there and not null. */
    boolean has(String name) {
        return node.hasNonNull(name);
    }

    InvalidRequestException invalid(String name, String problem) {
        return new InvalidRequestException(path + "." + name, problem);
    }

    private String text(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw invalid(name, "must be a string");
        }
        String text = value.textValue();
        if (!Surrogates.paired(text)) {
            throw invalid(name, "holds half a surrogate pair");
        }
        return text;
    }
}
