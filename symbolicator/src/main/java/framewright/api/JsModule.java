package framewright.api;

import framewright.debugfiles.DebugId;
import org.jspecify.annotations.Nullable;

/**
 * A script that was loaded, with the id that its bundler gave it.
 *
 * @param codeFile its address, as frames name it
 * @param debugId null where the request has none that can be read
 */
public record JsModule(String codeFile, @Nullable DebugId debugId) {}
