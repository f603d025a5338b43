//! The index of a segment: answers that need no rule but the mapping's lines, straight from bytes.
//!
//! Nearly all frames are of a class of the mapping, at a line, of a method without outlines and rewrite
//! rules. What these become is written down when the table is made ([`crate::proguard_index_build`]);
//! all else is [`Indexed::Doubt`], and the crate's word.
//!
//! # Format
//!
//! It lies behind the segment's cache; places are offsets into both, so that names are those of the
//! cache. Little endian, but for the cache.
//!
//! ```text
//! slots     8 each  u32 hash, u32 place of the record; 0 where none. Their number is a power of two
//! class    12       u32 obfuscated name, u32 original name, u32 file without a line of the mapping
//! method   12       u32 place of its class, u32 obfuscated name, u32 number of lines or DOUBT
//! lines    32 each  u32 first, u32 last, u32 original line, u32 flags, u32 class, u32 method, u32 file, 0
//! names             LEB128 length, UTF-8; those that the cache does not have
//! trailer   8       u32 place of the slots, u32 number of slots
//! ```
//!
//! Classes and methods are found by [`class_hash`] and [`method_hash`], in the slots from the hash's
//! place on, of which at most [`MAX_PROBES`] are looked at.

use crate::proguard::hash_on;

/// Number of lines of a method of which the crate is to be asked.
pub(crate) const DOUBT: u32 = u32::MAX;
/// Slots that are looked at for one name.
pub(crate) const MAX_PROBES: usize = 32;
pub(crate) const SLOT_BYTES: usize = 8;
pub(crate) const LINE_BYTES: usize = 32;
pub(crate) const TRAILER_BYTES: usize = 8;

/// Flag: the original line grows with the obfuscated one.
pub(crate) const GROWS: u32 = 1;
/// Flag: the line is the obfuscated one.
pub(crate) const SAME: u32 = 2;
/// Flag: there is no line.
pub(crate) const NONE: u32 = 4;
/// Flag: the compiler made the method.
pub(crate) const SYNTHESIZED: u32 = 8;

/// The bit that tells methods from classes; it is one of those that a slot has.
const IS_METHOD: u64 = 1 << 32;

/// The hash under which the record of a class is found; `class` is that of its name.
pub(crate) fn class_hash(class: u64) -> u64 {
    mixed(class) & !IS_METHOD
}

/// The hash under which the record of a method is found; `class` is that of its class's name.
pub(crate) fn method_hash(class: u64, method: &str) -> u64 {
    mixed(hash_on(class ^ 0xff, method)) | IS_METHOD
}

/// The lower bits of FNV-1a's product know nothing of the upper ones.
fn mixed(hash: u64) -> u64 {
    hash ^ (hash >> 32)
}

/// What the index knows of a frame.
pub(crate) enum Indexed<'t> {
    /// The mapping does not have its class.
    Unknown,
    /// The crate is to be asked.
    Doubt,
    /// What takes its place: one or more.
    Frames(Frames<'t>),
}

/// A frame in original names.
pub(crate) struct IndexedFrame<'t> {
    pub(crate) class: &'t [u8],
    pub(crate) method: &'t [u8],
    pub(crate) line: Option<u32>,
    pub(crate) file: &'t [u8],
    pub(crate) synthesized: bool,
}

/// The frames that take the place of one, innermost first.
pub(crate) struct Frames<'t> {
    next: Option<IndexedFrame<'t>>,
    lines: Lines<'t>,
}

impl<'t> Iterator for Frames<'t> {
    type Item = IndexedFrame<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next.take()?;
        self.next = self.lines.next();
        Some(next)
    }
}

/// A segment with its index behind it.
#[derive(Clone, Copy)]
pub(crate) struct Index<'t> {
    bytes: &'t [u8],
    slots: &'t [u8],
}

impl<'t> Index<'t> {
    /// Nothing for a segment without an index.
    pub(crate) fn of(bytes: &'t [u8]) -> Option<Self> {
        let trailer = bytes.len().checked_sub(TRAILER_BYTES)?;
        let (place, count) = (word(bytes, trailer)?, word(bytes, trailer + 4)?);
        let size = (count as usize).checked_mul(SLOT_BYTES)?;
        let slots = bytes.get(place as usize..)?.get(..size)?;
        count.is_power_of_two().then_some(Index { bytes, slots })
    }

