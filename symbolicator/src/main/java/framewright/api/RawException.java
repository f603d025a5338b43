package framewright.api;

import org.jspecify.annotations.Nullable;

/**
 * What was thrown, as the program's runtime says it; ours alone in native requests.
 *
 * @param type name of its class
 * @param value its message
 */
public record RawException(@Nullable String type, @Nullable String value) {}
