package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link SymbolicateRequest}.
 *
 * @param signal as the request said
 * @param stacktraces in the order of the request
 * @param modules in the order of the request
 */
public record SymbolicateResponse(
        @Nullable Long signal, List<ResolvedStacktrace> stacktraces, List<ResolvedModule> modules) implements Answer {

    @Override
    public void writeFields(JsonGenerator out) throws IOException {
        ResponseWriter.write(this, out);
    }
}
