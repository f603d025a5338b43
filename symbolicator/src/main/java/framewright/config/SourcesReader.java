package framewright.config;

import framewright.api.InvalidRequestException;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.config.SettingsException.Problem;
import java.util.ArrayList;
import java.util.List;

/** A list of sources, each in the words of requests. */
final class SourcesReader {
    private SourcesReader() {}

    /** @param path of the list, for problems */
    static List<SourceConfig> read(Yaml list, String path, List<Problem> problems) {
        if (!(list instanceof Yaml.Items(int _, List<Yaml> items))) {
            problems.add(new Problem(list.line(), path, "expected a list of sources, not " + list.kind()));
            return List.of();
        }
        List<SourceConfig> sources = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Yaml item = items.get(i);
            try {
                sources.add(SourceConfigs.read(YamlJson.convert(item)));
            } catch (InvalidRequestException e) {
                String problem =
                        String.valueOf(e.getMessage()).substring(e.path().length() + 2);
                problems.add(
                        new Problem(item.line(), path + "[" + i + "]" + e.path().substring(1), problem));
            }
        }
        return sources;
    }
}
