//! Bounds on what one input may cost, each with its unit and reason.

/// Addresses in one reply. A request has at most a few hundred thousand frames in all.
pub const MAX_REPLY_ADDRESSES: usize = 1 << 20;

/// Rows in one reply: a million addresses with a few inlined calls each; 256 MiB of rows.
pub const MAX_REPLY_ROWS: usize = 1 << 22;

/// Bytes of strings in one reply; a Java array ends at 2 GiB and must hold rows and strings.
pub const MAX_REPLY_STRING_BYTES: usize = 512 << 20;

/// Bytes that one compressed section of an object may decompress to. The largest `.debug_info` seen
/// (a browser with all symbols) has 2 to 3 GiB; what is larger counts as absent.
pub const MAX_DECOMPRESSED_SECTION_BYTES: usize = 4 << 30;

/// How many times the size of the whole file one of its sections may decompress to. Debug
/// information compresses to a third or a fifth; a file of zeros reaches a thousand.
pub const MAX_SECTION_EXPANSION: usize = 64;

/// What a section may decompress to in bytes however small the file is.
pub const MIN_DECOMPRESSED_SECTION_BYTES: usize = 16 << 20;

/// Bytes of the manifest of a source bundle. A million files with a path and headers each.
pub const MAX_BUNDLE_MANIFEST_BYTES: u64 = 256 << 20;

/// Bytes that one source file embedded in a bundle or portable PDB may decompress to.
pub const MAX_EMBEDDED_SOURCE_BYTES: usize = 64 << 20;

/// Bytes of a side file (BCSymbolMap, UUID map, il2cpp mapping) that is read into memory.
pub const MAX_SIDE_FILE_BYTES: u64 = 1 << 30;

/// Slices that a fat archive may list; the largest real ones have six.
pub const MAX_ARCHIVE_OBJECTS: usize = 64;

/// Bytes of one line of a mapping; what is longer is passed over. The longest real ones are lists of
/// positions of an outline, with some thousands.
pub const MAX_MAPPING_LINE_BYTES: usize = 1 << 20;

/// Bytes of mapping that become one segment of its table, unless they have to be split up; the largest
/// real class has some megabytes, and reading one takes ten to fifty times its size.
pub const MAX_MAPPING_SEGMENT_BYTES: usize = 32 << 20;

/// Classes and marked methods of a mapping; an entry of each is in memory while it is converted.
/// The largest real mappings have a million.
pub const MAX_MAPPING_CLASSES: u64 = 4 << 20;

/// Frames that one obfuscated frame may become. Real ones are inlined calls, some tens.
pub const MAX_FRAMES_OF_ONE: usize = 1000;

/// Frames that are made for one request, those that are left out included.
pub const MAX_REMAPPED_FRAMES: usize = 1 << 22;

/// Bytes of the names that are made for one request, and of the texts that they are printed in: four times the
/// longest request.
pub const MAX_REMAPPED_BYTES: usize = 256 << 20;

/// Sets of obfuscated frames that are remembered with what they became. A large program has some ten
/// thousand frames that crash, of which a set holds a few.
pub const REMEMBERED_SETS: usize = 8192;

/// Bytes of a set, and of one frame in it: 64 MiB are all of them at most. What takes more, as some
/// tens of inlined calls do, is made anew each time.
pub const MAX_REMEMBERED_BYTES: usize = 8 << 10;

/// Time that the obfuscated frames of one request may take. A mapping whose every line is of one method
/// makes each frame look through all of it.
pub const MAX_REMAP_TIME: std::time::Duration = std::time::Duration::from_secs(20);

/// Bytes of a script whose functions are found. The largest bundles have 20 MB; trees take about
/// thirty times the script while it is parsed.
pub const MAX_SCRIPT_BYTES: usize = 32 << 20;

/// Nesting of a script whose functions are found, as `js_nesting` counts it. Real bundles stay below
/// a thousand; the stack of a parsing thread has room for this, whatever nests.
pub const MAX_SCRIPT_NESTING: usize = 5000;

/// Parts of all names of a script. Real bundles have a hundred thousand; what nests deep in objects has
/// a part for each level.
pub const MAX_NAME_PARTS: usize = 4 << 20;
