package framewright.fetch;

/**
 * What an answer says beside its body; empty where it does not say.
 *
 * @param link the {@code Link} header
 * @param sourceMap the {@code SourceMap} header, or {@code X-SourceMap}, which came before it
 */
public record Head(String link, String sourceMap) {
    public static final Head NONE = new Head("", "");
}
