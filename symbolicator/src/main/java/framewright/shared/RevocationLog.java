package framewright.shared;

import framewright.api.CacheQuery;
import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What was revoked, in order: objects {@code revocations/<name>/<number>} from 1 on, each created by whoever revokes
 * where none of that number is. A node reads the next number until there is none. The last {@value #KEPT} are kept; a
 * hint, {@code revocations/<name>/latest}, tells a node that has missed more, or is new, where to begin.
 *
 * <p>One thread at a time.
 */
final class RevocationLog {
    static final int KEPT = 256;

    private static final Logger LOG = Logger.getLogger(RevocationLog.class.getName());

    /** What a node does that has missed more than is kept. */
    private static final CacheQuery EVERYTHING = new CacheQuery(null, null, null, false);

    private final Store store;
    private final String folder;
    private final ConcurrentSkipListMap<Long, CacheQuery> known = new ConcurrentSkipListMap<>();
    private @Nullable Path state;
    private volatile boolean begun;
    private boolean isNew = true;
    private volatile long position;

    RevocationLog(Store store, String name) {
        this.store = store;
        this.folder = "revocations/" + name + "/";
    }

    /** Goes on where this was written down, and writes down how far it gets; none there: everything is new. */
    synchronized void resume(Path file) {
        state = file;
        try {
            position = Long.parseLong(Files.readString(file).strip());
            isNew = false;
        } catch (IOException | NumberFormatException e) {
            position = 0;
        }
    }

    /** The number of the last revocation that is known. */
    long position() {
        return position;
    }

    /** Whether it is known what was revoked lately; until then nothing is known of any entry. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether a revocation after {@code number} means the thing, or too many are not known any more to tell. */
    boolean isRevoked(long number, String kind, String digest, String key) {
        Map.Entry<Long, CacheQuery> oldest = known.firstEntry();
        if (oldest == null) {
            return false;
        }
        return number < oldest.getKey() - 1
                || known.tailMap(number, false).values().stream().anyMatch(query -> query.fits(kind, digest, key));
    }

    /**
     * Reads what is new.
     *
     * @param told of each revocation that this node had not read yet
     */
    synchronized void read(Consumer<CacheQuery> told) throws InterruptedException {
        if (begun || begin(told)) {
            while (store.read(object(position + 1), Text::read) instanceof Found<String>(String text)) {
                learn(position + 1, text, told);
            }
        }
    }

    /** Finds the first number that is of interest; false: the store cannot be had. */
    private boolean begin(Consumer<CacheQuery> told) throws InterruptedException {
        long latest;
        switch (store.read(folder + "latest", Text::read)) {
            case Found<String>(String text) -> latest = number(text);
            case Failed<String>(Failure failure) -> {
                if (!(failure instanceof Missing)) {
                    return false;
                }
                latest = 0;
            }
        }
        long followed = position;
        if (!isNew && followed < latest - KEPT) {
            LOG.log(Level.WARNING, "more was revoked than is kept while this node was away: its cache is emptied");
            told.accept(EVERYTHING);
            isNew = true;
        }
        // what was told before is read again: entries of the others are judged by it
        for (long number = Math.max(1, Math.max(followed, latest) - KEPT + 1); number <= latest; number++) {
            if (store.read(object(number), Text::read) instanceof Found<String>(String text)) {
                learn(number, text, isNew || number <= followed ? _ -> {} : told);
            }
        }
        position = Math.max(followed, latest);
        writeDown();
        begun = true;
        return true;
    }

    private void learn(long number, String text, Consumer<CacheQuery> told) {
        CacheQuery query = parse(text);
        if (query != null) {
            known.put(number, query);
            while (known.size() > KEPT) {
                known.pollFirstEntry();
            }
        }
        if (query != null) {
            told.accept(query);
        }
        // last: what is made of something stale meanwhile counts as older than the revocation
        position = Math.max(position, number);
        writeDown();
    }

    private void writeDown() {
        if (state == null) {
            return;
        }
        try {
            Files.createDirectories(state.getParent());
            Files.writeString(state, position + "\n");
        } catch (IOException e) {
            // read again after the next start, which does no harm
        }
    }

    /**
     * Adds a revocation.
     *
     * @param told of those of others that turn out to stand before it
     * @return false: the store cannot be had, and nobody learns of it
     */
    synchronized boolean add(CacheQuery query, Consumer<CacheQuery> told) throws InterruptedException {
        while (true) {
            read(told);
            if (!begun) {
                return false;
            }
            long number = position + 1;
            Outcome<Boolean> created = store.create(object(number), Text.of(format(query)));
            if (created instanceof Failed) {
                return false;
            }
            if (created instanceof Found<Boolean>(Boolean first) && first) {
                learn(number, format(query), _ -> {});
                refresh();
                if (number > KEPT) {
                    var _ = store.remove(object(number - KEPT));
                }
                return true;
            }
        }
    }

    /** Writes the hint; from time to time, too, where the store forgets what is old. */
    void refresh() throws InterruptedException {
        if (position > 0) {
            var _ = store.write(folder + "latest", Text.of(position + "\n"));
        }
    }

    private String object(long number) {
        return folder + number;
    }

    private static long number(String text) {
        String digits = text.strip();
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }

    // ---- form

    /** {@code kind=...&scope=...&id=...&failures}, as a query of {@code /admin/cache} has it. */
    static String format(CacheQuery query) {
        StringBuilder text = new StringBuilder();
        part(text, "kind", query.kind());
        part(text, "scope", query.scope());
        part(text, "id", query.id());
        return text.append(query.failuresOnly() ? "&failures" : "").append('\n').toString();
    }

    private static void part(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    /** Null: this version of ours cannot read it. */
    static @Nullable CacheQuery parse(String text) {
        String kind = null;
        String scope = null;
        String id = null;
        boolean failures = false;
        try {
            for (String part : text.strip().split("&", -1)) {
                String value = part.substring(part.indexOf('=') + 1);
                switch (part.substring(0, Math.max(0, part.indexOf('=')))) {
                    case "kind" -> kind = URLDecoder.decode(value, StandardCharsets.UTF_8);
                    case "scope" -> scope = URLDecoder.decode(value, StandardCharsets.UTF_8);
                    case "id" -> id = URLDecoder.decode(value, StandardCharsets.UTF_8);
                    case "" -> failures |= value.equals("failures");
                    default -> {
                        return null;
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        return new CacheQuery(kind, scope, id, failures);
    }
}
