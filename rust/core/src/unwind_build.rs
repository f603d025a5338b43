//! An object file's unwind information as an [unwind table](crate::unwind_table).
//!
//! Symbolic writes the records of all formats as Breakpad's text; here they get their index. Where
//! records overlap, the index has the range that Breakpad's own reader would answer with: the lower
//! start wins, then the shorter, then the one that came first; `STACK WIN` lines that start inside their
//! predecessor cut it short, since PDB files give each step of a prologue the length of its function.

use std::io::{self, Write};

use memchr::memmem;
use symbolic_cfi::{AsciiCfiWriter, CfiError, CfiErrorKind};
use symbolic_common::{Arch, DebugId};
use symbolic_debuginfo::Object;

use crate::error::{Code, Error};
use crate::object::parse_single;
use crate::pdb_guard;
use crate::sections::{DEBUG_ID_BYTES, debug_id_text};
use crate::unwind_table::{HEADER_BYTES, MAGIC, ROW_BYTES, Row, VERSION};

/// Bounds of reading unwind information into a file.
#[derive(Clone, Copy, Debug)]
pub struct UnwindLimits {
    /// Bytes that the file may have.
    pub max_bytes: u64,
    /// Records that a chain of PE unwind information may have for one function.
    pub max_chain: usize,
}

/// A finished unwind table in memory. Written by [`write_to`](Self::write_to).
#[derive(Debug)]
pub struct UnwindImage {
    /// Architecture of the object.
    pub arch: Arch,
    /// Debug identifier of the object.
    pub debug_id: DebugId,
    /// Name of the debug file; only PE files state it.
    pub debug_file: Option<String>,
    /// Code identifier of the object.
    pub code_id: Option<String>,
    cfi: Vec<Row>,
    frame_data: Vec<Row>,
    fpo: Vec<Row>,
    text: Vec<u8>,
}

/// Reads the unwind information of the one object in `data`. An object without any gives an empty
/// table.
///
/// # Errors
/// As [`parse_single`] and [`pdb_guard::check`]; [`Code::MalformedDebugInfo`] for unwind information that
/// cannot be read, that of an unknown architecture and a chain beyond `limits`;
/// [`Code::OutputTooLarge`].
pub fn build_unwind_table(data: &[u8], limits: UnwindLimits) -> Result<UnwindImage, Error> {
    let object = parse_single(data)?;
    if matches!(object, Object::Pdb(_)) {
        pdb_guard::check(data)?;
    }
    let mut text = BoundedText {
        bytes: Vec::new(),
        // Offsets in the text are u32.
        max_bytes: limits.max_bytes.min(u32::MAX.into()),
        too_large: false,
    };
    let plain = match object {
        Object::Breakpad(_) => plain_records(data),
        _ => None,
    };
    let result = match plain {
        Some(records) => text.write_all(records).map_err(CfiError::from),
        None => write_records(&object, &mut text, limits.max_chain),
    };
    if text.too_large {
        return Err(too_large(limits.max_bytes));
    }
    result.map_err(|error| unreadable(&error, limits.max_chain))?;
    let index = Index::of(&text.bytes);
    let image = UnwindImage {
        arch: object.arch(),
        debug_id: object.debug_id(),
        debug_file: match &object {
            Object::Pe(pe) => pe
                .debug_file_name()
                .map(|name| name.into_owned())
                .filter(|name| !name.is_empty()),
            _ => None,
        },
        code_id: object.code_id().map(|id| id.to_string()),
        cfi: without_overlaps(index.cfi),
        frame_data: without_overlaps(index.frame_data),
        fpo: without_overlaps(index.fpo),
        text: text.bytes,
    };
    if image.file_bytes() > limits.max_bytes {
        return Err(too_large(limits.max_bytes));
    }
    Ok(image)
}

/// Writes the unwind information of an object as Breakpad's text, with addresses relative to the image.
///
/// # Errors
/// What the information or `out` fails with; [`unreadable`] words the former.
pub(crate) fn write_records(
    object: &Object<'_>,
    out: &mut impl Write,
    max_chain: usize,
) -> Result<(), CfiError> {
    AsciiCfiWriter::new(out)
        .max_unwind_chain_len(Some(max_chain))
        .process(object)
}

