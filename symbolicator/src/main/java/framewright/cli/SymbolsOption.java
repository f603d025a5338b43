package framewright.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.SourceConfig;
import framewright.api.SourceConfigs;
import framewright.debugfiles.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code --symbols} may say: {@code [LAYOUT:]DIR} or {@code [LAYOUT:]URL}. */
final class SymbolsOption {
    /** Where no layout is given, these are tried: what build systems leave behind, and what our own store uses. */
    private static final List<String> USUAL = List.of("native", "unified");

    private SymbolsOption() {}

    /** Names of all layouts. */
    static List<String> layouts() {
        List<String> names = new ArrayList<>();
        for (Layout.Kind kind : Layout.Kind.values()) {
            names.add(kind.name().toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** The sources that the values stand for, in their order. Their ids are the values themselves. */
    static List<SourceConfig> sources(List<String> values) {
        List<SourceConfig> sources = new ArrayList<>();
        for (String value : values) {
            String layout = layouts().stream()
                    .filter(name -> value.startsWith(name + ":"))
                    .findFirst()
                    .orElse("");
            String place = layout.isEmpty() ? value : value.substring(layout.length() + 1);
            for (String one : layout.isEmpty() ? USUAL : List.of(layout)) {
                sources.add(source(place, one));
            }
        }
        return sources;
    }

    private static SourceConfig source(String place, String layout) {
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        source.put("id", layout + ":" + place).put("is_public", true);
        source.putObject("layout").put("type", layout);
        if (isUrl(place)) {
            source.put("type", "http").put("url", place);
        } else if (Files.isDirectory(Path.of(place))) {
            source.put("type", "filesystem")
                    .put("path", Path.of(place).toAbsolutePath().toString());
        } else {
            throw new UsageException("--symbols " + place + ": there is no such folder. Give a folder or a URL, with"
                    + " a layout in front where it is not native or unified: " + String.join(", ", layouts())
                    + ". A single file goes with --module.");
        }
        return SourceConfigs.read(source);
    }

    private static boolean isUrl(String place) {
        return place.startsWith("http://") || place.startsWith("https://");
    }
}
