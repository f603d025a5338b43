package framewright.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.debugfiles.DebugId;
import framewright.store.DebugFile;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an object is, in words and as JSON. */
final class EntryText {
    private EntryText() {}

    /** @param debugId which it is taken for; null: its own */
    static String of(DebugFile.Entry entry, @Nullable DebugId debugId) {
        DebugId id = debugId == null ? entry.debugId() : debugId;
        List<String> words = new ArrayList<>();
        words.add(entry.kind().wireName() + (entry.arch().equals("any") ? "" : " " + entry.arch()));
        if (id != null) {
            words.add("debug id " + id);
        }
        if (entry.codeId() != null) {
            words.add("code id " + entry.codeId());
        }
        if (!entry.features().isEmpty()) {
            words.add(String.join(", ", new TreeSet<>(entry.features())));
        }
        return String.join("  ", words);
    }

    static ObjectNode json(DebugFile.Entry entry, @Nullable DebugId debugId) {
        DebugId id = debugId == null ? entry.debugId() : debugId;
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", entry.kind().wireName()).put("name", entry.name()).put("arch", entry.arch());
        json.put("debug_id", id == null ? null : id.toString());
        json.put("code_id", entry.codeId() == null ? null : entry.codeId().toString());
        var features = json.putArray("features");
        new TreeSet<>(entry.features()).forEach(features::add);
        return json;
    }
}