/// What unwind information is that [`write_records`] could not read.
pub(crate) fn unreadable(error: &CfiError, max_chain: usize) -> Error {
    match error.kind() {
        CfiErrorKind::ExceededUnwindChainLength => Error::new(
            Code::MalformedDebugInfo,
            format!("unwind information with a chain of more than {max_chain}"),
        ),
        _ => Error::caused(Code::MalformedDebugInfo, error),
    }
}

/// The records of a symbol file, if it has them together and in the form that a table has them in, as all programs
/// write them but for those of 32-bit Windows: they need not be read one by one.
fn plain_records(data: &[u8]) -> Option<&[u8]> {
    let begin = memmem::find(data, b"\nSTACK ")? + 1;
    let records = &data[begin..];
    let is_plain = std::str::from_utf8(records).is_ok() && lines(records).all(is_plain);
    is_plain.then_some(records)
}

/// Whether this is `STACK CFI INIT <address> <size> <rules>` or `STACK CFI <address> <rules>`.
fn is_plain(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"STACK CFI ") else {
        return false;
    };
    let (rest, numbers) = match rest.strip_prefix(b"INIT ") {
        Some(rest) => (rest, 2),
        None => (rest, 1),
    };
    let mut fields = rest.splitn(numbers + 1, |byte| *byte == b' ');
    let are_numbers = fields
        .by_ref()
        .take(numbers)
        .all(|digits| (1..=16).contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit));
    let rules = fields.next().unwrap_or_default();
    are_numbers
        && rules.first().is_some_and(u8::is_ascii_graphic)
        && rules.ends_with(b"\n")
        && !rules.contains(&b'\r')
}

/// Lines with their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        (end > 0).then_some(line)
    })
}

impl UnwindImage {
    /// Number of records in the index.
    pub fn record_count(&self) -> usize {
        self.cfi.len() + self.frame_data.len() + self.fpo.len()
    }

