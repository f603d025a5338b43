//! The table of a ProGuard or R8 mapping: written once ([`crate::proguard_build`]), then mapped and
//! searched ([`crate::proguard_remap`]).
//!
//! # Format (version 4)
//!
//! The `proguard` crate has a flat cache of its own (`PRGC`), which its writer makes from all of a
//! mapping at once, in many times the mapping's size of memory. A table holds many such caches, each
//! of the classes whose obfuscated names hash to its number, so that one class is in one of them and
//! making them takes the memory of one.
//!
//! ```text
//! header     16  u32 magic "FWPG", u32 version, 0, 0
//! segments       caches of the crate, each at a multiple of 8, with its index behind it
//!                ([`crate::proguard_index`])
//! directory  24  of each segment: u64 offset, u32 length of the cache, u32 length of both,
//!                u32 slots of the index or 0 where it has none, u32 0
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
use crate::proguard_index::{Hashes, Index, Known, Tell, word};
use crate::proguard_remap::Asked;

/// First and last word of a table: `FWPG` read as little endian.
pub(crate) const MAGIC: u32 = u32::from_le_bytes(*b"FWPG");
/// Version of the format. Version 1: the first, over version 4 of the crate's cache. Version 2: an index
/// of each segment. Version 3: another hash, and the ranges of a method's lines together. Version 4: brief
/// lines.
pub(crate) const VERSION: u32 = 4;
/// Size of the header in bytes.
pub(crate) const HEADER_BYTES: usize = 16;
/// Size of the trailer in bytes.
pub(crate) const TRAILER_BYTES: usize = 40;
/// Size of an entry of the directory in bytes.
pub(crate) const ENTRY_BYTES: usize = 24;
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

/// Frames whose memory is had at once.
pub(crate) const APPROACHED: usize = 32;

/// Lines of memory that a record has behind its first, in most cases.
const LINES_OF_RECORD: usize = 2;

/// Of the table that is opened next.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// An opened table.
pub struct MappingTable {
    /// No other table of the process ever had it.
    number: u64,
    bytes: SharedBytes,
    segments: Vec<Segment>,
    facts: MappingFacts,
}

/// Where a segment is.
struct Segment {
    start: usize,
    cache_bytes: usize,
    bytes: usize,
    /// Of its index.
    slots: usize,
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
        let number = segment_of(hash(class), self.segments.len());
        parse(&self.bytes, &self.segments[number]).ok()
    }

    /// Tells what the index knows of a frame at a line.
    #[inline(always)]
    pub(crate) fn indexed(&self, asked: &Asked<'_>, line: u32, tell: &mut impl Tell) -> Known {
        // without a line, other rules count
        if line == 0 {
            return Known::Doubt;
        }
        self.index(asked.hashes.class)
            .map_or(Known::Doubt, |(_, index)| index.frame(asked, line, tell))
    }

    /// Where the index of a class begins, with the index.
    #[inline]
    fn index(&self, class: u64) -> Option<(usize, Index<'_>)> {
        let segment = &self.segments[segment_of(class, self.segments.len())];
        let bytes = &self.bytes[segment.start..][..segment.bytes];
        Some((segment.start, Index::of(bytes, segment.slots)?))
    }

    /// Has the memory near that the index will need for these classes and methods. Far memory takes longer
    /// than all else, and much of it can be on its way at once if nothing waits for it in between.
    pub(crate) fn approach(&self, frames: impl Iterator<Item = Hashes>) {
        let mut places = [(0, 0); APPROACHED];
        let mut count = 0;
        for (hashes, place) in frames.zip(&mut places) {
            if let Some((start, index)) = self.index(hashes.class) {
                *place = (start, start + index.first_slot(hashes) + 4);
            }
            count += 1;
        }
        let bytes = &*self.bytes;
        let places = &mut places[..count];
        // from the slot to the method's record, and from that to the class's; each reaches into the lines
        // of memory after
        let reach = |place: usize| {
            for line in 1..=LINES_OF_RECORD {
                std::hint::black_box(bytes.get(place + 64 * line).copied());
            }
        };
        for _ in 0..2 {
            for (start, place) in &mut *places {
                *place = *start + word(bytes, *place).unwrap_or(0) as usize;
                reach(*place);
            }
        }
        for (_, place) in places {
            std::hint::black_box(bytes.get(*place).copied());
        }
    }

    /// The original name of a class.
    pub(crate) fn class(&self, class: &str) -> Option<&str> {
        let hash = hash(class);
        self.index(hash)
            .and_then(|(_, index)| index.original(hash, class))
            .unwrap_or_else(|| self.cache(class)?.remap_class(class))
    }
}

