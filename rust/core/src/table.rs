//! The lookup table (`FWT1`): what a whole object is converted to, once, so that an address costs a
//! binary search and a few copies.
//!
//! # Layout
//!
//! Little endian; sections follow each other in this order, each aligned to 8 bytes; the file ends
//! with the last one. Every section's place follows from the counts in the header.
//!
//! ```text
//! header 128   0 u32 magic 0x31545746 ("FWT1"), u32 version
//!              8 u32 architecture (symbolic's number), u32 flags (bit 0: variables)
//!             16 debug id as text, zero padded to 48 bytes
//!             64 u32 n_ranges, n_locations, n_functions, 0
//!             80 u64 strings_len, u64 symcache_len
//!             96 zero
//! ranges       u32 start address, ascending; range i ends where range i + 1 starts
//! locations 16 u32 path, line, function, inlined_into; range i belongs to location
//!              n_locations - n_ranges + i, the ones before are call sites
//! functions 16 u32 symbol, function (demangled), entry_pc, lang (index of wire::LANGUAGES)
//! strings      LEB128 length, UTF-8; a string is named by its offset here
//! symcache     symbolic's own table, only with flag bit 0; used for variables and nothing else
//! ```
//!
//! `u32::MAX` means none, everywhere: a location without path has no file, one without function is a
//! gap between functions, one without `inlined_into` is outermost, a function without `entry_pc` only
//! occurs inlined.
//!
//! # Why not the SymCache itself
//!
//! Symbolic's format keeps mangled names and the three parts of a path, so each frame of each lookup
//! demangles and joins again. Here both are done while building: lookups dominate by thousands to
//! one. Paths sit in the location instead of a file section, which saves one page per lookup of a
//! cold map.
//!
//! # Example
//!
//! `run` at `0x10..0x30`, line 7 of `a.c`, with `step` from `b.c` inlined at `0x18..0x20`:
//!
//! ```text
//! ranges     0x10       0x18                  0x20       0x30
//! locations  [0] a.c:7 run                    a call site, only named by [2]
//!            [1] a.c:7 run   [2] b.c:3 step into [0]   [3] a.c:7 run   [4] none
//! ```
//!
//! 0x1a falls into the second range, so into location 4 - 4 + 1 + 1 = [2]: `step` at b.c:3, then [0]:
//! `run` at a.c:7.
//!
//! # Version history
//!
//! 1: first version.
//! 2: rows of DWARF are made by `dwarf_functions`, not by symbolic's converter: inlined calls without
//!    a line of their own are kept, each piece of a function has the name of its own symbol, and
//!    neighbours that say the same are one range.
//! 3: symbols of ELF files that have no size end with their section.

use std::io::{self, Write};

use symbolic_common::{Arch, DebugId};

use crate::bytes::SharedBytes;
use crate::error::Error;
use crate::sections::{
    DEBUG_ID_BYTES, Section, debug_id_text, header, long, malformed, place, read_debug_id, record,
    word,
};

/// First word of a table: `FWT1` read as little endian.
pub const MAGIC: u32 = u32::from_le_bytes(*b"FWT1");
/// Version of the layout and of everything that the build step decides (names, paths). The name of
/// the cache folder contains it; see the version history above.
pub const VERSION: u32 = 3;
/// Size of the header in bytes.
pub const HEADER_BYTES: usize = 128;
/// Size of one range in bytes.
pub const RANGE_BYTES: usize = 4;
/// Size of one location, and of one function, in bytes.
pub const RECORD_BYTES: usize = 16;
/// An index, offset or address that is not there.
pub const NONE: u32 = u32::MAX;

const FLAG_VARIABLES: u32 = 1;

/// What a range or call site says about its source, by index and string offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// String offset of the full path, or [`NONE`].
    pub path: u32,
    /// Source line, 0 = unknown.
    pub line: u32,
    /// Index of the function, or [`NONE`] in a gap.
    pub function: u32,
    /// Index of the call site, always lower than this location's own; or [`NONE`].
    pub inlined_into: u32,
}

/// One function, by string offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// String offset of the name as the object stores it.
    pub symbol: u32,
    /// String offset of the demangled name; the same as `symbol` when there is none.
    pub function: u32,
    /// Entry address relative to the image, or [`NONE`] for a function that only occurs inlined.
    pub entry_pc: u32,
    /// Index into [`crate::wire::LANGUAGES`].
    pub lang: u32,
}

