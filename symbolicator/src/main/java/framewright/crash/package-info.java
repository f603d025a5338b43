/**
 * Crash files: from a minidump or an Apple report to resolved stacks.
 *
 * <p><b>Minidumps</b> are read and walked by processes of the program {@code framewright-crash}, since a hostile dump
 * must not take the server down: each has bounds of memory and CPU time, works on one dump at a time, and is ended where
 * it reaches a bound. It never fetches anything. It says which files it lacks, {@code DumpWalk} finds them, and it goes
 * on; both sides speak JSON over its standard input and output. What it says is taken as coming from the dump.
 *
 * <p>Once there are stacks, they are resolved as those of any request ({@code framewright.nativecode}).
 *
 * <p>First file to read: {@link framewright.crash.CrashSymbolication}.
 */
@NullMarked
package framewright.crash;

import org.jspecify.annotations.NullMarked;
