package framewright.js;

import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unsupported;
import framewright.nativebridge.JsScopes;
import framewright.nativebridge.NativeException;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The functions of one script, read once they are asked for, or earlier beside other work. */
final class ScriptScopes {
    private static final Logger LOG = Logger.getLogger(ScriptScopes.class.getName());

    /** As the library has it. */
    private static final int MAX_PARSED = 32 << 20;

    private final Script script;
    private final NativePool pool;
    private @Nullable CompletableFuture<Outcome<JsScopes>> parsing;

    ScriptScopes(Script script, NativePool pool) {
        this.script = script;
        this.pool = pool;
    }

    /** Begins to read, and does not wait. */
    void begin() {
        CompletableFuture<?> _ = parsing();
    }

    private synchronized CompletableFuture<Outcome<JsScopes>> parsing() {
        CompletableFuture<Outcome<JsScopes>> begun = parsing;
        if (begun == null) {
            begun = pool.submit(() -> parse(script));
            parsing = begun;
        }
        return begun;
    }

    /** Fails where the script is none, or is not read. */
    Outcome<JsScopes> get() throws InterruptedException {
        try {
            return parsing().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Outcome<JsScopes> parse(Script script) {
        // the library takes UTF-8 only; what was none counts as the characters that engines put in its place
        byte[] text = script.lines().utf8();
        if (text.length == 0 || text.length > MAX_PARSED) {
            return Outcome.failed(new Unsupported("there is no script of a size that is parsed"));
        }
        try {
            return JsScopes.of(text) instanceof NativeResult.Ok<JsScopes>(JsScopes scopes)
                    ? Outcome.found(scopes)
                    : Outcome.failed(new Unsupported("the script is not parsed"));
        } catch (NativeException e) {
            LOG.log(Level.SEVERE, "a script made the parser fail", e);
            return Outcome.failed(new Malformed("the script made the parser fail"));
        }
    }
}
