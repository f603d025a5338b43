//! The index of a segment: answers that need no rule but the mapping's lines, straight from bytes.
//!
//! Nearly all frames are of a class of the mapping, at a line, of a method without outlines and rewrite
//! rules. What these become is written down when the table is made ([`crate::proguard_index_build`]);
//! all else is [`Indexed::Doubt`], and the crate's word.
//!
//! # Format
//!
//! It lies behind the segment's cache; places are offsets into both, so that names may be those of the
//! cache. Little endian, but for the cache. What one frame needs lies together, since reading memory that
//! is not near is what takes the time.
//!
//! ```text
//! class         obfuscated name, original name, file where no line tells another
//! method        u32 place of its class, u32 number of lines (with BRIEF) or DOUBT, obfuscated name, ranges,
//!               lines, names
//! ranges     8  of each line, u32 first, u32 last
//! lines     20  u32 original line, u32 flags, u32 class, u32 method, u32 file; class and file may be 0:
//!               those of the class
//!
//! where BRIEF:
//! ranges     4  of each line, u16 first, u16 last
//! lines      8  u32 original line, 4 bits flags above 28 of method; class and file are those of the class
//! slots      8  u32 hash, u32 place of a class or method; 0 where none. At the end of the segment; their
//!               number is a power of two
//! ```
//!
//! Names are UTF-8 with their length before them in LEB128, as in the cache. Classes and methods are found
//! by [`class_hash`] and [`method_hash`], in the slots from the hash's place on, of which at most
//! [`MAX_PROBES`] are looked at.

use crate::bytes::padded;
use crate::proguard::{hash, hash_on};
use crate::proguard_remap::Asked;

/// Number of lines of a method of which the crate is to be asked.
pub(crate) const DOUBT: u32 = u32::MAX;
/// In the number of lines of a method: all are of its class and its file, and in ranges below 65,536.
pub(crate) const BRIEF: u32 = 1 << 31;
/// Slots that are looked at for one name.
pub(crate) const MAX_PROBES: usize = 32;
pub(crate) const SLOT_BYTES: usize = 8;
pub(crate) const RANGE_BYTES: usize = 8;
pub(crate) const LINE_BYTES: usize = 20;
/// Where a line has the name of its method.
pub(crate) const METHOD_AT: usize = 12;
/// The same where lines are brief.
pub(crate) const BRIEF_RANGE_BYTES: usize = 4;
pub(crate) const BRIEF_BYTES: usize = 8;
pub(crate) const BRIEF_METHOD_AT: usize = 4;
/// Bits of a place beside flags; more than a segment has.
pub(crate) const PLACE_BITS: u32 = 28;

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

/// The hashes of the names of a class and of a method of it.
#[derive(Clone, Copy)]
pub(crate) struct Hashes {
    /// That of the class's name.
    pub(crate) class: u64,
    /// That under which the method's record is found.
    method: u64,
}

impl Hashes {
    pub(crate) fn of(class: &str, method: &str) -> Self {
        let class = hash(class);
        let method = method_hash(class, method);
        Hashes { class, method }
    }
}

/// The hash under which the record of a class is found; `class` is that of its name.
pub(crate) fn class_hash(class: u64) -> u64 {
    class & !IS_METHOD
}

/// The hash under which the record of a method is found; `class` is that of its class's name.
pub(crate) fn method_hash(class: u64, method: &str) -> u64 {
    hash_on(class, method) | IS_METHOD
}

/// What the index knows of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The mapping does not have its class.
    Unknown,
    /// The crate is to be asked.
    Doubt,
    /// It told what takes its place: one frame or more.
    Told,
}

/// A frame in original names; names of mappings are bytes until they are looked at.
pub(crate) struct OriginalFrame<'t> {
    pub(crate) class: &'t [u8],
    pub(crate) method: &'t [u8],
    pub(crate) line: Option<u32>,
    pub(crate) file: Option<&'t [u8]>,
    pub(crate) synthesized: bool,
}

/// Where a name is in a segment, all of which is in it.
#[derive(Clone, Copy)]
pub(crate) struct NameAt {
    pub(crate) at: u32,
    pub(crate) length: u32,
}

impl NameAt {
    fn end(self) -> usize {
        self.at as usize + self.length as usize
    }

    pub(crate) fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.at as usize..self.end()]
    }

    /// The name and what lies behind it, `BYTES` in all; nothing where it has more, or where there are fewer.
    #[inline(always)]
    pub(crate) fn within<const BYTES: usize>(self, bytes: &[u8]) -> Option<&[u8; BYTES]> {
        let at = self.at as usize;
        let some = bytes.get(at..at + BYTES)?;
        some.first_chunk().filter(|_| self.length as usize <= BYTES)
    }
}

