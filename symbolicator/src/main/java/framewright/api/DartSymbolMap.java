package framewright.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The file that {@code --extra-gen-snapshot-options=--save-obfuscation-map} writes: a JSON array of names, each followed
 * by what the compiler has called it.
 */
public final class DartSymbolMap {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(1 << 20)
                    .maxNestingDepth(4)
                    .build())
            .build();

    private DartSymbolMap() {}

    /**
     * The original names of those that were replaced.
     *
     * @param replaced of which they are wanted; those that the map does not have are left out
     * @return {@link Outcome.Malformed} where it is no such list
     */
    public static Outcome<Map<String, String>> originals(InputStream map, Set<String> replaced) throws IOException {
        Map<String, String> originals = new HashMap<>();
        return read(map, (original, replacement) -> {
                    if (replaced.contains(replacement)) {
                        originals.putIfAbsent(replacement, original);
                    }
                })
                .map(_ -> originals);
    }

    /**
     * How many names it replaces.
     *
     * @return {@link Outcome.Malformed} where it is no such list
     */
    public static Outcome<Long> count(InputStream map) throws IOException {
        return read(map, (_, _) -> {});
    }

    private static Outcome<Long> read(InputStream map, BiConsumer<String, String> each) throws IOException {
        long count = 0;
        try (JsonParser parser = JSON.createParser(map)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return malformed("it is no list of names", parser.currentTokenLocation());
            }
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                String original = parser.getText();
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    return malformed("a name is not followed by its replacement", parser.currentTokenLocation());
                }
                String replacement = parser.getText();
                each.accept(original, replacement);
                count++;
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                return malformed("it holds something that is no name", parser.currentTokenLocation());
            }
        } catch (JacksonException e) {
            return malformed("it is not JSON", e.getLocation());
        }
        return Outcome.found(count);
    }

    private static Outcome<Long> malformed(String problem, JsonLocation where) {
        return Outcome.failed(new Outcome.Malformed("the obfuscation map cannot be read at line " + where.getLineNr()
                + ", column " + where.getColumnNr() + ": " + problem));
    }
}
