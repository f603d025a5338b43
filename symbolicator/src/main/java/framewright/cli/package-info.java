/**
 * The command line: the server, and the same engine without one. Every failure says what to do next.
 *
 * <p>First file to read: {@link framewright.cli.Cli}.
 */
@NullMarked
package framewright.cli;

import org.jspecify.annotations.NullMarked;
