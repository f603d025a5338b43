package framewright.api;

import java.util.List;
import java.util.Map;

/**
 * Whether and how source files that a debug file only links to are fetched from the web.
 *
 * @param verifySsl whether certificates must be valid
 * @param allowedOrigins rules for the addresses that {@code headers} are sent to; {@code *}: all
 * @param headers sent along, e.g. credentials
 */
public record Scraping(boolean enabled, boolean verifySsl, List<String> allowedOrigins, Map<String, String> headers) {
    public static final Scraping DEFAULT = new Scraping(true, true, List.of("*"), Map.of());

    public Scraping {
        allowedOrigins = List.copyOf(allowedOrigins);
        headers = Map.copyOf(headers);
    }

    /** The same, but nothing is fetched. */
    public Scraping disabled() {
        return new Scraping(false, verifySsl, allowedOrigins, headers);
    }

    /** Without the headers' values, which are secrets. */
    @Override
    public String toString() {
        return "Scraping[enabled=" + enabled + ", allowedOrigins=" + allowedOrigins + ", headers=" + headers.keySet()
                + "]";
    }
}
