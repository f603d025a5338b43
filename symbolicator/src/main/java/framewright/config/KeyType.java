package framewright.config;

import framewright.config.Yaml.Items;
import framewright.config.Yaml.Scalar;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What a key's value may be.
 *
 * @param expected how a message says it: "a duration such as 5s"
 * @param reader throws {@link IllegalArgumentException} where the value is something else
 */
record KeyType<T>(String expected, Function<Yaml, T> reader) {
    static final KeyType<String> TEXT = scalar("text", text -> text);
    static final KeyType<Boolean> SWITCH = scalar("true or false", KeyType::bool);
    static final KeyType<Integer> COUNT = scalar("a whole number, 0 or more", KeyType::count);
    static final KeyType<Integer> POSITIVE = scalar("a whole number, 1 or more", KeyType::positive);
    static final KeyType<Integer> MIN_SHARE =
            scalar("a whole percentage from 0 to " + CacheSettings.MAX_MIN_SHARE, KeyType::minShare);
    static final KeyType<Long> BYTES = scalar("a size in bytes such as 1048576 or 64MiB", ByteSize::parse);
    static final KeyType<Duration> DURATION = scalar("a duration such as 5s, 200ms or 1h 30m", DurationText::parse);
    static final KeyType<Path> PATH = scalar("a path", Path::of);
    static final KeyType<Bind> BIND = scalar("an address and port such as 127.0.0.1:3021", Bind::parse);
    static final KeyType<String> WEB_ADDRESS = scalar("an http or https address", KeyType::webAddress);
    static final KeyType<List<String>> WORDS = new KeyType<>("a list of words", KeyType::words);
    static final KeyType<EgressAllow> EGRESS = new KeyType<>(
            "a list of networks such as 10.0.0.0/8 and of host names", yaml -> EgressAllow.parse(words(yaml)));

    /** Anything; looked at elsewhere or not at all. */
    static final KeyType<Yaml> ANYTHING = new KeyType<>("anything", yaml -> yaml);

    static <E extends Enum<E>> KeyType<E> choice(Class<E> choices) {
        List<String> names = new ArrayList<>();
        for (E choice : choices.getEnumConstants()) {
            names.add(choice.name().toLowerCase(Locale.ROOT));
        }
        return scalar(
                "one of " + String.join(", ", names),
                text -> choices.getEnumConstants()[index(names, text.toLowerCase(Locale.ROOT))]);
    }

    private static int index(List<String> names, String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(name);
        }
        return index;
    }

    private static <T> KeyType<T> scalar(String expected, Function<String, T> reader) {
        return new KeyType<>(expected, yaml -> {
            if (yaml instanceof Scalar(int _, Yaml.Type type, String text) && type != Yaml.Type.NULL) {
                return reader.apply(text);
            }
            throw new IllegalArgumentException(yaml.kind());
        });
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String webAddress(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static int count(String text) {
        int count = Integer.parseInt(text);
        if (count < 0) {
            throw new IllegalArgumentException(text);
        }
        return count;
    }

    private static int positive(String text) {
        int count = count(text);
        if (count == 0) {
            throw new IllegalArgumentException(text);
        }
        return count;
    }

    private static int minShare(String text) {
        int share = count(text);
        if (share > CacheSettings.MAX_MIN_SHARE) {
            throw new IllegalArgumentException(text);
        }
        return share;
    }

    private static List<String> words(Yaml yaml) {
        if (!(yaml instanceof Items items)) {
            throw new IllegalArgumentException(yaml.kind());
        }
        return items.items().stream().map(TEXT.reader()).toList();
    }
}
