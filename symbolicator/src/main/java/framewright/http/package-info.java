/**
 * The HTTP API. Each request runs on a virtual thread of its own and blocks where it has to wait.
 *
 * <p>First file to read: {@link framewright.http.Routes}, which lists every URL.
 */
@NullMarked
package framewright.http;

import org.jspecify.annotations.NullMarked;
