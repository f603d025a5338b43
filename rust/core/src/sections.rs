//! What the derived files of this crate have in common: a header with counts, and sections whose places
//! follow from them.

use symbolic_common::DebugId;

use crate::error::{Code, Error};

/// Space for a debug id as text in a header, in bytes.
pub(crate) const DEBUG_ID_BYTES: usize = 48;

/// A checked byte range of a file.
#[derive(Clone, Copy)]
pub(crate) struct Section {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Section {
    /// The bytes of the section in its file.
    pub(crate) fn of(self, file: &[u8]) -> &[u8] {
        &file[self.start..self.end]
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// The header of a file, checked for its magic and version.
///
/// # Errors
/// [`Code::TableVersion`] for another version, [`Code::MalformedTable`] for anything else.
pub(crate) fn header(file: &[u8], bytes: usize, magic: u32, version: u32) -> Result<&[u8], Error> {
    let header = file
        .get(..bytes)
        .ok_or_else(|| malformed("shorter than its header"))?;
    if word(header, 0) != magic {
        return Err(malformed("wrong magic"));
    }
    if word(header, 4) != version {
        let found = word(header, 4);
        return Err(Error::new(
            Code::TableVersion,
            format!("the table has version {found}, this library reads {version}"),
        )
        .with_remedy("build it again from the object"));
    }
    Ok(header)
}

/// Places sections of these lengths, each aligned to 8 bytes, behind a header in a file of exactly
/// `total` bytes.
///
/// # Errors
/// [`Code::MalformedTable`].
pub(crate) fn place<const N: usize>(
    lengths: &[u64; N],
    header_bytes: usize,
    total: usize,
) -> Result<[Section; N], Error> {
    let mut sections = [Section { start: 0, end: 0 }; N];
    let mut end = header_bytes as u64;
    for (section, length) in sections.iter_mut().zip(lengths) {
        let start = end.next_multiple_of(8);
        end = start
            .checked_add(*length)
            .filter(|end| *end <= total as u64)
            .ok_or_else(|| malformed("a section ends behind the file").at(start))?;
        *section = Section {
            start: start as usize,
            end: end as usize,
        };
    }
    if end != total as u64 {
        return Err(malformed("bytes behind the last section").at(end));
    }
    Ok(sections)
}

/// A debug id as it is written into a header. One of a PDB 2.0 without an age has no text of the usual kind that is
/// read again; Breakpad's is.
pub(crate) fn debug_id_text(id: DebugId) -> String {
    match id.is_pdb20() && id.appendix() == 0 {
        true => id.breakpad().to_string(),
        false => id.to_string(),
    }
}

/// Reads the debug id of a header.
///
/// # Errors
/// [`Code::MalformedTable`].
pub(crate) fn read_debug_id(field: &[u8]) -> Result<DebugId, Error> {
    let text = field.split(|byte| *byte == 0).next().unwrap_or_default();
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| malformed("bad debug id").at(16))
}

pub(crate) fn malformed(what: &str) -> Error {
    Error::new(Code::MalformedTable, format!("damaged table: {what}"))
        .with_remedy("delete the derived file; it is built again from the object")
}

pub(crate) fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

pub(crate) fn long(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// Four numbers as they are written.
pub(crate) fn record(words: [u32; 4]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (at, word) in words.iter().enumerate() {
        bytes[4 * at..4 * at + 4].copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use symbolic_common::Uuid;

    use super::*;

    #[test]
    fn every_debug_id_is_read_as_it_was_written() {
        let ids = [
            DebugId::nil(),
            DebugId::from_pdb20(0x1234_abcd, 0),
            DebugId::from_pdb20(0, 7),
            DebugId::from_parts(Uuid::from_bytes([0xab; 16]), 0),
            DebugId::from_parts(Uuid::from_bytes([0xab; 16]), u32::MAX),
        ];
        for id in ids {
            let mut field = [0; DEBUG_ID_BYTES];
            let text = debug_id_text(id);
            field[..text.len()].copy_from_slice(text.as_bytes());
            assert_eq!(read_debug_id(&field), Ok(id), "{text}");
        }
    }
}
