package framewright.debugfiles;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a symstore says that it holds. {@code 000Admin/lastid.txt} is the number of its last transaction, and
 * {@code 000Admin/0000000001} and so on list what each has added, one file a line:
 * {@code "name\ID","where it came from"}.
 */
public final class SymstoreIndex {
    /** Path of the file with the number of the last transaction. */
    public static final String LAST_ID = "000Admin/lastid.txt";

    /** Stores with more transactions than this are not read: each costs a request. */
    public static final int MAX_TRANSACTIONS = 10_000;

    private SymstoreIndex() {}

    /** Path of one transaction's list, counted from 1. */
    public static String transaction(int number) {
        return "000Admin/%010d".formatted(number);
    }

    /** The number in {@code lastid.txt}; -1 where the text is none or more than {@link #MAX_TRANSACTIONS}. */
    public static int lastId(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        long id = Long.parseLong(digits);
        return id > MAX_TRANSACTIONS ? -1 : (int) id;
    }

    /** Adds the paths ({@code name/ID/name}) that a transaction lists; lines of another form are passed over. */
    public static void read(String transaction, Set<String> paths) {
        transaction.lines().forEach(line -> {
            String path = path(line);
            if (path != null) {
                paths.add(path);
            }
        });
    }

    /** The paths that a transaction lists. */
    public static Set<String> read(String transaction) {
        Set<String> paths = new HashSet<>();
        read(transaction, paths);
        return paths;
    }

    private static @Nullable String path(String line) {
        int end = line.startsWith("\"") ? line.indexOf('"', 1) : -1;
        if (end < 0) {
            return null;
        }
        String entry = line.substring(1, end);
        int separator = entry.indexOf('\\');
        if (separator <= 0 || separator == entry.length() - 1 || entry.indexOf('\\', separator + 1) >= 0) {
            return null;
        }
        String name = entry.substring(0, separator);
        return name + "/" + entry.substring(separator + 1) + "/" + name;
    }
}
