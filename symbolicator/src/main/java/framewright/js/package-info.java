/**
 * JavaScript: frames of minified scripts to the sources they were made of.
 *
 * <p>Flow: {@link framewright.js.JsSymbolication} is the recipe. {@link framewright.js.ArtifactFinder} finds, for one
 * request, each script with its source map: in bundles, as single files, on the web, in that order. {@link
 * framewright.js.Scripts} and {@link framewright.js.SourceMaps} keep what was found ready to be asked, for all
 * requests. {@link framewright.js.FrameResolver} makes frames of what they answer.
 *
 * <p>First file to read: {@link framewright.js.JsSymbolication}. What was weighed is in decisions 0014 and 0020.
 */
@NullMarked
package framewright.js;

import org.jspecify.annotations.NullMarked;
