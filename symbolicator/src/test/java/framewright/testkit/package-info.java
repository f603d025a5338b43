/** What several packages' tests are made with: a clock moved by hand, servers that count, servers that lie,
 * servers of others. */
@NullMarked
package framewright.testkit;

import org.jspecify.annotations.NullMarked;
