package framewright.sourcemap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays out one table; see {@link TableLayout}. */
final class TableWriter {
    private final SourceDocument document;
    private final PackedMappings mappings;
    private final FileChannel file;
    private final ByteSink header = new ByteSink(TableLayout.HEADER_LENGTH);
    private final ByteSink sections = new ByteSink(TableLayout.SECTION_COUNT * 16);
    private final ByteSink texts = new ByteSink(1 << 16);
    private final ByteSink sources = new ByteSink(1 << 12);
    private final ByteSink functionRows = new ByteSink(1 << 8);
    private final Map<String, Integer> functionNames = new HashMap<>();
    private final ByteSink functionNameStarts = new ByteSink(1 << 8);
    private final ByteSink functionTexts = new ByteSink(1 << 8);
    private long position;

    TableWriter(SourceDocument document, PackedMappings mappings, FileChannel file) {
        this.document = document;
        this.mappings = mappings;
        this.file = file;
    }

    /** Writes everything; gives the length of the file. */
    long write() throws IOException {
        position = TableLayout.HEADER_LENGTH;
        file.position(position);
        int chunkCount;
        try (ContentWriter contents = new ContentWriter(file)) {
            for (int i = 0; i < document.sources.size(); i++) {
                source(i, contents);
            }
            contents.finish();
            section(contents.written());
            section(contents.chunks);
            chunkCount = contents.chunkCount();
        }
        ByteSink names = names();
        ByteSink modulePaths = modulePaths();
        ByteSink functionNameOffsets = functionNameOffsets();
        long fileText = text(document.file);
        long debugIdText = text(document.debugId);
        section(sources);
        section(mappings.keys());
        section(mappings.starts());
        section(mappings.blocks());
        section(names);
        section(functionNameOffsets);
        section(modulePaths);
        section(functionRows);
        section(texts);
        section(document.moduleLines);
        header(chunkCount, fileText, debugIdText);
        return position;
    }

    private void header(int chunkCount, long fileText, long debugIdText) throws IOException {
        header.putInt(TableLayout.MAGIC);
        header.putInt(TableLayout.VERSION);
        header.putLong(position);
        header.putInt(0);
        header.putInt(document.moduleLines.size() / Integer.BYTES);
        header.putInt(mappings.count());
        header.putInt(mappings.blockCount());
        header.putInt(document.sources.size());
        header.putInt(document.names.size());
        header.putInt(chunkCount);
        header.putInt(functionRows.size() / TableLayout.FUNCTION_ROW);
        header.putInt(functionNames.size());
        header.putInt(document.modulePaths.size());
        header.putLong(fileText);
        header.putLong(debugIdText);
        header.put(sections.array(), 0, sections.size());
        int checksum = TableLayout.checksum(header.array());
        ByteBuffer bytes = ByteBuffer.wrap(header.array(), 0, header.size());
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes.put(16 + i, (byte) (checksum >>> (i * Byte.SIZE)));
        }
        file.position(0);
        Channels.writeAll(file, bytes);
    }

    private void section(ByteSink bytes) throws IOException {
        section(bytes.segment());
    }

    private void section(MemorySegment bytes) throws IOException {
        Channels.writeAll(file, bytes.asByteBuffer());
        section(bytes.byteSize());
    }

    private void section(long length) {
        sections.putLong(position);
        sections.putLong(length);
        position += length;
    }

    private void source(int index, ContentWriter contents) throws IOException {
        sources.putLong(text(document.sources.get(index)));
        contents.add(document.contents, index, sources);
        sources.putInt(document.ignored.get(index) ? 1 : 0);
        int first = functionRows.size() / TableLayout.FUNCTION_ROW;
        FunctionMap functions = document.functions.get(index);
        if (functions != null) {
            functions(functions);
        }
        sources.putInt(first);
        sources.putInt(functionRows.size() / TableLayout.FUNCTION_ROW - first);
    }

    private void functions(FunctionMap functions) {
        for (int row = 0; row < functions.size(); row++) {
            functionRows.putLong(MappingsDecoder.position(functions.line(row), functions.column(row)));
            int name = functions.name(row);
            functionRows.putInt(name < 0 ? name : functionName(functions.names().get(name)));
        }
    }

    private int functionName(String name) {
        return functionNames.computeIfAbsent(name, added -> {
            functionNameStarts.putInt(functionTexts.size());
            put(added, functionTexts);
            return functionNames.size();
        });
    }

    private ByteSink names() {
        ByteSink starts = new ByteSink((document.names.size() + 1) * Integer.BYTES);
        for (int i = 0; i < document.names.size(); i++) {
            starts.putInt(texts.size());
            if (document.names.isPresent(i)) {
                document.names.write(i, texts);
            }
        }
        starts.putInt(texts.size());
        return starts;
    }

    private ByteSink modulePaths() {
        ByteSink starts = new ByteSink(16);
        List<String> paths = document.modulePaths;
        for (String path : paths) {
            starts.putInt(texts.size());
            put(path, texts);
        }
        starts.putInt(texts.size());
        return starts;
    }

    /** Function names follow the other texts, in a run of their own. */
    private ByteSink functionNameOffsets() {
        ByteSink starts = new ByteSink(functionNameStarts.size() + Integer.BYTES);
        ByteBuffer relative = ByteBuffer.wrap(functionNameStarts.array(), 0, functionNameStarts.size())
                .order(ByteOrder.LITTLE_ENDIAN);
        while (relative.hasRemaining()) {
            starts.putInt(texts.size() + relative.getInt());
        }
        texts.put(functionTexts.array(), 0, functionTexts.size());
        starts.putInt(texts.size());
        return starts;
    }

    /** Adds a text; gives its offset and, in the high half, its length. */
    private long text(@Nullable String text) {
        if (text == null) {
            return Integer.toUnsignedLong(TableLayout.ABSENT);
        }
        int start = texts.size();
        put(text, texts);
        return (long) (texts.size() - start) << 32 | start;
    }

    private static void put(String text, ByteSink into) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        into.put(utf8, 0, utf8.length);
    }
}
