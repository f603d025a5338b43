package framewright.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The one JSON configuration: bounds for what comes from outside, buffers shared by virtual threads. */
final class Json {
    /** As deep as the peer reads; also keeps our own recursion shallow. */
    private static final int MAX_DEPTH = 128;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    // The body limit bounds a string already.
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            // Names come from clients: interning them would grow a table of the whole process.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // A pool per thread is of no use to virtual threads, which live for one request.
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build();

    /** For the small subtrees that are read as a tree. */
    static final ObjectMapper TREES = new ObjectMapper(FACTORY);

    private Json() {}

    static JsonParser parser(InputStream body) throws IOException {
        return FACTORY.createParser(body);
    }

    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    }
}
