package framewright.api;

import framewright.api.CrashRequest.RewriteRule;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a {@link CrashRequest}, one by one in any order; each holds JSON. Of equal ones the last counts. */
public final class CrashForm {
    private CrashRequest read = CrashRequest.PLAIN;

    /** @param rewrites whether {@code rewrite_first_module} is one of the fields */
    public static boolean isField(String name, boolean rewrites) {
        return switch (name) {
            case "platform", "sources", "options", "scraping" -> true;
            case "rewrite_first_module" -> rewrites;
            default -> false;
        };
    }

    /**
     * Reads a field's value to its end.
     *
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     */
    public void read(String name, InputStream value) {
        JsonIn.document(value, in -> read(name, in));
    }

    /** Reads the value that the reader is at; false where there is no such field, and it is passed over. */
    boolean read(String name, JsonIn in) throws IOException {
        switch (name) {
            case "platform" -> set(in.text(), read.sources(), read.options(), read.scraping());
            case "sources" -> set(read.platform(), RequestReader.sources(in), read.options(), read.scraping());
            case "options" -> set(read.platform(), read.sources(), RequestReader.options(in), read.scraping());
            case "scraping" -> set(read.platform(), read.sources(), read.options(), RequestReader.scraping(in));
            case "rewrite_first_module" -> rewrite(rules(in));
            default -> {
                in.skip();
                return false;
            }
        }
        return true;
    }

    /**
     * Reads an object that has the fields by name, and {@code extended} besides.
     *
     * @throws MalformedJsonException where it is no JSON
     * @throws InvalidRequestException where it is JSON of another form
     */
    public static CrashRequest readAll(InputStream object) {
        return JsonIn.document(object, in -> {
            CrashForm form = new CrashForm();
            boolean extended = false;
            in.object();
            String name;
            while ((name = in.nextField()) != null) {
                if (name.equals("extended")) {
                    extended = in.flag(false);
                } else {
                    var _ = form.read(name, in);
                }
            }
            return form.request(extended);
        });
    }

    /** @param extended whether to tell all */
    public CrashRequest request(boolean extended) {
        return new CrashRequest(
                read.platform(), read.sources(), read.options(), read.scraping(), read.rewriteFirstModule(), extended);
    }

    private void set(
            @Nullable String platform,
            @Nullable List<SourceConfig> sources,
            SymbolicateOptions options,
            Scraping scraping) {
        read = new CrashRequest(platform, sources, options, scraping, read.rewriteFirstModule(), false);
    }

    private void rewrite(List<RewriteRule> rules) {
        read = new CrashRequest(read.platform(), read.sources(), read.options(), read.scraping(), rules, false);
    }

    private static List<RewriteRule> rules(JsonIn in) throws IOException {
        if (!in.array()) {
            return List.of();
        }
        List<RewriteRule> rules = new ArrayList<>();
        while (in.nextElement()) {
            rules.add(rule(in));
        }
        return rules;
    }

    private static RewriteRule rule(JsonIn in) throws IOException {
        String from = null;
        String to = null;
        in.object();
        String name;
        while ((name = in.nextField()) != null) {
            switch (name) {
                case "from" -> from = in.text();
                case "to" -> to = in.text();
                default -> in.skip();
            }
        }
        if (from == null) {
            throw in.missing("from");
        }
        if (to == null) {
            throw in.missing("to");
        }
        return new RewriteRule(from, to);
    }
}