impl Location {
    /// The record as it is written.
    pub fn to_bytes(self) -> [u8; RECORD_BYTES] {
        record([self.path, self.line, self.function, self.inlined_into])
    }
}

impl Function {
    /// The record as it is written.
    pub fn to_bytes(self) -> [u8; RECORD_BYTES] {
        record([self.symbol, self.function, self.entry_pc, self.lang])
    }
}

/// A finished table in memory, by section. Written by [`write_to`](Self::write_to).
#[derive(Debug, Default)]
pub struct TableImage {
    /// Architecture of the object.
    pub arch: Arch,
    /// Debug identifier of the object.
    pub debug_id: DebugId,
    /// Encoded ranges.
    pub ranges: Vec<u8>,
    /// Encoded locations, at least as many as ranges.
    pub locations: Vec<u8>,
    /// Encoded functions.
    pub functions: Vec<u8>,
    /// The string section.
    pub strings: Vec<u8>,
    /// Symbolic's table, when variables were asked for.
    pub symcache: Option<Vec<u8>>,
}

impl TableImage {
    /// Number of ranges.
    pub fn range_count(&self) -> usize {
        self.ranges.len() / RANGE_BYTES
    }

    /// Number of functions, each inlined one counted once.
    pub fn function_count(&self) -> usize {
        self.functions.len() / RECORD_BYTES
    }

    /// Size of the file in bytes.
    pub fn file_bytes(&self) -> u64 {
        let sections = self.sections();
        let mut end = HEADER_BYTES as u64;
        for section in sections {
            end = end.next_multiple_of(8) + section.len() as u64;
        }
        end
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.header())?;
        let mut end = HEADER_BYTES;
        for section in self.sections() {
            let start = end.next_multiple_of(8);
            out.write_all(&[0; 8][..start - end])?;
            out.write_all(section)?;
            end = start + section.len();
        }
        Ok(())
    }

    /// The file as bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.file_bytes() as usize);
        self.write_to(&mut out)
            .expect("writing to a vector cannot fail");
        out
    }

    fn sections(&self) -> [&[u8]; 5] {
        [
            &self.ranges,
            &self.locations,
            &self.functions,
            &self.strings,
            self.symcache.as_deref().unwrap_or_default(),
        ]
    }

    fn header(&self) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        let mut words = |at: usize, values: &[u32]| {
            for (i, value) in values.iter().enumerate() {
                header[at + 4 * i..at + 4 * i + 4].copy_from_slice(&value.to_le_bytes());
            }
        };
        let flags = if self.symcache.is_some() {
            FLAG_VARIABLES
        } else {
            0
        };
        words(0, &[MAGIC, VERSION, self.arch as u32, flags]);
        words(
            64,
            &[
                self.range_count() as u32,
                (self.locations.len() / RECORD_BYTES) as u32,
                self.function_count() as u32,
                0,
            ],
        );
        let symcache_len = self.symcache.as_ref().map_or(0, Vec::len) as u64;
        header[80..88].copy_from_slice(&(self.strings.len() as u64).to_le_bytes());
        header[88..96].copy_from_slice(&symcache_len.to_le_bytes());
        let debug_id = debug_id_text(self.debug_id);
        header[16..16 + debug_id.len()].copy_from_slice(debug_id.as_bytes());
        header
    }
}

/// An opened table. Cheap to open: only the header is read.
#[derive(Clone)]
pub struct Table {
    bytes: SharedBytes,
    arch: Arch,
    debug_id: DebugId,
    ranges: Section,
    locations: Section,
    functions: Section,
    strings: Section,
    symcache: Option<Section>,
}

impl Table {
    /// Opens a table file.
    ///
    /// The counts are checked against the size of the file; records and strings are checked when a
    /// lookup reads them, so that opening does not touch every page.
    ///
    /// # Errors
    /// [`Code::TableVersion`](crate::error::Code::TableVersion) for a table of another version,
    /// [`Code::MalformedTable`](crate::error::Code::MalformedTable) for anything else that is not a
    /// whole table.
    pub fn open(bytes: SharedBytes) -> Result<Table, Error> {
        let header = header(&bytes, HEADER_BYTES, MAGIC, VERSION)?;
        let debug_id = read_debug_id(&header[16..16 + DEBUG_ID_BYTES])?;
        let arch = Arch::from_u32(word(header, 8));
        let with_variables = word(header, 12) & FLAG_VARIABLES != 0;
        let lengths = [
            u64::from(word(header, 64)) * RANGE_BYTES as u64,
            u64::from(word(header, 68)) * RECORD_BYTES as u64,
            u64::from(word(header, 72)) * RECORD_BYTES as u64,
            long(header, 80),
            long(header, 88),
        ];
        if word(header, 64) > word(header, 68) {
            return Err(malformed("more ranges than locations"));
        }
        let [ranges, locations, functions, strings, symcache] =
            place(&lengths, HEADER_BYTES, bytes.len())?;
        Ok(Table {
            arch,
            debug_id,
            ranges,
            locations,
            functions,
            strings,
            symcache: with_variables.then_some(symcache),
            bytes,
        })
    }