/// A frame as the index has it.
#[derive(Clone, Copy)]
pub(crate) struct IndexedFrame {
    pub(crate) class: NameAt,
    pub(crate) method: NameAt,
    pub(crate) line: Option<u32>,
    pub(crate) file: NameAt,
    pub(crate) synthesized: bool,
}

impl IndexedFrame {
    /// With the names, which are in these bytes.
    pub(crate) fn named(self, bytes: &[u8]) -> OriginalFrame<'_> {
        OriginalFrame {
            class: self.class.of(bytes),
            method: self.method.of(bytes),
            line: self.line,
            file: Some(self.file.of(bytes)),
            synthesized: self.synthesized,
        }
    }
}

/// Is told frames, from the innermost outwards.
pub(crate) trait Tell {
    fn tell(&mut self, frame: OriginalFrame<'_>);

    /// As [`Tell::tell`]; nearly all frames come this way. The names are in `bytes`.
    fn tell_indexed(&mut self, bytes: &[u8], frame: IndexedFrame) {
        self.tell(frame.named(bytes));
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
    pub(crate) fn of(bytes: &'t [u8], slots: usize) -> Option<Self> {
        let place = bytes.len().checked_sub(slots.checked_mul(SLOT_BYTES)?)?;
        slots.is_power_of_two().then_some(Index {
            bytes,
            slots: &bytes[place..],
        })
    }

    /// Tells what takes the place of a frame at a line above 0, innermost first.
    #[inline(always)]
    pub(crate) fn frame(&self, asked: &Asked<'_>, line: u32, tell: &mut impl Tell) -> Known {
        self.look(asked, line, tell).unwrap_or(Known::Doubt)
    }

    /// The original name of a class, of whose name this is the hash; the inner nothing where the mapping does
    /// not have it, the outer where the table is damaged.
    pub(crate) fn original(&self, hash: u64, class: &str) -> Option<Option<&'t str>> {
        match self.find(class_hash(hash), |at| self.class(at, class))? {
            Some(class) => {
                let original = std::str::from_utf8(class.original.of(self.bytes));
                Some(Some(original.ok()?))
            }
            None => Some(None),
        }
    }

    /// Place of the slot where a method is looked for first.
    pub(crate) fn first_slot(&self, hashes: Hashes) -> usize {
        let mask = self.slots.len() / SLOT_BYTES - 1;
        self.bytes.len() - self.slots.len() + (hashes.method as usize & mask) * SLOT_BYTES
    }

    /// Nothing where the table is damaged.
    #[inline(always)]
    fn look(&self, asked: &Asked<'_>, line: u32, tell: &mut impl Tell) -> Option<Known> {
        let method = |at| self.method(at, asked.class, asked.method);
        let class = match self.find(asked.hashes.method, method)? {
            Some(Method { lines: None, .. }) => return Some(Known::Doubt),
            Some(Method {
                class,
                lines: Some(lines),
            }) => {
                if self.lines(class, lines, line, tell) {
                    return Some(Known::Told);
                }
                class
            }
            None => {
                let class = |at| self.class(at, asked.class);
                match self.find(class_hash(asked.hashes.class), class)? {
                    Some(class) => class,
                    None => return Some(Known::Unknown),
                }
            }
        };
        // where no line of the mapping is of the frame, its class is all that is known
        tell.tell(OriginalFrame {
            class: class.original.of(self.bytes),
            method: asked.method.as_bytes(),
            line: Some(line),
            file: Some(class.file.of(self.bytes)),
            synthesized: false,
        });
        Some(Known::Told)
    }

    /// Tells the frames of the lines that a line is in, and whether there were any. Ends early where the table
    /// is damaged.
    #[inline(always)]
    fn lines(&self, class: Class, lines: LinesOf<'t>, line: u32, tell: &mut impl Tell) -> bool {
        let mut told = false;
        for group in (0..lines.count).step_by(LOOKED) {
            // of all, before one is told: which of them the line is in cannot be foreseen
            let mut hits = lines.hits(group, line);
            // those behind them are not of the method
            hits &= (1 << (lines.count - group).min(LOOKED)) - 1;
            while hits != 0 {
                let place = hits.trailing_zeros() as usize;
                hits &= hits - 1;
                let first = lines.first(group + place);
                let Some(entry) = self.entry(class, lines, group + place) else {
                    return told;
                };
                tell.tell_indexed(self.bytes, entry.at(first, line));
                told = true;
            }
        }
        told
    }

    /// A line of a method.
    #[inline(always)]
    fn entry(&self, class: Class, lines: LinesOf<'_>, number: usize) -> Option<Entry> {
        if lines.is_brief {
            let entry = &lines.entries[number * BRIEF_BYTES..][..BRIEF_BYTES];
            let both = word(entry, BRIEF_METHOD_AT)?;
            let place = both & ((1 << PLACE_BITS) - 1);
            return Some(Entry {
                original: word(entry, 0)?,
                flags: both >> PLACE_BITS,
                class: class.original,
                method: name(self.bytes, place as usize)?,
                file: class.file,
            });
        }
        let entry = &lines.entries[number * LINE_BYTES..][..LINE_BYTES];
        let or = |at, own| match word(entry, at)? {
            0 => Some(own),
            place => name(self.bytes, place as usize),
        };
        Some(Entry {
            original: word(entry, 0)?,
            flags: word(entry, 4)?,
            class: or(8, class.original)?,
            method: name(self.bytes, word(entry, METHOD_AT)? as usize)?,
            file: or(16, class.file)?,
        })
    }

    /// What `read` makes of the record of this hash; the inner nothing where there is none.
    #[inline(always)]
    fn find<T>(&self, hash: u64, read: impl Fn(usize) -> Option<Option<T>>) -> Option<Option<T>> {
        let mask = self.slots.len() / SLOT_BYTES - 1;
        for probe in 0..MAX_PROBES {
            let slot = ((hash as usize).wrapping_add(probe) & mask) * SLOT_BYTES;
            let at = word(self.slots, slot + 4)? as usize;
            if at == 0 {
                return Some(None);
            }
            if word(self.slots, slot)? == (hash >> 32) as u32
                && let Some(found) = read(at)?
            {
                return Some(Some(found));
            }
        }
        Some(None)
    }

    /// The method whose record is at a place, if it is the one.
    #[inline(always)]
    fn method(&self, at: usize, class: &str, method: &str) -> Option<Option<Method<'t>>> {
        let count = word(self.bytes, at + 4)?;
        let name = name(self.bytes, at + 8)?;
        let place = word(self.bytes, at)? as usize;
        if name.of(self.bytes) != method.as_bytes() {
            return Some(None);
        }
        let lines = match count {
            DOUBT => None,
            count => {
                let is_brief = count & BRIEF != 0;
                let count = (count & !BRIEF) as usize;
                let (range, size) = if is_brief {
                    (BRIEF_RANGE_BYTES, BRIEF_BYTES)
                } else {
                    (RANGE_BYTES, LINE_BYTES)
                };
                let ranges = &self.bytes[name.end()..];
                let entries = ranges.get(count * range..)?;
                Some(LinesOf {
                    count,
                    ranges,
                    is_brief,
                    entries: entries.get(..count * size)?,
                })
            }
        };
        let class = self.class(place, class)?;
        Some(class.map(|class| Method { class, lines }))
    }

