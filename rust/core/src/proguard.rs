//! The table of a ProGuard or R8 mapping: written once ([`crate::proguard_build`]), then mapped and
//! searched ([`crate::proguard_remap`]).
//!
//! # Format (version 1)
//!
//! The `proguard` crate has a flat cache of its own (`PRGC`), which its writer makes from all of a
//! mapping at once, in many times the mapping's size of memory. A table holds many such caches, each
//! of the classes whose obfuscated names hash to its number, so that one class is in one of them and
//! making them takes the memory of one.
//!
//! ```text
//! header     16  u32 magic "FWPG", u32 version, 0, 0
//! segments       caches of the crate, each at a multiple of 8
//! directory      u64 offset, u64 length   of each segment
//! id             UTF-8, the mapping's `pg_map_id`; may be empty
//! trailer    40  u64 offset of the directory, u64 classes, u64 methods,
//!                u32 segments, u32 length of the id, u32 flags, u32 magic
//! ```
//!
//! Little endian, but for the segments, which are of the machine. Flags: 1 methods have lines, 2
//! classes have source files.

use std::sync::atomic::{AtomicU64, Ordering};

use proguard::{CacheErrorKind, ProguardCache};

use crate::bytes::SharedBytes;
use crate::error::{Code, Error};

/// First and last word of a table: `FWPG` read as little endian.
pub(crate) const MAGIC: u32 = u32::from_le_bytes(*b"FWPG");
/// Version of the format. Version 1: the first, over version 4 of the crate's cache.
pub(crate) const VERSION: u32 = 1;
/// Size of the header in bytes.
pub(crate) const HEADER_BYTES: usize = 16;
/// Size of the trailer in bytes.
pub(crate) const TRAILER_BYTES: usize = 40;
/// Size of an entry of the directory in bytes.
pub(crate) const ENTRY_BYTES: usize = 16;
/// Flag: some method has line numbers.
pub(crate) const HAS_LINES: u32 = 1;
/// Flag: some class has a source file.
pub(crate) const HAS_SOURCE_FILES: u32 = 2;

/// What a mapping is and has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingFacts {
    /// Classes that it names.
    pub classes: u64,
    /// Lines on methods.
    pub methods: u64,
    /// Whether some method has line numbers.
    pub has_lines: bool,
    /// Whether some class has a source file.
    pub has_source_files: bool,
    /// What the compiler calls it (`pg_map_id`); empty when it does not.
    pub map_id: String,
}

/// Of the table that is opened next.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// An opened table.
pub struct MappingTable {
    /// No other table of the process ever had it.
    number: u64,
    bytes: SharedBytes,
    segments: Vec<std::ops::Range<usize>>,
    facts: MappingFacts,
}

impl MappingTable {
    /// Opens a table written by [`crate::proguard_build::build`].
    ///
    /// # Errors
    /// [`Code::TableVersion`] for another version of the format, [`Code::MalformedTable`] for
    /// anything else.
    pub fn open(bytes: SharedBytes) -> Result<MappingTable, Error> {
        let (segments, facts) = read(&bytes)?;
        // one writer made them all; to look at each would read the whole file
        parse(&bytes, &segments[0])?;
        Ok(MappingTable {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            bytes,
            segments,
            facts,
        })
    }

    /// What the mapping is and has.
    pub fn facts(&self) -> &MappingFacts {
        &self.facts
    }

    /// What tells this table from every other that was opened.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The cache of the segment that has a class, if any has. Reading its header is all that is done.
    pub(crate) fn cache(&self, class: &str) -> Option<ProguardCache<'_>> {
        let number = segment_of(class, self.segments.len());
        parse(&self.bytes, &self.segments[number]).ok()
    }

    /// The original name of a class.
    pub(crate) fn class(&self, class: &str) -> Option<&str> {
        self.cache(class)?.remap_class(class)
    }
}

/// The number of the segment that has a class. FNV-1a: the same on every machine.
pub(crate) fn segment_of(class: &str, segments: usize) -> usize {
    (hash(class) % segments.max(1) as u64) as usize
}

/// FNV-1a of a name.
pub(crate) fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn parse<'t>(
    bytes: &'t [u8],
    segment: &std::ops::Range<usize>,
) -> Result<ProguardCache<'t>, Error> {
    ProguardCache::parse(&bytes[segment.clone()]).map_err(|error| match error.kind() {
        CacheErrorKind::WrongVersion => damaged(Code::TableVersion, &error.to_string()),
        _ => damaged(Code::MalformedTable, &error.to_string()),
    })
}

fn read(bytes: &[u8]) -> Result<(Vec<std::ops::Range<usize>>, MappingFacts), Error> {
    let broken = |what: &str| damaged(Code::MalformedTable, what);
    if word(bytes, 0) != Some(MAGIC) || bytes.len() < HEADER_BYTES + TRAILER_BYTES {
        return Err(broken("not a table of a mapping"));
    }
    if word(bytes, 4) != Some(VERSION) {
        return Err(damaged(Code::TableVersion, "another version of the table"));
    }
    let trailer = &bytes[bytes.len() - TRAILER_BYTES..];
    if word(trailer, 36) != Some(MAGIC) {
        return Err(broken("the table is cut off"));
    }
    let long_at = |at| long(trailer, at).unwrap_or(u64::MAX);
    let word_at = |at| word(trailer, at).unwrap_or(u32::MAX);
    let directory =
        usize::try_from(long_at(0)).map_err(|_| broken("the place of the directory"))?;
    let (count, id_bytes) = (word_at(24) as usize, word_at(28) as usize);
    let rest = bytes[..bytes.len() - TRAILER_BYTES]
        .get(directory..)
        .filter(|rest| count > 0 && rest.len() == count * ENTRY_BYTES + id_bytes)
        .ok_or_else(|| broken("the size of the directory"))?;
    let (entries, id) = rest.split_at(count * ENTRY_BYTES);
    let mut segments = Vec::with_capacity(count);
    for entry in entries.chunks_exact(ENTRY_BYTES) {
        let (offset, length) = (long(entry, 0), long(entry, 8));
        let range = offset.zip(length).and_then(|(offset, length)| {
            let end = offset.checked_add(length)?;
            (offset % 8 == 0 && offset >= HEADER_BYTES as u64 && end <= directory as u64)
                .then_some(offset as usize..end as usize)
        });
        segments.push(range.ok_or_else(|| broken("the place of a segment"))?);
    }
    let flags = word_at(32);
    let facts = MappingFacts {
        classes: long_at(8),
        methods: long_at(16),
        has_lines: flags & HAS_LINES != 0,
        has_source_files: flags & HAS_SOURCE_FILES != 0,
        map_id: String::from_utf8_lossy(id).into_owned(),
    };
    Ok((segments, facts))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn damaged(code: Code, what: &str) -> Error {
    Error::new(code, what).with_remedy("build it again from the mapping")
}
