//! The flat lookup reply (`FWL1`), the one shape in which frames leave this library.
//!
//! Little endian, 8-byte aligned rows, every string once:
//!
//! ```text
//! header     32  u32 magic 0x314C5746 ("FWL1"), version 2, n_addrs, n_rows, strings_len, 0, 0, 0
//! row_start      u32[n_addrs + 1], first row of each address, row_start[n_addrs] == n_rows;
//!                zero padded to 8 bytes
//! rows       64  each, innermost (callee) first per address:
//!              0 u64 sym_addr      entry address of the function, u64::MAX unless outermost
//!              8 u32 line          0 = unknown
//!             12 u32 lang          index into LANGUAGES
//!             16 u32 offset, u32 length   symbol as stored
//!             24 u32 offset, u32 length   function, demangled
//!             32 u32 offset, u32 length   cleaned path, offset u32::MAX = none
//!             40 u32 offset, u32 length   variables as JSON object text, offset u32::MAX = none
//!             48 u32 symbol_id, function_id, path_id   stable per table, u32::MAX = not stable
//!             60 u32 1 where the row is the generated code (C++ by il2cpp) that the row before it is
//!                made into: same function, path and line of its own; else 0
//! strings        UTF-8, addressed by the offsets above
//! ```
//!
//! A stable id names the same string for as long as the same table file is open, so that the caller
//! can keep what it decoded.

use std::collections::HashMap;

use symbolic_common::Language;

use crate::error::{Code, Error};
use crate::limits::{MAX_REPLY_ADDRESSES, MAX_REPLY_ROWS, MAX_REPLY_STRING_BYTES};

/// First word of a reply: `FWL1` read as little endian.
pub const MAGIC: u32 = u32::from_le_bytes(*b"FWL1");
/// Version of the layout; the boundary's ABI number changes with it.
pub const VERSION: u32 = 2;
/// Size of the reply header in bytes.
pub const HEADER_BYTES: usize = 32;
/// Size of one row in bytes.
pub const ROW_BYTES: usize = 64;
/// Offset, length or id of something that is not there.
pub const NONE: u32 = u32::MAX;

/// The language names, by the index that travels in a row.
pub const LANGUAGES: [&str; 12] = [
    "unknown",
    "c",
    "cpp",
    "d",
    "go",
    "objc",
    "objcpp",
    "rust",
    "swift",
    "csharp",
    "visualbasic",
    "fsharp",
];

/// The wire index of a language; one that the list does not know travels as unknown.
pub fn language_index(language: Language) -> u32 {
    let name = language.name();
    LANGUAGES
        .iter()
        .position(|known| *known == name)
        .unwrap_or(0) as u32
}

/// A string of a row, with its stable id ([`NONE`] when it has none).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The string itself.
    pub text: &'a str,
    /// Names the same string in every reply from the same open table, or [`NONE`].
    pub id: u32,
}

impl<'a> Text<'a> {
    /// A string without a stable id.
    pub fn plain(text: &'a str) -> Self {
        Text { text, id: NONE }
    }
}

/// One frame of the answer to one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Entry address of the function relative to the image; only on the outermost row.
    pub sym_addr: Option<u64>,
    /// Source line, 0 = unknown.
    pub line: u32,
    /// Index into [`LANGUAGES`].
    pub lang: u32,
    /// The name as the file stores it.
    pub symbol: Text<'a>,
    /// The demangled name, or the same as `symbol`.
    pub function: Text<'a>,
    /// The cleaned full path, if there is a file.
    pub path: Option<Text<'a>>,
    /// Variables as the text of a JSON object, if asked for and present.
    pub vars: Option<&'a str>,
    /// Whether this is the generated code that the row before is made into.
    pub generated: bool,
}

/// Collects rows address by address and encodes them.
///
/// Call [`begin_address`](Self::begin_address) once per address in request order, then
/// [`row`](Self::row) for each of its frames, then [`finish`](Self::finish).
#[derive(Default)]
pub struct ReplyBuilder {
    row_starts: Vec<u32>,
    rows: Vec<u8>,
    strings: Vec<u8>,
    by_id: HashMap<u32, (u32, u32)>,
    by_text: HashMap<Box<str>, (u32, u32)>,
}

