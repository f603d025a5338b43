/**
 * What debug files are called: the ids by which a crash names its modules, the kinds of files that belong to a
 * module, and where each directory layout of a symbol store keeps them. Pure text and numbers: nothing here opens a
 * file or a connection, and everything takes hostile input.
 *
 * <p>First file to read: {@link framewright.debugfiles.ObjectId}, then {@link framewright.debugfiles.Layouts}.
 */
@NullMarked
package framewright.debugfiles;

import org.jspecify.annotations.NullMarked;
