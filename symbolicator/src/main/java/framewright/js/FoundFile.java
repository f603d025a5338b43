package framewright.js;

import framewright.api.JsFileKey;
import framewright.api.JsOrigin;
import framewright.api.Outcome;
import framewright.api.ResolvedWith;
import framewright.api.ScrapingAttempt;
import org.jspecify.annotations.Nullable;

/**
 * What became of looking for a file.
 *
 * @param origin where it was found; null where nobody was asked
 * @param attempt whether it was fetched from the web; null where it could not be
 */
record FoundFile(
        JsFileKey key,
        @Nullable JsOrigin origin,
        ResolvedWith resolvedWith,
        Outcome<Content> content,
        @Nullable ScrapingAttempt attempt) {}
