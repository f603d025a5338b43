/**
 * Turns bytes that somebody sends into files that are known and kept.
 *
 * <p>{@link framewright.uploads.Receiver} writes and hashes what arrives, {@link framewright.uploads.Uploads} says what it
 * is and keeps it, {@link framewright.uploads.Assembler} puts together what came in parts. What a file is follows from its
 * bytes; its name only helps where the bytes do not say which object they belong to. A file that cannot be used is a value
 * with a sentence that names it.
 */
@NullMarked
package framewright.uploads;

import org.jspecify.annotations.NullMarked;
