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
//! method        u32 place of its class, u32 number of lines or DOUBT, obfuscated name, ranges, lines, names
//! ranges     8  of each line, u32 first, u32 last
//! lines     20  u32 original line, u32 flags, u32 class, u32 method, u32 file; class and file may be 0:
//!               those of the class
//! slots      8  u32 hash, u32 place of a class or method; 0 where none. At the end of the segment; their
//!               number is a power of two
//! ```
//!
//! Names are UTF-8 with their length before them in LEB128, as in the cache. Classes and methods are found
//! by [`class_hash`] and [`method_hash`], in the slots from the hash's place on, of which at most
//! [`MAX_PROBES`] are looked at.

use crate::proguard::{hash, hash_on};

/// Number of lines of a method of which the crate is to be asked.
pub(crate) const DOUBT: u32 = u32::MAX;
/// Slots that are looked at for one name.
pub(crate) const MAX_PROBES: usize = 32;
pub(crate) const SLOT_BYTES: usize = 8;
pub(crate) const RANGE_BYTES: usize = 8;
pub(crate) const LINE_BYTES: usize = 20;
/// Where a line has the name of its method.
pub(crate) const METHOD_AT: usize = 12;

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
pub(crate) enum Indexed<'t> {
    /// The mapping does not have its class.
    Unknown,
    /// The crate is to be asked.
    Doubt,
    /// What takes its place: one or more.
    Frames(Frames<'t>),
}

/// A name, with what happens to lie behind it.
#[derive(Clone, Copy)]
pub(crate) struct Name<'t> {
    from: &'t [u8],
    length: usize,
}

/// Bytes that are copied at once: most names of methods and files are no longer, and most of classes.
const SHORT: usize = 32;
const LONG: usize = 96;

impl<'t> Name<'t> {
    /// All of a text.
    pub(crate) fn all_of(text: &'t str) -> Self {
        Name {
            from: text.as_bytes(),
            length: text.len(),
        }
    }

    /// The first bytes; nothing where there are not so many.
    pub(crate) fn of(from: &'t [u8], length: usize) -> Option<Self> {
        (length <= from.len()).then_some(Name { from, length })
    }

    pub(crate) fn bytes(self) -> &'t [u8] {
        &self.from[..self.length]
    }

    /// Appends it. To copy as much as names are long takes a fraction of a call that copies exactly.
    #[inline(always)]
    pub(crate) fn print(self, out: &mut Vec<u8>) {
        if self.length <= SHORT && self.print_of::<SHORT>(out) {
            return;
        }
        if self.length > LONG || !self.print_of::<LONG>(out) {
            out.extend_from_slice(self.bytes());
        }
    }

    /// Appends so many bytes and takes back those that are not of the name; not where there are fewer.
    #[inline(always)]
    fn print_of<const COPIED: usize>(self, out: &mut Vec<u8>) -> bool {
        let Some(all) = self.from.first_chunk::<COPIED>() else {
            return false;
        };
        let end = out.len() + self.length;
        out.extend_from_slice(all);
        out.truncate(end);
        true
    }
}

/// A frame in original names.
pub(crate) struct IndexedFrame<'t> {
    pub(crate) class: Name<'t>,
    pub(crate) method: Name<'t>,
    pub(crate) line: Option<u32>,
    pub(crate) file: Name<'t>,
    pub(crate) synthesized: bool,
}

/// The frames that take the place of one, innermost first.
pub(crate) struct Frames<'t> {
    lines: Lines<'t>,
    /// The method's obfuscated name until a frame was told. Where no line of the mapping is of the frame, its
    /// class is all that is known.
    none: Option<&'t str>,
}

impl<'t> Iterator for Frames<'t> {
    type Item = IndexedFrame<'t>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let none = self.none.take();
        let next = self.lines.next();
        if next.is_some() {
            return next;
        }
        let method = Name::all_of(none?);
        Some(IndexedFrame {
            class: name(self.lines.bytes, self.lines.class.original)?,
            method,
            line: Some(self.lines.line),
            file: name(self.lines.bytes, self.lines.class.file)?,
            synthesized: false,
        })
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