    /// Size of the file in bytes.
    pub fn file_bytes(&self) -> u64 {
        let mut end = HEADER_BYTES as u64;
        for length in self.lengths() {
            end = end.next_multiple_of(8) + length;
        }
        end
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.header())?;
        for rows in [&self.cfi, &self.frame_data, &self.fpo] {
            for row in rows {
                out.write_all(&row.to_bytes())?;
            }
        }
        let mut end = self.text.len();
        out.write_all(&self.text)?;
        for name in [&self.debug_file, &self.code_id] {
            let name = name.as_deref().unwrap_or_default();
            let start = end.next_multiple_of(8);
            out.write_all(&[0; 8][..start - end])?;
            out.write_all(name.as_bytes())?;
            end = start + name.len();
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

    fn lengths(&self) -> [u64; 6] {
        let rows = |rows: &Vec<Row>| (rows.len() * ROW_BYTES) as u64;
        let name = |name: &Option<String>| name.as_ref().map_or(0, String::len) as u64;
        [
            rows(&self.cfi),
            rows(&self.frame_data),
            rows(&self.fpo),
            self.text.len() as u64,
            name(&self.debug_file),
            name(&self.code_id),
        ]
    }

    fn header(&self) -> [u8; HEADER_BYTES] {
        let mut header = [0; HEADER_BYTES];
        let mut word = |at: usize, value: u32| {
            header[at..at + 4].copy_from_slice(&value.to_le_bytes());
        };
        word(0, MAGIC);
        word(4, VERSION);
        word(8, self.arch as u32);
        word(64, self.cfi.len() as u32);
        word(68, self.frame_data.len() as u32);
        word(72, self.fpo.len() as u32);
        word(88, self.lengths()[4] as u32);
        word(92, self.lengths()[5] as u32);
        header[80..88].copy_from_slice(&(self.text.len() as u64).to_le_bytes());
        let debug_id = debug_id_text(self.debug_id);
        header[16..][..debug_id.len().min(DEBUG_ID_BYTES)].copy_from_slice(debug_id.as_bytes());
        header
    }
}

fn too_large(max_bytes: u64) -> Error {
    Error::new(
        Code::OutputTooLarge,
        format!("the unwind table passes {max_bytes} bytes"),
    )
}

/// Takes text up to a bound.
struct BoundedText {
    bytes: Vec<u8>,
    max_bytes: u64,
    too_large: bool,
}

impl Write for BoundedText {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.bytes.len() as u64 + part.len() as u64 > self.max_bytes {
            self.too_large = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The rows of a text, in its order. Lines that are no record, and ranges behind the first 4 GiB of an
/// image, have none.
#[derive(Default)]
struct Index {
    cfi: Vec<Row>,
    frame_data: Vec<Row>,
    fpo: Vec<Row>,
}

impl Index {
    fn of(text: &[u8]) -> Index {
        let mut index = Index::default();
        let mut offset = 0;
        let mut open = false;
        for line in lines(text) {
            let bytes = line.len() as u32;
            if let Some(rest) = line.strip_prefix(b"STACK CFI INIT ") {
                let row = range(rest, 0).map(|range| range.row(offset, bytes));
                open = row.is_some();
                index.cfi.extend(row);
            } else if line.starts_with(b"STACK CFI ") {
                if let Some(row) = index.cfi.last_mut().filter(|_| open) {
                    row.bytes += bytes;
                }
            } else if let Some(rest) = line.strip_prefix(b"STACK WIN ") {
                open = false;
                let rows = match rest.first() {
                    Some(b'4') => &mut index.frame_data,
                    _ => &mut index.fpo,
                };
                if let Some(range) = usable_win(rest).then(|| range(rest, 1)).flatten() {
                    insert_win(rows, range.row(offset, bytes));
                }
            }
            offset += bytes;
        }
        index
    }
}

/// Whether a `STACK WIN` line is of a kind that the walker knows and agrees with itself: only frame data
/// (4) have a program.
fn usable_win(line: &[u8]) -> bool {
    let has_program = line.split(|byte| *byte == b' ').nth(9);
    match line.first() {
        Some(b'4') => has_program == Some(b"1"),
        Some(b'0') => has_program == Some(b"0"),
        _ => false,
    }
}

#[derive(Clone, Copy)]
struct CodeRange {
    rva: u32,
    length: u32,
}

impl CodeRange {
    fn row(self, offset: u32, bytes: u32) -> Row {
        Row {
            rva: self.rva,
            length: self.length,
            offset,
            bytes,
        }
    }
}

/// The two hexadecimal numbers behind `skip` fields; `None` for an empty range.
fn range(line: &[u8], skip: usize) -> Option<CodeRange> {
    let mut fields = line.split(|byte| *byte == b' ').skip(skip);
    let mut number = || {
        let digits = std::str::from_utf8(fields.next()?).ok()?;
        u64::from_str_radix(digits.trim_end(), 16).ok()
    };
    let (start, length) = (number()?, number()?);
    let range = CodeRange {
        rva: start.try_into().ok()?,
        length: length.try_into().ok()?,
    };
    (range.length > 0 && range.rva.checked_add(range.length - 1).is_some()).then_some(range)
}

fn insert_win(rows: &mut Vec<Row>, row: Row) {
    if let Some(last) = rows.last_mut() {
        let overlap =
            row.rva <= last.rva + (last.length - 1) && last.rva <= row.rva + (row.length - 1);
        if overlap && row.rva > last.rva {
            last.length = row.rva - last.rva;
        } else if overlap && (row.rva, row.length) != (last.rva, last.length) {
            return;
        }
    }
    rows.push(row);
}

fn without_overlaps(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| (row.rva, row.length));
    let mut end = None;
    rows.retain(|row| {
        let free = end.is_none_or(|end| row.rva > end);
        if free {
            end = Some(row.rva + (row.length - 1));
        }
        free
    });
    rows
}
