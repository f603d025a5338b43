/**
 * Where debug files may be: each kind of source turns a module into the files to ask it for, in order of preference.
 * Nothing is downloaded here but what a source needs to say where its files are: lists, indexes, tokens.
 *
 * <p>First file to read: {@link framewright.sources.Source}, then {@link framewright.sources.Sources}.
 */
@NullMarked
package framewright.sources;

import org.jspecify.annotations.NullMarked;