    /// What takes the place of a frame at a line above 0.
    #[inline]
    pub(crate) fn frame(
        &self,
        hashes: Hashes,
        class: &str,
        method: &'t str,
        line: u32,
    ) -> Indexed<'t> {
        self.look(hashes, class, method, line)
            .unwrap_or(Indexed::Doubt)
    }

    /// The original name of a class, of whose name this is the hash; the inner nothing where the mapping does
    /// not have it, the outer where the table is damaged.
    pub(crate) fn original(&self, hash: u64, class: &str) -> Option<Option<&'t str>> {
        match self.find(class_hash(hash), |at| self.class(at, class))? {
            Some(class) => {
                let original = name(self.bytes, class.original)?.bytes();
                Some(Some(std::str::from_utf8(original).ok()?))
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
    #[inline]
    fn look(&self, hashes: Hashes, class: &str, method: &'t str, line: u32) -> Option<Indexed<'t>> {
        let found = self.find(hashes.method, |at| self.method(at, class, method))?;
        let (class, ranges, lines) = match found {
            Some(Method { lines: None, .. }) => return Some(Indexed::Doubt),
            Some(Method {
                class,
                lines: Some((ranges, lines)),
            }) => (class, ranges, lines),
            None => match self.find(class_hash(hashes.class), |at| self.class(at, class))? {
                Some(class) => (class, &[][..], &[][..]),
                None => return Some(Indexed::Unknown),
            },
        };
        let lines = Lines {
            bytes: self.bytes,
            class,
            ranges,
            lines,
            line,
            looked: 0,
            hits: 0,
        };
        let none = Some(method);
        Some(Indexed::Frames(Frames { lines, none }))
    }

    /// What `read` makes of the record of this hash; the inner nothing where there is none.
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
    fn method(&self, at: usize, class: &str, method: &str) -> Option<Option<Method<'t>>> {
        let count = word(self.bytes, at + 4)?;
        let name = name(self.bytes, at + 8)?;
        let place = word(self.bytes, at)? as usize;
        if name.bytes() != method.as_bytes() {
            return Some(None);
        }
        let lines = match count {
            DOUBT => None,
            count => {
                let rest = &name.from[name.length..];
                let (ranges, rest) = rest.split_at_checked(count as usize * RANGE_BYTES)?;
                Some((
                    ranges.as_chunks().0,
                    rest.as_chunks().0.get(..count as usize)?,
                ))
            }
        };
        let class = self.class(place, class)?;
        Some(class.map(|class| Method { class, lines }))
    }

    /// The class whose record is at a place, if it is the one.
    fn class(&self, at: usize, class: &str) -> Option<Option<Class>> {
        let own = name(self.bytes, at)?;
        if own.bytes() != class.as_bytes() {
            return Some(None);
        }
        let after = |name: &Name<'_>| self.bytes.len() - name.from.len() + name.length;
        let original = after(&own);
        let file = after(&name(self.bytes, original)?);
        name(self.bytes, file)?;
        Some(Some(Class { original, file }))
    }
}

/// Where the names of a class are.
#[derive(Clone, Copy)]
struct Class {
    original: usize,
    file: usize,
}

/// The ranges of a method's lines, and the lines.
type LinesOf<'t> = (&'t [[u8; RANGE_BYTES]], &'t [[u8; LINE_BYTES]]);

struct Method<'t> {
    class: Class,
    /// Nothing where the crate is to be asked.
    lines: Option<LinesOf<'t>>,
}

/// The lines of a method that a line is in.
struct Lines<'t> {
    bytes: &'t [u8],
    class: Class,
    /// Those that come, and those that were looked at.
    ranges: &'t [[u8; RANGE_BYTES]],
    lines: &'t [[u8; LINE_BYTES]],
    line: u32,
    /// How many of them were looked at, and which of these the line is in.
    looked: usize,
    hits: u32,
}

