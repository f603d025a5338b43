package framewright.sourcemap;

import java.util.zip.CRC32C;

/**
 * The file of a {@link SourceMapTable}. All numbers are little-endian and unsigned unless said otherwise; offsets in
 * sections count from the start of the section.
 *
 * <p>The header:
 *
 * <pre>
 *   0  u32  magic, "FWSM"
 *   4  u32  version, {@link #VERSION}
 *   8  u64  length of the file
 *  16  u32  CRC-32C of the header with this field zero
 *  20  u32  module lines
 *  24  u32  mappings
 *  28  u32  blocks
 *  32  u32  sources
 *  36  u32  names
 *  40  u32  chunks
 *  44  u32  function rows
 *  48  u32  function names
 *  52  u32  module paths
 *  56  text file       (text: u32 offset and u32 length in TEXTS, UTF-8; an absent one has the offset 2^32 - 1)
 *  64  text debug id
 *  72  u64 offset and u64 length in the file of each section, in the order below
 * </pre>
 *
 * <p>The sections:
 *
 * <ul>
 *   <li>{@link #CHUNK_DATA}: contents of sources, several in a chunk, each chunk a zlib stream (with its checksum).
 *   <li>{@link #CHUNKS}: a row a chunk: u64 offset, u32 length, u32 length inflated.
 *   <li>{@link #SOURCES}: a row a source: text path, u32 chunk (2^32 - 1 for no content), u32 offset in the inflated
 *       chunk, u32 length, u32 flags (1: ignored), u32 first function row, u32 function rows.
 *   <li>{@link #BLOCK_KEYS}: a u64 a block, line and column (the low half) of its first mapping, ascending.
 *   <li>{@link #BLOCK_STARTS}: a u32 a block, where it starts in BLOCKS; one more for the end.
 *   <li>{@link #BLOCKS}: the mappings, {@link #BLOCK_MAPPINGS} a block, the last one less; see below.
 *   <li>{@link #NAMES}, {@link #FUNCTION_NAMES}, {@link #MODULE_PATHS}: a u32 a text, where it starts in TEXTS; one
 *       more for the end.
 *   <li>{@link #FUNCTION_ROWS}: u64 original position as in BLOCK_KEYS, i32 function name (-1 none, -2 anonymous).
 *   <li>{@link #TEXTS}: UTF-8.
 *   <li>{@link #MODULE_LINES}: an i32 a module of a RAM bundle, its first line in the generated code (-1 none).
 * </ul>
 *
 * <p>A block is a row of nibbles, the low half of a byte first, the last byte filled up with zero. A mapping is one
 * nibble of flags, with {@link #MORE} a second one, and numbers of three bits a nibble, low ones first, the top bit set
 * on all but the last; differences are in zigzag (0, -1, 1, -2 are 0, 1, 2, 3):
 *
 * <pre>
 *   if NEW_LINE        lines past the mapping before, then the generated column; else generated columns past it
 *   unless UNMAPPED    if SOURCE the source's difference, if LINE the line's, if COLUMN the original column's, which
 *                      otherwise is that of the generated columns: code often moves as a piece
 *   if NAMED           the name's difference
 * </pre>
 *
 * <p>Differences are to the last mapping of the block that had the field. A block's first mapping starts from its key,
 * and from zero. Example: the mappings {@code AAAA,IAAIA,EAAC} are one block with the key 0 and the nibbles {@code 0 0},
 * {@code 1 4 0} (named; four columns on, and so is the original; name 0) and {@code 4 2 2} (its own column; two columns
 * on; the original one on).
 *
 * <p>Lookup: binary search in BLOCK_KEYS for the last block that starts before the position; read that block until
 * the position is passed; where the block ends first, the next one's key tells whether it starts exactly there.
 *
 * <p>History of {@link #VERSION}: 1, the first; 2, lines of modules.
 */
final class TableLayout {
    static final int MAGIC = 'F' | 'W' << 8 | 'S' << 16 | 'M' << 24;
    static final int VERSION = 2;

    static final int MODULE_LINE_COUNT = 20;
    static final int MAPPING_COUNT = 24;
    static final int BLOCK_COUNT = 28;
    static final int SOURCE_COUNT = 32;
    static final int NAME_COUNT = 36;
    static final int CHUNK_COUNT = 40;
    static final int FUNCTION_ROW_COUNT = 44;
    static final int FUNCTION_NAME_COUNT = 48;
    static final int MODULE_PATH_COUNT = 52;
    static final int FILE = 56;
    static final int DEBUG_ID = 64;
    static final int SECTION_TABLE = 72;

    static final int CHUNK_DATA = 0;
    static final int CHUNKS = 1;
    static final int SOURCES = 2;
    static final int BLOCK_KEYS = 3;
    static final int BLOCK_STARTS = 4;
    static final int BLOCKS = 5;
    static final int NAMES = 6;
    static final int FUNCTION_NAMES = 7;
    static final int MODULE_PATHS = 8;
    static final int FUNCTION_ROWS = 9;
    static final int TEXTS = 10;
    static final int MODULE_LINES = 11;
    static final int SECTION_COUNT = 12;

    static final int HEADER_LENGTH = SECTION_TABLE + SECTION_COUNT * 16;
    static final int CHUNK_ROW = 16;
    static final int SOURCE_ROW = 32;
    static final int FUNCTION_ROW = 12;
    static final int ABSENT = -1;

    /**
     * Lookups read half a block on average. On a map of 13 MB blocks of 64 make the table 5% smaller and lookups 1.6
     * times as slow; blocks of 16 make it 10% larger and lookups 1.2 times as fast.
     */
    static final int BLOCK_MAPPINGS = 32;

    static final int NAMED = 1;
    static final int LINE = 2;
    static final int COLUMN = 4;
    static final int MORE = 8;

    /** The flags of the second nibble, as they stand beside those of the first. */
    static final int NEW_LINE = 0x10;

    static final int SOURCE = 0x20;
    static final int UNMAPPED = 0x40;
    static final int RANGE = 0x80;

    private TableLayout() {}

    /** The checksum of a header, whatever its checksum field holds. */
    static int checksum(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 16);
        crc.update(new byte[4], 0, 4);
        crc.update(header, 20, HEADER_LENGTH - 20);
        return (int) crc.getValue();
    }
}