    /// Architecture of the object.
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Debug identifier of the object.
    pub fn debug_id(&self) -> DebugId {
        self.debug_id
    }

    /// Size of the file in bytes.
    pub fn file_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Start addresses of all ranges, ascending.
    pub fn range_starts(&self) -> impl Iterator<Item = u32> + '_ {
        self.section(self.ranges)
            .chunks_exact(RANGE_BYTES)
            .map(|start| word(start, 0))
    }

    /// Start addresses of all ranges, ascending, with the index of the location of each.
    pub fn ranges(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let sites = self.location_count() - (self.ranges.end - self.ranges.start) / RANGE_BYTES;
        self.range_starts().zip(sites as u32..)
    }

    /// Number of locations: those of call sites, then those of ranges.
    pub fn location_count(&self) -> usize {
        (self.locations.end - self.locations.start) / RECORD_BYTES
    }

    /// Index of the location that `addr` falls in; `None` before the first range.
    pub fn find(&self, addr: u32) -> Option<u32> {
        let (starts, _) = self.section(self.ranges).as_chunks::<RANGE_BYTES>();
        let after = starts.partition_point(|start| u32::from_le_bytes(*start) <= addr);
        let range = after.checked_sub(1)?;
        Some((self.location_count() - starts.len() + range) as u32)
    }

    /// The location with this index.
    ///
    /// # Errors
    /// [`Code::MalformedTable`](crate::error::Code::MalformedTable) for an index outside the table.
    pub fn location(&self, index: u32) -> Result<Location, Error> {
        let [path, line, function, inlined_into] = self.record(self.locations, index)?;
        Ok(Location {
            path,
            line,
            function,
            inlined_into,
        })
    }

    /// The function with this index.
    ///
    /// # Errors
    /// [`Code::MalformedTable`](crate::error::Code::MalformedTable) for an index outside the table.
    pub fn function(&self, index: u32) -> Result<Function, Error> {
        let [symbol, function, entry_pc, lang] = self.record(self.functions, index)?;
        Ok(Function {
            symbol,
            function,
            entry_pc,
            lang,
        })
    }

    /// The string at this offset of the string section.
    ///
    /// # Errors
    /// [`Code::MalformedTable`](crate::error::Code::MalformedTable) for an offset outside the section
    /// and for text that is not UTF-8.
    pub fn string(&self, offset: u32) -> Result<&str, Error> {
        read_string(self.section(self.strings), offset)
            .ok_or_else(|| malformed("bad string").at(offset.into()))
    }

    /// Symbolic's table, when this one was built with variables.
    pub fn symcache(&self) -> Option<&[u8]> {
        self.symcache.map(|section| self.section(section))
    }

    fn section(&self, section: Section) -> &[u8] {
        section.of(&self.bytes)
    }

    fn record(&self, section: Section, index: u32) -> Result<[u32; 4], Error> {
        let (records, _) = self.section(section).as_chunks::<RECORD_BYTES>();
        let record = records
            .get(index as usize)
            .ok_or_else(|| malformed("index outside the table").at(index.into()))?;
        Ok([0, 4, 8, 12].map(|at| word(record, at)))
    }
}

/// Reads the string at `offset` of a section of LEB128-prefixed strings.
pub(crate) fn read_string(section: &[u8], offset: u32) -> Option<&str> {
    let mut rest = section.get(offset as usize..)?;
    let mut length = 0u64;
    // Five digits of seven bits hold any length that fits a section addressed by u32.
    for shift in [0, 7, 14, 21, 28] {
        let (byte, tail) = rest.split_first()?;
        rest = tail;
        length |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let text = rest.get(..usize::try_from(length).ok()?)?;
            return std::str::from_utf8(text).ok();
        }
    }
    None
}