    /// The class whose record is at a place, if it is the one.
    #[inline(always)]
    fn class(&self, at: usize, class: &str) -> Option<Option<Class>> {
        let own = name(self.bytes, at)?;
        if own.of(self.bytes) != class.as_bytes() {
            return Some(None);
        }
        let original = name(self.bytes, own.end())?;
        let file = name(self.bytes, original.end())?;
        Some(Some(Class { original, file }))
    }
}

/// The names of a class.
#[derive(Clone, Copy)]
struct Class {
    original: NameAt,
    file: NameAt,
}

/// The lines of a method.
#[derive(Clone, Copy)]
struct LinesOf<'t> {
    count: usize,
    /// With what lies behind them.
    ranges: &'t [u8],
    is_brief: bool,
    entries: &'t [u8],
}

impl LinesOf<'_> {
    /// In which of the ranges from one on, as many as are looked at together, a line is: a bit for each.
    #[inline(always)]
    fn hits(&self, from: usize, line: u32) -> u32 {
        if self.is_brief {
            let ranges = &self.ranges[from * BRIEF_RANGE_BYTES..];
            return match u16::try_from(line) {
                Ok(line) => hits_brief(&padded(ranges), line),
                Err(_) => 0,
            };
        }
        hits(&padded(&self.ranges[from * RANGE_BYTES..]), line)
    }

    /// Where a range begins.
    #[inline(always)]
    fn first(&self, number: usize) -> u32 {
        if self.is_brief {
            word(self.ranges, number * BRIEF_RANGE_BYTES).unwrap_or(0) & 0xffff
        } else {
            word(self.ranges, number * RANGE_BYTES).unwrap_or(0)
        }
    }
}

