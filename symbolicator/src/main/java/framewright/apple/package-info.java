/**
 * Apple crash reports, as files of either form: the text that systems wrote up to iOS 14 and macOS 11 and that viewers
 * still show, and the JSON of {@code .ips} files since. Nothing here looks anything up: a report becomes stacks,
 * modules and facts.
 *
 * <p>Reports come from anyone: they are read as a stream, and how much is kept of one is bounded ({@code Kept}).
 *
 * <p>First file to read: {@link framewright.apple.AppleReports}.
 */
@NullMarked
package framewright.apple;

import org.jspecify.annotations.NullMarked;
