/**
 * From a module to its best debug file: all sources are asked for all files that may serve, each file is fetched and
 * looked at once, and every one of them is told of in the answer, from the code that chose.
 *
 * <p>First file to read: {@link framewright.objects.ObjectFinder}.
 */
@NullMarked
package framewright.objects;

import org.jspecify.annotations.NullMarked;
