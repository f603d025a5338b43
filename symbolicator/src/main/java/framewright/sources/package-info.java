/**
 * Where debug files may be: each kind of source turns a module into the files to ask it for, in order of preference.
 * Nothing is downloaded here but what a source needs to say where its files are: lists, indexes, tokens.
 *
 * <p>Artifacts of JavaScript are looked for in {@link framewright.sources.Artifacts}: a new kind of store that has a list
 * implements {@link framewright.sources.ArtifactCatalogue} (an id, whether it is public, and the list of what may hold
 * some files, each with its {@link framewright.fetch.RemoteFile}) and is made in {@link
 * framewright.sources.Sources#artifacts}; one that only keeps files under paths implements {@link
 * framewright.sources.Source#at}.
 *
 * <p>First file to read: {@link framewright.sources.Source}, then {@link framewright.sources.Sources}.
 */
@NullMarked
package framewright.sources;

import org.jspecify.annotations.NullMarked;
