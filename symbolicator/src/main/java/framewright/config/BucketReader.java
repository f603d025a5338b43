package framewright.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.InvalidRequestException;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.config.SettingsException.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Buckets of the settings, described in the words of sources. */
final class BucketReader {
    private BucketReader() {}

    /**
     * Null: there is none, or a problem.
     *
     * @param type of the source
     * @param id its name, where sources have one
     */
    static @Nullable SourceConfig read(
            SettingsReader in, List<Problem> problems, Key<Yaml> key, String type, String id) {
        Yaml section = in.getOrNull(key);
        if (section == null) {
            return null;
        }
        if (!(YamlJson.convert(section) instanceof ObjectNode source)) {
            problems.add(new Problem(section.line(), key.path(), "expected a section, not " + section.kind()));
            return null;
        }
        try {
            return SourceConfigs.read(source.put("type", type).put("id", id));
        } catch (InvalidRequestException e) {
            String path = key.path() + e.path().substring(1);
            String problem = String.valueOf(e.getMessage()).substring(e.path().length() + 2);
            problems.add(new Problem(section.line(), path, problem));
            return null;
        }
    }
}