/// A line of a method, as it is written down.
struct Entry {
    original: u32,
    flags: u32,
    class: NameAt,
    method: NameAt,
    file: NameAt,
}

impl Entry {
    /// The frame at a line of its range, which begins at `first`.
    #[inline(always)]
    fn at(self, first: u32, line: u32) -> IndexedFrame {
        let line = match self.flags & (GROWS | SAME | NONE) {
            GROWS => Some(self.original.checked_add(line - first).unwrap_or(0)),
            SAME => Some(line),
            NONE => None,
            _ => Some(self.original),
        };
        IndexedFrame {
            class: self.class,
            method: self.method,
            line,
            file: self.file,
            synthesized: self.flags & SYNTHESIZED != 0,
        }
    }
}

struct Method<'t> {
    class: Class,
    /// Nothing where the crate is to be asked.
    lines: Option<LinesOf<'t>>,
}

/// Lines that are looked at together.
const LOOKED: usize = 8;

/// Which of so many ranges a line is in, a bit for each.
#[inline(always)]
fn hits(ranges: &[u8; LOOKED * RANGE_BYTES], line: u32) -> u32 {
    let mut hits = 0;
    for (at, range) in ranges.as_chunks::<RANGE_BYTES>().0.iter().enumerate() {
        let both = u64::from_le_bytes(*range);
        let is_hit = (both as u32 <= line) & (line <= (both >> 32) as u32);
        hits |= u32::from(is_hit) << at;
    }
    hits
}

/// The same of brief ranges.
#[inline(always)]
fn hits_brief(ranges: &[u8; LOOKED * BRIEF_RANGE_BYTES], line: u16) -> u32 {
    let mut hits = 0;
    for (at, range) in ranges.as_chunks::<4>().0.iter().enumerate() {
        let both = u32::from_le_bytes(*range);
        let is_hit = (both as u16 <= line) & (line <= (both >> 16) as u16);
        hits |= u32::from(is_hit) << at;
    }
    hits
}

/// The name at a place, with its length before it.
#[inline(always)]
pub(crate) fn name(bytes: &[u8], at: usize) -> Option<NameAt> {
    let length = *bytes.get(at)?;
    if length < 0x80 {
        return name_of(bytes, at + 1, usize::from(length));
    }
    long_name(bytes, at)
}

#[cold]
fn long_name(bytes: &[u8], mut at: usize) -> Option<NameAt> {
    let mut length = 0;
    // 28 bits are more than a segment has
    for shift in [0, 7, 14, 21] {
        let byte = *bytes.get(at)?;
        at += 1;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return name_of(bytes, at, length);
        }
    }
    None
}

/// A name of that length at a place; nothing where there are not so many bytes.
#[inline(always)]
fn name_of(bytes: &[u8], at: usize, length: usize) -> Option<NameAt> {
    (at + length <= bytes.len()).then_some(NameAt {
        at: at as u32,
        length: length as u32,
    })
}

/// A word of the index.
#[inline(always)]
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::{Hashes, Known};
    use crate::bytes::SharedBytes;
    use crate::proguard::MappingTable;
    use crate::proguard_build::build;
    use crate::proguard_remap::Asked;

    /// What it answers is compared with the crate's answers elsewhere; here, that it answers.
    #[test]
    fn frames_that_need_no_rule_are_not_in_doubt() {
        let mapping = "a.B -> b:\n    1:9:void m():7:15 -> c\n    void o() -> o\n    # {\"id\":\"com.android.tools.r8.outline\"}\n    void s():1:9 -> s\n";
        let mut table = Vec::new();
        build(mapping.as_bytes(), &mut table, 1 << 20).unwrap();
        let table = MappingTable::open(SharedBytes::new(table)).unwrap();
        for (class, method, line, expected) in [
            ("b", "c", 2, Known::Told),
            ("b", "c", 10, Known::Told),
            ("b", "nowhere", 1, Known::Told),
            ("c", "c", 1, Known::Unknown),
            ("b", "c", 0, Known::Doubt),
            ("b", "o", 1, Known::Doubt),
            ("b", "s", 1, Known::Doubt),
        ] {
            let asked = Asked {
                hashes: Hashes::of(class, method),
                class,
                method,
                line: Some(line),
                parameters: None,
            };
            let found = table.indexed(&asked, line, &mut Vec::new());
            assert_eq!(found, expected, "{class}.{method}:{line}");
        }
    }
}
