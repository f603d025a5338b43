/**
 * How bytes come: one download with its retries, redirects and deadlines, streamed to disk under a reservation, and
 * the guard that keeps it from addresses of our own network. Knows no kinds of sources and does not look into files.
 *
 * <p><b>Hostile peers.</b> The server at the other end, and the client that named it, may be anyone. Every name and
 * every hop of a redirect passes {@link framewright.fetch.EgressGuard}; the addresses that it let through are the
 * ones that are connected to. A source of the server's own settings may name any host, and only that one. Heads are bounded in size and time, bodies in both too, whatever length was declared.
 *
 * <p>First file to read: {@link framewright.fetch.Fetcher}.
 */
@NullMarked
package framewright.fetch;

import org.jspecify.annotations.NullMarked;