impl ReplyBuilder {
    /// An empty reply.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts the next address; an address without rows has no symbol.
    ///
    /// # Errors
    /// [`Code::ReplyTooLarge`] beyond [`MAX_REPLY_ADDRESSES`].
    pub fn begin_address(&mut self) -> Result<(), Error> {
        if self.row_starts.len() >= MAX_REPLY_ADDRESSES {
            return Err(too_large("addresses", MAX_REPLY_ADDRESSES));
        }
        self.row_starts.push(self.row_count());
        Ok(())
    }

    /// Adds the next frame of the current address.
    ///
    /// # Errors
    /// [`Code::ReplyTooLarge`] beyond [`MAX_REPLY_ROWS`] or [`MAX_REPLY_STRING_BYTES`];
    /// [`Code::Internal`] before the first address.
    pub fn row(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if self.row_starts.is_empty() {
            return Err(Error::new(Code::Internal, "row before the first address"));
        }
        if self.row_count() as usize >= MAX_REPLY_ROWS {
            return Err(too_large("rows", MAX_REPLY_ROWS));
        }
        let symbol = self.text(row.symbol)?;
        let function = self.text(row.function)?;
        let path = match row.path {
            Some(path) => self.text(path)?,
            None => (NONE, 0),
        };
        let vars = match row.vars {
            Some(vars) => self.text(Text::plain(vars))?,
            None => (NONE, 0),
        };
        let path_id = row.path.map_or(NONE, |path| path.id);
        self.rows
            .extend_from_slice(&row.sym_addr.unwrap_or(u64::MAX).to_le_bytes());
        for word in [
            row.line,
            row.lang,
            symbol.0,
            symbol.1,
            function.0,
            function.1,
            path.0,
            path.1,
            vars.0,
            vars.1,
            row.symbol.id,
            row.function.id,
            path_id,
            u32::from(row.generated),
        ] {
            self.rows.extend_from_slice(&word.to_le_bytes());
        }
        Ok(())
    }

    /// Number of addresses begun so far.
    pub fn address_count(&self) -> u32 {
        self.row_starts.len() as u32
    }

    /// Number of rows added so far.
    pub fn row_count(&self) -> u32 {
        (self.rows.len() / ROW_BYTES) as u32
    }

    /// The encoded reply.
    pub fn finish(mut self) -> Vec<u8> {
        let addresses = self.address_count();
        let rows = self.row_count();
        self.row_starts.push(rows);
        let starts_bytes = self.row_starts.len().next_multiple_of(2) * 4;
        let total = HEADER_BYTES + starts_bytes + self.rows.len() + self.strings.len();
        let mut out = Vec::with_capacity(total);
        let strings_len = self.strings.len() as u32;
        for word in [MAGIC, VERSION, addresses, rows, strings_len, 0, 0, 0] {
            out.extend_from_slice(&word.to_le_bytes());
        }
        for start in &self.row_starts {
            out.extend_from_slice(&start.to_le_bytes());
        }
        out.resize(HEADER_BYTES + starts_bytes, 0);
        out.extend_from_slice(&self.rows);
        out.extend_from_slice(&self.strings);
        out
    }

    /// Offset and length of a string, written at its first use.
    ///
    /// Ids are looked up first: hashing four bytes is cheaper than hashing a demangled name. A string
    /// that comes with an id and another time without one may be written twice.
    fn text(&mut self, text: Text<'_>) -> Result<(u32, u32), Error> {
        let known = if text.id == NONE {
            self.by_text.get(text.text)
        } else {
            self.by_id.get(&text.id)
        };
        if let Some(place) = known {
            return Ok(*place);
        }
        if text.text.len() > MAX_REPLY_STRING_BYTES.saturating_sub(self.strings.len()) {
            return Err(too_large("string bytes", MAX_REPLY_STRING_BYTES));
        }
        let place = (self.strings.len() as u32, text.text.len() as u32);
        self.strings.extend_from_slice(text.text.as_bytes());
        if text.id == NONE {
            self.by_text.insert(text.text.into(), place);
        } else {
            self.by_id.insert(text.id, place);
        }
        Ok(place)
    }
}

fn too_large(what: &str, limit: usize) -> Error {
    Error::new(
        Code::ReplyTooLarge,
        format!("the reply would hold more than {limit} {what}"),
    )
    .with_remedy("ask for fewer addresses at once")
}
