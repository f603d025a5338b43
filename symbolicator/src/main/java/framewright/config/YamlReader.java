package framewright.config;

import framewright.config.SettingsException.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Text to {@link Yaml}. Builds no objects from tags. A scalar that is {@code ${NAME}} as a whole stands for that
 * environment variable, as for the peer; within a longer text it stays as it is.
 */
final class YamlReader {
    /** Deeper nesting than any settings file has, shallower than any stack. */
    private static final int MAX_DEPTH = 50;

    private final Map<String, String> environment;
    private final List<Problem> problems;

    YamlReader(Map<String, String> environment, List<Problem> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** Null: the text holds nothing. */
    @Nullable
    Yaml read(String text) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new CoreSchema()).build();
        try {
            return new Compose(settings)
                    .composeString(text)
                    .map(node -> convert(node, "", 0))
                    .orElse(null);
        } catch (MarkedYamlEngineException e) {
            int line = line(e.getProblemMark());
            throw new SettingsException(List.of(new Problem(line, "", "this is not YAML: " + e.getProblem())));
        } catch (YamlEngineException e) {
            throw new SettingsException(List.of(new Problem(0, "", "this is not YAML: " + e.getMessage())));
        }
    }

    private Yaml convert(Node node, String path, int depth) {
        int line = line(node.getStartMark());
        if (depth > MAX_DEPTH) {
            throw new SettingsException(List.of(new Problem(line, path, "nested too deeply")));
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(line, scalar, path);
            case SequenceNode sequence -> {
                List<Yaml> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, path + "[" + items.size() + "]", depth + 1));
                }
                yield new Yaml.Items(line, items);
            }
            case MappingNode mapping -> section(line, mapping, path, depth);
            default -> throw new SettingsException(List.of(new Problem(line, path, "not a kind of YAML known here")));
        };
    }

    private Yaml section(int line, MappingNode mapping, String path, int depth) {
        SequencedMap<String, Yaml.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int keyLine = line(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(new Problem(keyLine, path, "a key must be a word"));
                continue;
            }
            String inner = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Yaml value = convert(tuple.getValueNode(), inner, depth + 1);
            if (entries.put(key.getValue(), new Yaml.Entry(keyLine, value)) != null) {
                problems.add(new Problem(keyLine, inner, "is there twice"));
            }
        }
        return new Yaml.Section(line, entries);
    }

    private Yaml scalar(int line, ScalarNode node, String path) {
        String text = node.getValue();
        if (text.startsWith("${") && text.endsWith("}")) {
            String name = text.substring(2, text.length() - 1);
            String value = environment.get(name);
            if (value == null) {
                problems.add(new Problem(
                        line,
                        path,
                        "the environment variable " + name + " is not set; set it or write the value here"));
                return new Yaml.Scalar(line, Yaml.Type.NULL, text);
            }
            return new Yaml.Scalar(line, Yaml.Type.TEXT, value);
        }
        return new Yaml.Scalar(line, type(node.getTag()), text);
    }

    private static Yaml.Type type(Tag tag) {
        if (tag.equals(Tag.NULL)) {
            return Yaml.Type.NULL;
        }
        if (tag.equals(Tag.BOOL)) {
            return Yaml.Type.BOOLEAN;
        }
        return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Yaml.Type.NUMBER : Yaml.Type.TEXT;
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(-1) + 1;
    }
}
