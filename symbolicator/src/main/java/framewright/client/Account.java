package framewright.client;

import org.jspecify.annotations.Nullable;

/**
 * Whom to ask, and as who.
 *
 * @param url of the server, without the path of its API
 * @param token null: none
 * @param organization slug or number
 * @param project slug or number
 */
public record Account(String url, @Nullable String token, String organization, String project) {}
