/**
 * What travels: requests, answers, and the parts that both are made of. Lenient in, exact out. These records use
 * nothing of the service; everything may use them.
 *
 * <p>First file to read: {@link framewright.api.SourceConfig}.
 */
@NullMarked
package framewright.api;

import org.jspecify.annotations.NullMarked;
