package framewright.sourcemap;

import static framewright.sourcemap.TableLayout.HAS_LINE;
import static framewright.sourcemap.TableLayout.HAS_NEW_LINE;
import static framewright.sourcemap.TableLayout.HAS_SOURCE;
import static framewright.sourcemap.TableLayout.IS_MAPPED;
import static framewright.sourcemap.TableLayout.IS_NAMED;
import static framewright.sourcemap.TableLayout.IS_RANGE;

/**
 * Packs mappings into blocks as {@link TableLayout} describes. They have to come in order of generated position;
 * what others leave behind is worth nothing, but harmless to throw away.
 */
final class BlockWriter implements MappingSink {
    final ByteSink keys = new ByteSink(1 << 12);
    final ByteSink starts = new ByteSink(1 << 12);
    final ByteSink blocks = new ByteSink(1 << 16);
    private int mappingCount;
    private int previousLine;
    private int previousColumn;
    private int previousSource;
    private int previousOriginalLine;
    private int previousOriginalColumn;
    private int previousName;

    int mappingCount() {
        return mappingCount;
    }

    int blockCount() {
        return starts.size() / Integer.BYTES;
    }

    @Override
    public void mapping(
            int generatedLine, int generatedColumn, int source, int line, int column, int name, boolean range) {
        if (mappingCount++ % TableLayout.BLOCK_MAPPINGS == 0) {
            startBlock(generatedLine, generatedColumn);
        }
        boolean mapped = source != Mapping.NONE;
        boolean newLine = generatedLine != previousLine;
        int flags = (newLine ? HAS_NEW_LINE : 0) | (range ? IS_RANGE : 0) | (name == Mapping.NONE ? 0 : IS_NAMED);
        if (mapped) {
            flags |= IS_MAPPED
                    | (source == previousSource ? 0 : HAS_SOURCE)
                    | (line == previousOriginalLine ? 0 : HAS_LINE);
        }
        blocks.put(flags);
        if (newLine) {
            blocks.putVarint(generatedLine - previousLine);
            blocks.putVarint(generatedColumn);
        } else {
            blocks.putVarint(generatedColumn - previousColumn);
        }
        previousLine = generatedLine;
        previousColumn = generatedColumn;
        if (mapped) {
            original(source, line, column);
        }
        if (name != Mapping.NONE) {
            blocks.putZigzag(name - previousName);
            previousName = name;
        }
    }

    private void original(int source, int line, int column) {
        if (source != previousSource) {
            blocks.putZigzag(source - previousSource);
            previousSource = source;
        }
        if (line != previousOriginalLine) {
            blocks.putZigzag(line - previousOriginalLine);
            previousOriginalLine = line;
        }
        blocks.putZigzag(column - previousOriginalColumn);
        previousOriginalColumn = column;
    }

    private void startBlock(int line, int column) {
        keys.putLong(MappingsDecoder.position(line, column));
        starts.putInt(blocks.size());
        previousLine = line;
        previousColumn = column;
        previousSource = 0;
        previousOriginalLine = 0;
        previousOriginalColumn = 0;
        previousName = 0;
    }
}