/// The number of the segment that has a class, of whose name this is the hash.
pub(crate) fn segment_of(class: u64, segments: usize) -> usize {
    // the upper bits of the lower half: the lower ones choose the slot, those of the upper half are in it
    ((u64::from(class as u32) * segments as u64) >> 32) as usize
}

/// The hash of a name: the same on every machine. Names of mappings may be made to have the same; what is
/// looked for by it is bounded.
pub(crate) fn hash(name: &str) -> u64 {
    hash_on(0x8f1d_6a2c_93b7_e045, name)
}

/// The hash of a name that follows what was hashed before.
pub(crate) fn hash_on(before: u64, name: &str) -> u64 {
    let bytes = name.as_bytes();
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut hash = folded(before ^ bytes.len() as u64);
    for eight in eights {
        hash = folded(hash ^ u64::from_le_bytes(*eight));
    }
    let last = match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        // of less than four, the first, the middle and the last are all
        _ if rest.is_empty() => return hash,
        _ => [0, rest.len() / 2, rest.len() - 1]
            .iter()
            .fold(0, |last, &at| last << 8 | u64::from(rest[at])),
    };
    folded(hash ^ last)
}

/// Both halves of a product, to each bit of which all bits below it add.
fn folded(bits: u64) -> u64 {
    let product = u128::from(bits) * 0x9e6c_63d0_876a_3f6b_u128;
    product as u64 ^ (product >> 64) as u64
}

fn parse<'t>(bytes: &'t [u8], segment: &Segment) -> Result<ProguardCache<'t>, Error> {
    let cache = &bytes[segment.start..][..segment.cache_bytes];
    ProguardCache::parse(cache).map_err(|error| match error.kind() {
        CacheErrorKind::WrongVersion => damaged(Code::TableVersion, &error.to_string()),
        _ => damaged(Code::MalformedTable, &error.to_string()),
    })
}

fn read(bytes: &[u8]) -> Result<(Vec<Segment>, MappingFacts), Error> {
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
        segments.push(segment(entry, directory).ok_or_else(|| broken("the place of a segment"))?);
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

/// The segment of an entry of the directory; those are before it.
fn segment(entry: &[u8], directory: usize) -> Option<Segment> {
    let start = usize::try_from(long(entry, 0)?).ok()?;
    let (cache_bytes, bytes) = (word(entry, 8)? as usize, word(entry, 12)? as usize);
    let is_within = start % 8 == 0
        && start >= HEADER_BYTES
        && cache_bytes <= bytes
        && start.checked_add(bytes)? <= directory;
    is_within.then_some(Segment {
        start,
        cache_bytes,
        bytes,
        slots: word(entry, 16)? as usize,
    })
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn damaged(code: Code, what: &str) -> Error {
    Error::new(code, what).with_remedy("build it again from the mapping")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::hash;

    #[test]
    fn names_of_any_length_that_differ_in_a_byte_have_other_hashes() {
        let mut seen = HashSet::new();
        for length in 0..40 {
            assert!(seen.insert(hash(&"a".repeat(length))));
            for at in 0..length {
                let name = format!("{}b{}", "a".repeat(at), "a".repeat(length - at - 1));
                assert!(seen.insert(hash(&name)), "{name}");
            }
        }
    }
}