    /// What takes the place of a frame at a line above 0; `hash` is that of the class's name.
    pub(crate) fn frame(&self, hash: u64, class: &str, method: &'t str, line: u32) -> Indexed<'t> {
        self.look(hash, class, method, line)
            .unwrap_or(Indexed::Doubt)
    }

    /// Nothing where the table is damaged.
    fn look(&self, hash: u64, class: &str, method: &'t str, line: u32) -> Option<Indexed<'t>> {
        let is_method = |at| {
            Some(
                self.name(at + 4)? == method.as_bytes()
                    && self.is_class(word(self.bytes, at)?, class)?,
            )
        };
        let mut lines = Lines {
            bytes: self.bytes,
            rest: &[],
            line,
        };
        let place = match self.find(method_hash(hash, method), is_method)? {
            Some(at) => {
                let count = word(self.bytes, at + 8)?;
                if count == DOUBT {
                    return Some(Indexed::Doubt);
                }
                lines.rest = self
                    .bytes
                    .get(at + 12..)?
                    .get(..count as usize * LINE_BYTES)?;
                if let Some(next) = lines.next() {
                    let next = Some(next);
                    return Some(Indexed::Frames(Frames { next, lines }));
                }
                word(self.bytes, at)?
            }
            None => match self.find(class_hash(hash), |at| self.is_class(at as u32, class))? {
                Some(at) => at as u32,
                None => return Some(Indexed::Unknown),
            },
        };
        // no line of the mapping is of this frame: its class is all that is known
        let next = Some(IndexedFrame {
            class: self.name(place as usize + 4)?,
            method: method.as_bytes(),
            line: Some(line),
            file: self.name(place as usize + 8)?,
            synthesized: false,
        });
        Some(Indexed::Frames(Frames { next, lines }))
    }

    /// The record of this hash that is the one; the inner nothing where there is none.
    fn find(&self, hash: u64, is_it: impl Fn(usize) -> Option<bool>) -> Option<Option<usize>> {
        let mask = self.slots.len() / SLOT_BYTES - 1;
        for probe in 0..MAX_PROBES {
            let slot = (hash as usize + probe & mask) * SLOT_BYTES;
            let at = word(self.slots, slot + 4)? as usize;
            if at == 0 {
                return Some(None);
            }
            if word(self.slots, slot)? == (hash >> 32) as u32 && is_it(at)? {
                return Some(Some(at));
            }
        }
        Some(None)
    }

    fn is_class(&self, at: u32, class: &str) -> Option<bool> {
        Some(self.name(at as usize)? == class.as_bytes())
    }

    /// The name whose place is told at a place.
    fn name(&self, at: usize) -> Option<&'t [u8]> {
        name(self.bytes, word(self.bytes, at)?)
    }
}

/// The lines of a method that a line is in.
struct Lines<'t> {
    bytes: &'t [u8],
    /// Those that come.
    rest: &'t [u8],
    line: u32,
}

impl<'t> Iterator for Lines<'t> {
    type Item = IndexedFrame<'t>;

    /// Ends early where the table is damaged.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (entry, rest) = self.rest.split_first_chunk::<LINE_BYTES>()?;
            self.rest = rest;
            let word_at = |number: usize| {
                u32::from_le_bytes(entry[4 * number..][..4].try_into().expect("four bytes"))
            };
            let first = word_at(0);
            if self.line < first || self.line > word_at(1) {
                continue;
            }
            let (original, flags) = (word_at(2), word_at(3));
            let line = match flags & (GROWS | SAME | NONE) {
                GROWS => Some(original.checked_add(self.line - first).unwrap_or(0)),
                SAME => Some(self.line),
                NONE => None,
                _ => Some(original),
            };
            return Some(IndexedFrame {
                class: name(self.bytes, word_at(4))?,
                method: name(self.bytes, word_at(5))?,
                line,
                file: name(self.bytes, word_at(6))?,
                synthesized: flags & SYNTHESIZED != 0,
            });
        }
    }
}

/// A name with its length before it, as the crate's caches have them.
pub(crate) fn name(bytes: &[u8], at: u32) -> Option<&[u8]> {
    let mut rest = bytes.get(at as usize..)?;
    let mut length = 0;
    // 28 bits are more than a segment has
    for shift in [0, 7, 14, 21] {
        let (byte, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return rest.get(..length);
        }
    }
    None
}

pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
