/**
 * Stack traces of the JVM and of Android: obfuscated names and lines to the original ones, and the source around them.
 *
 * <p>{@link framewright.jvm.JvmSymbolication} is the recipe; the other classes are its steps, in this order: {@code
 * MappingLookup} finds the mapping of a module and opens its table; {@code Retraced} asks all of them at once and makes
 * frames of the answer; {@code JvmSources} adds the lines around. The rules of retracing are R8's, and those of the
 * {@code proguard} crate that knows them; {@code docs/jvm.md} lists them.
 *
 * <p>First file to read: {@link framewright.jvm.JvmSymbolication}.
 */
@NullMarked
package framewright.jvm;

import org.jspecify.annotations.NullMarked;
