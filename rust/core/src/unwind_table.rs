//! The unwind table (`FWU1`): how to find the caller of every address of one image, made once per
//! object file, so that walking a stack costs a binary search and the parsing of one record.
//!
//! # Layout
//!
//! Little endian; sections follow each other in this order, each aligned to 8 bytes; the file ends
//! with the last one. Every section's place follows from the counts in the header.
//!
//! ```text
//! header 128   0 u32 magic 0x31555746 ("FWU1"), u32 version
//!              8 u32 architecture (symbolic's number), u32 0
//!             16 debug id as text, zero padded to 48 bytes
//!             64 u32 n_cfi, n_frame_data, n_fpo, 0
//!             80 u64 text_len
//!             88 u32 debug_file_len, code_id_len
//!             96 zero
//! cfi       16 u32 rva, bytes of code, offset in text, bytes of text; ascending, without overlaps
//! frame data   the same for `STACK WIN 4`
//! fpo          the same for `STACK WIN 0`
//! text         the records: `STACK CFI INIT` with its `STACK CFI` lines, `STACK WIN`
//! debug file   UTF-8, the name that a PE file states for its PDB
//! code id      UTF-8
//! ```
//!
//! The records are Breakpad's text: it has rules for all that the sources of unwind information
//! (DWARF, compact unwind, PE, PDB, Breakpad) say, and the stack walker evaluates it. What is saved is
//! reading all of it for a few addresses: a browser's library has 100 MB of records.
//!
//! The debug id and the name of the debug file are those of Breakpad's `MODULE` line. They fill in for
//! a module of a minidump that states none.
//!
//! # Version history
//!
//! 1: first version.

use symbolic_common::{Arch, DebugId};

use crate::bytes::SharedBytes;
use crate::error::Error;
use crate::sections::{
    DEBUG_ID_BYTES, Section, header, long, malformed, place, read_debug_id, record, word,
};

/// First word of an unwind table: `FWU1` read as little endian.
pub const MAGIC: u32 = u32::from_le_bytes(*b"FWU1");
/// Version of the layout and of what the build step decides. The name of the cache folder contains it.
pub const VERSION: u32 = 1;
/// Size of the header in bytes.
pub const HEADER_BYTES: usize = 128;
/// Size of one row in bytes.
pub const ROW_BYTES: usize = 16;

/// One row of an index: a range of code and where its record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// First address, relative to the image.
    pub rva: u32,
    /// Bytes of code.
    pub length: u32,
    /// Offset of the record in the text.
    pub offset: u32,
    /// Bytes of the record.
    pub bytes: u32,
}

impl Row {
    /// The row as it is written.
    pub fn to_bytes(self) -> [u8; ROW_BYTES] {
        record([self.rva, self.length, self.offset, self.bytes])
    }
}

/// An opened unwind table. Cheap to open: only the header is read.
#[derive(Clone)]
pub struct UnwindTable {
    bytes: SharedBytes,
    arch: Arch,
    debug_id: DebugId,
    cfi: Section,
    frame_data: Section,
    fpo: Section,
    text: Section,
    debug_file: Section,
    code_id: Section,
}

impl UnwindTable {
    /// Opens a table file.
    ///
    /// The counts are checked against the size of the file; rows and records are checked when they are
    /// read, so that opening does not touch every page.
    ///
    /// # Errors
    /// [`Code::TableVersion`](crate::error::Code::TableVersion) for a table of another version,
    /// [`Code::MalformedTable`](crate::error::Code::MalformedTable) for anything else that is not a
    /// whole table.
    pub fn open(bytes: SharedBytes) -> Result<UnwindTable, Error> {
        let header = header(&bytes, HEADER_BYTES, MAGIC, VERSION)?;
        let debug_id = read_debug_id(&header[16..16 + DEBUG_ID_BYTES])?;
        let rows = |at| u64::from(word(header, at)) * ROW_BYTES as u64;
        let lengths = [
            rows(64),
            rows(68),
            rows(72),
            long(header, 80),
            word(header, 88).into(),
            word(header, 92).into(),
        ];
        let arch = Arch::from_u32(word(header, 8));
        let [cfi, frame_data, fpo, text, debug_file, code_id] =
            place(&lengths, HEADER_BYTES, bytes.len())?;
        let table = UnwindTable {
            arch,
            debug_id,
            cfi,
            frame_data,
            fpo,
            text,
            debug_file,
            code_id,
            bytes,
        };
        for section in [debug_file, code_id] {
            std::str::from_utf8(table.section(section))
                .map_err(|_| malformed("a name that is not UTF-8").at(section.start as u64))?;
        }
        Ok(table)
    }

    /// Architecture of the object.
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Debug identifier of the object.
    pub fn debug_id(&self) -> DebugId {
        self.debug_id
    }

    /// The name that the object states for its debug file; only PE files do.
    pub fn debug_file(&self) -> Option<&str> {
        self.name(self.debug_file)
    }

    /// Code identifier of the object.
    pub fn code_id(&self) -> Option<&str> {
        self.name(self.code_id)
    }

    /// Whether the object says nothing about unwinding.
    pub fn is_empty(&self) -> bool {
        self.cfi.is_empty() && self.frame_data.is_empty() && self.fpo.is_empty()
    }

    /// The `STACK CFI INIT` record with its `STACK CFI` lines for an address relative to the image.
    ///
    /// # Errors
    /// [`Code::MalformedTable`](crate::error::Code::MalformedTable) for a row that points outside the text.
    pub fn cfi(&self, rva: u64) -> Result<Option<&str>, Error> {
        self.record(self.cfi, rva)
    }

    /// The `STACK WIN` line for an address relative to the image. Frame data come before FPO data, as
    /// they are more precise.
    ///
    /// # Errors
    /// As [`cfi`](Self::cfi).
    pub fn win(&self, rva: u64) -> Result<Option<&str>, Error> {
        match self.record(self.frame_data, rva)? {
            Some(record) => Ok(Some(record)),
            None => self.record(self.fpo, rva),
        }
    }

    /// Whether any record covers an address relative to the image.
    pub fn covers(&self, rva: u64) -> bool {
        [self.cfi, self.frame_data, self.fpo]
            .into_iter()
            .any(|index| self.find(index, rva).is_some())
    }

    fn name(&self, section: Section) -> Option<&str> {
        std::str::from_utf8(self.section(section))
            .ok()
            .filter(|name| !name.is_empty())
    }

    fn find(&self, index: Section, rva: u64) -> Option<Row> {
        let rva = u32::try_from(rva).ok()?;
        let (rows, _) = self.section(index).as_chunks::<ROW_BYTES>();
        let after = rows.partition_point(|row| word(row, 0) <= rva);
        let row = &rows[after.checked_sub(1)?];
        let [start, length, offset, bytes] = [0, 4, 8, 12].map(|at| word(row, at));
        (rva - start < length).then_some(Row {
            rva: start,
            length,
            offset,
            bytes,
        })
    }

    fn record(&self, index: Section, rva: u64) -> Result<Option<&str>, Error> {
        let Some(row) = self.find(index, rva) else {
            return Ok(None);
        };
        let start = row.offset as usize;
        self.section(self.text)
            .get(start..)
            .and_then(|text| text.get(..row.bytes as usize))
            .and_then(|record| std::str::from_utf8(record).ok())
            .map(Some)
            .ok_or_else(|| malformed("a record outside the text").at(row.offset.into()))
    }

    fn section(&self, section: Section) -> &[u8] {
        section.of(&self.bytes)
    }
}
