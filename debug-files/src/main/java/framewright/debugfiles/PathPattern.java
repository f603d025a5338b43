package framewright.debugfiles;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A glob on whole paths: {@code ?} one character, {@code *} any number of them (also across {@code /}),
 * {@code **} whole folders, {@code [a-z]} and {@code [!a-z]} one of a set. Case does not count, and {@code \} equals
 * {@code /} in the path.
 */
public final class PathPattern {
    /** Bounds of the work that one match can cause: {@value} characters of pattern times those of path. */
    private static final int MAX_PATTERN = 512;

    private static final int MAX_PATH = 4096;

    private sealed interface Token {
        record One(char c) implements Token {}

        record Any() implements Token {}

        record Set(List<char[]> ranges, boolean negated) implements Token {}

        /** Any number of characters. */
        record Star() implements Token {}

        /** Nothing, or any number of characters up to and with a {@code /}. */
        record Folders() implements Token {}
    }

    private final List<Token> tokens;

    private PathPattern(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @return null where the pattern is none: an open set, {@code **} beside other characters, or too long */
    public static @Nullable PathPattern of(String text) {
        if (text.length() > MAX_PATTERN) {
            return null;
        }
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int next = at + 1;
            switch (c) {
                case '?' -> tokens.add(new Token.Any());
                case '*' -> {
                    next = stars(text, at, tokens);
                }
                case '[' -> {
                    next = set(text, at, tokens);
                }
                default -> tokens.add(new Token.One(fold(c)));
            }
            if (next < 0) {
                return null;
            }
            at = next;
        }
        return new PathPattern(List.copyOf(tokens));
    }

    /** Position after the stars, -1 where they are not allowed. */
    private static int stars(String text, int at, List<Token> tokens) {
        int end = at;
        while (end < text.length() && text.charAt(end) == '*') {
            end++;
        }
        if (end - at == 1) {
            tokens.add(new Token.Star());
            return end;
        }
        boolean starts = at == 0 || text.charAt(at - 1) == '/';
        boolean ends = end == text.length() || text.charAt(end) == '/';
        if (end - at > 2 || !starts || !ends) {
            return -1;
        }
        if (end == text.length()) {
            tokens.add(new Token.Star());
            return end;
        }
        tokens.add(new Token.Folders());
        return end + 1;
    }

    /** Position after the set, -1 where it has no end. A {@code ]} that comes first is a member. */
    private static int set(String text, int at, List<Token> tokens) {
        int start = at + 1;
        boolean negated = start < text.length() && text.charAt(start) == '!';
        start += negated ? 1 : 0;
        int end = text.indexOf(']', start + 1);
        if (end < 0) {
            return -1;
        }
        List<char[]> ranges = new ArrayList<>();
        for (int i = start; i < end; i++) {
            boolean range = i + 2 < end && text.charAt(i + 1) == '-';
            ranges.add(new char[] {fold(text.charAt(i)), fold(text.charAt(range ? i + 2 : i))});
            i += range ? 2 : 0;
        }
        tokens.add(new Token.Set(List.copyOf(ranges), negated));
        return end + 1;
    }

    /** Whether the whole path is covered; a path of more than {@value #MAX_PATH} characters never is. */
    public boolean matches(String path) {
        if (path.length() > MAX_PATH) {
            return false;
        }
        // Bit i: the tokens so far can cover the first i characters. No backtracking, hence no blow-up.
        BitSet reached = new BitSet(path.length() + 1);
        reached.set(0);
        for (Token token : tokens) {
            reached = step(token, path, reached);
            if (reached.isEmpty()) {
                return false;
            }
        }
        return reached.get(path.length());
    }

    private static BitSet step(Token token, String path, BitSet from) {
        BitSet to = new BitSet(path.length() + 1);
        switch (token) {
            case Token.Star() -> to.set(from.nextSetBit(0), path.length() + 1);
            case Token.Folders() -> {
                to.or(from);
                for (int i = from.nextSetBit(0); i < path.length(); i++) {
                    to.set(i + 1, to.get(i + 1) || fold(path.charAt(i)) == '/');
                }
            }
            default -> {
                for (int i = from.nextSetBit(0); i >= 0 && i < path.length(); i = from.nextSetBit(i + 1)) {
                    to.set(i + 1, takes(token, fold(path.charAt(i))));
                }
            }
        }
        return to;
    }

    private static boolean takes(Token token, char c) {
        return switch (token) {
            case Token.One(char wanted) -> c == wanted;
            case Token.Set(List<char[]> ranges, boolean negated) ->
                negated != ranges.stream().anyMatch(range -> range[0] <= c && c <= range[1]);
            default -> true;
        };
    }

    private static char fold(char c) {
        return c == '\\' ? '/' : Character.toLowerCase(c);
    }
}
