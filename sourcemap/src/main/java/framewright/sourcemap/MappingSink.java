package framewright.sourcemap;

/** Receives mappings one by one, in the terms of {@link Mapping}. */
interface MappingSink {
    void mapping(int generatedLine, int generatedColumn, int source, int line, int column, int name, boolean range);
}