/// Lines that are looked at together.
const LOOKED: usize = u32::BITS as usize;

impl<'t> Iterator for Lines<'t> {
    type Item = IndexedFrame<'t>;

    /// Ends early where the table is damaged.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let bounds = |range: &[u8; RANGE_BYTES]| {
            let both = u64::from_le_bytes(*range);
            (both as u32, (both >> 32) as u32)
        };
        while self.hits == 0 {
            self.ranges = self.ranges.get(self.looked..)?;
            self.lines = self.lines.get(self.looked..)?;
            self.looked = self.ranges.len().min(LOOKED);
            if self.looked == 0 {
                return None;
            }
            // of all, before one is told: which of them the line is in cannot be foreseen
            for (at, range) in self.ranges[..self.looked].iter().enumerate() {
                let (first, last) = bounds(range);
                let is_hit = (first <= self.line) & (self.line <= last);
                self.hits |= u32::from(is_hit) << at;
            }
        }
        let place = self.hits.trailing_zeros() as usize;
        self.hits &= self.hits - 1;
        let (first, _) = bounds(self.ranges.get(place)?);
        let entry = self.lines.get(place)?;
        let word_at = |number: usize| {
            u32::from_le_bytes(entry[4 * number..][..4].try_into().expect("four bytes"))
        };
        let (original, flags) = (word_at(0), word_at(1));
        let line = match flags & (GROWS | SAME | NONE) {
            GROWS => Some(original.checked_add(self.line - first).unwrap_or(0)),
            SAME => Some(self.line),
            NONE => None,
            _ => Some(original),
        };
        let or = |place: u32, own| match place {
            0 => name(self.bytes, own),
            place => name(self.bytes, place as usize),
        };
        Some(IndexedFrame {
            class: or(word_at(2), self.class.original)?,
            method: name(self.bytes, word_at(3) as usize)?,
            line,
            file: or(word_at(4), self.class.file)?,
            synthesized: flags & SYNTHESIZED != 0,
        })
    }
}

/// The name at a place, with its length before it.
#[inline]
pub(crate) fn name(bytes: &[u8], at: usize) -> Option<Name<'_>> {
    let (&byte, from) = bytes.get(at..)?.split_first()?;
    if byte < 0x80 {
        return Name::of(from, usize::from(byte));
    }
    let (mut rest, mut length) = (from, usize::from(byte & 0x7f));
    // 28 bits are more than a segment has
    for shift in [7, 14, 21] {
        let (byte, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Name::of(rest, length);
        }
    }
    None
}

/// A word of the index.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::{Hashes, Indexed};
    use crate::bytes::SharedBytes;
    use crate::proguard::MappingTable;
    use crate::proguard_build::build;

    /// What it answers is compared with the crate's answers elsewhere; here, that it answers.
    #[test]
    fn frames_that_need_no_rule_are_not_in_doubt() {
        let mapping = "a.B -> b:\n    1:9:void m():7:15 -> c\n    void o() -> o\n    # {\"id\":\"com.android.tools.r8.outline\"}\n    void s():1:9 -> s\n";
        let mut table = Vec::new();
        build(mapping.as_bytes(), &mut table, 1 << 20).unwrap();
        let table = MappingTable::open(SharedBytes::new(table)).unwrap();
        for (class, method, line, expected) in [
            ("b", "c", 2, "frames"),
            ("b", "c", 10, "frames"),
            ("b", "nowhere", 1, "frames"),
            ("c", "c", 1, "unknown"),
            ("b", "c", 0, "doubt"),
            ("b", "o", 1, "doubt"),
            ("b", "s", 1, "doubt"),
        ] {
            let found = match table.indexed(Hashes::of(class, method), class, method, line) {
                Indexed::Unknown => "unknown",
                Indexed::Doubt => "doubt",
                Indexed::Frames(_) => "frames",
            };
            assert_eq!(found, expected, "{class}.{method}:{line}");
        }
    }
}
