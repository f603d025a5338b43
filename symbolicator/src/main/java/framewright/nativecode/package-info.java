/**
 * Native stack traces: from a request to resolved frames. {@link framewright.nativecode.NativeSymbolication} is the
 * recipe; the other classes are its steps, in this order: {@code DebugLookup} finds a module's debug file and asks it,
 * over {@code DerivedFiles}, which keeps tables and converts; {@code FrameAssembler} makes frames of the answers;
 * {@code SourceContext} adds the lines around them.
 *
 * <p><b>What is kept.</b> Three layers, each over the next: frames by address ({@code TableFrames}, in memory, texts
 * ready to be sent), open tables ({@link framewright.cache.OpenCache}), tables on disk
 * ({@link framewright.cache.Caches}). A request whose addresses were seen before makes no native call.
 *
 * <p><b>First answers.</b> Converting a large debug file takes seconds to minutes. Until that is done, which happens in
 * the background, its frames are read straight from the file.
 *
 * <p>First file to read: {@link framewright.nativecode.NativeSymbolication}.
 */
@NullMarked
package framewright.nativecode;

import org.jspecify.annotations.NullMarked;
