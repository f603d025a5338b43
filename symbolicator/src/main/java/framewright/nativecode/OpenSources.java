package framewright.nativecode;

import framewright.nativebridge.SourceFiles;

/** @param file lease on what the sources are read from */
public record OpenSources(SourceFiles sources, Held file) implements AutoCloseable {
    @Override
    public void close() {
        sources.close();
        file.close();
    }
}
