package framewright.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job has fetched and converted before anybody asks for it, as settings, requests and commands write it. */
public sealed interface WarmTarget {
    /** More than these need another job. */
    int MAX_FILES = 10_000;

    /** {@code release NAME}: scripts and mappings of a release. */
    record Release(String version) implements WarmTarget {}

    /** {@code ids ID ...}: debug ids, code ids and uuids of mappings. */
    record Ids(List<String> ids) implements WarmTarget {
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /** {@code top N}: those that most events of yesterday and today were about. */
    record Top(int count) implements WarmTarget {}

    /** {@code newest N}: those that were uploaded last, or came last to a source that can tell. */
    record Newest(int count) implements WarmTarget {}

    /** Null: it is none of these forms. */
    static @Nullable WarmTarget parse(String text) {
        String[] words = text.strip().split("\\s+", 2);
        String rest = words.length < 2 ? "" : words[1].strip();
        if (rest.isEmpty()) {
            return null;
        }
        return switch (words[0]) {
            case "release" -> new Release(rest);
            case "ids" -> {
                List<String> ids = List.of(rest.split("\\s+"));
                yield ids.size() > MAX_FILES ? null : new Ids(ids);
            }
            case "top" -> isCount(rest) ? new Top(Integer.parseInt(rest)) : null;
            case "newest" -> isCount(rest) ? new Newest(Integer.parseInt(rest)) : null;
            default -> null;
        };
    }

    private static boolean isCount(String text) {
        return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= MAX_FILES;
    }

    /** As {@link #parse} reads it. */
    default String text() {
        return switch (this) {
            case Release(String version) -> "release " + version;
            case Ids(List<String> ids) -> "ids " + String.join(" ", ids);
            case Top(int count) -> "top " + count;
            case Newest(int count) -> "newest " + count;
        };
    }
}
