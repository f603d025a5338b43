/** What several packages' tests are made with: a clock moved by hand, servers that count, servers that lie. */
@NullMarked
package framewright.testkit;

import org.jspecify.annotations.NullMarked;
