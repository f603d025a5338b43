//! The index of a segment ([`crate::proguard_index`]) out of the crate's cache of it.
//!
//! The cache's layout is that of the crate's version 4 (`proguard::cache`), in which classes, methods
//! and their lines are in the order of their names and of the mapping. What is written down follows what
//! the crate does for a frame with a line; a test compares the two.

use std::collections::HashMap;

use proguard::PRGCACHE_VERSION;

use crate::limits::MAX_FRAMES_OF_ONE;
use crate::proguard::hash;
use crate::proguard_index::{
    BRIEF, BRIEF_BYTES, DOUBT, GROWS, LINE_BYTES, MAX_PROBES, NONE, PLACE_BITS, SAME, SYNTHESIZED,
    class_hash, method_hash, name,
};

const _: () = assert!(PRGCACHE_VERSION == 4, "another layout of the crate's cache");

const CLASSES_AT: usize = 40;
const CLASS_BYTES: usize = 32;
const MEMBER_BYTES: usize = 56;
/// Sizes of what lies behind the members, in the order of the header's counts.
const OTHER_BYTES: [usize; 4] = [MEMBER_BYTES, 8, 16, 8];
/// The word of the cache for what is not there.
const ABSENT: u32 = u32::MAX;

/// Source file of classes that R8 made.
const MADE_BY_R8: &[u8] = b"R8$$SyntheticClass";

/// Appends the index to a cache and tells its slots; none and no index where so many names have one hash
/// that it would not be fast.
pub(crate) fn append(segment: &mut Vec<u8>) -> usize {
    let cache_bytes = segment.len();
    let complete = Cache::of(segment).and_then(|cache| {
        let mut index = Building {
            segment,
            files: HashMap::new(),
            records: Vec::new(),
        };
        for class in 0..cache.classes {
            index.class(&cache, class)?;
        }
        index.slots()
    });
    complete.unwrap_or_else(|| {
        segment.truncate(cache_bytes);
        0
    })
}

/// Where things are in a cache. All words are of the machine.
struct Cache {
    classes: usize,
    members_at: usize,
    strings_at: usize,
}

impl Cache {
    fn of(bytes: &[u8]) -> Option<Cache> {
        let count = |number: usize| Some(word(bytes, 4 * number)? as usize);
        let members_at = CLASSES_AT + count(2)? * CLASS_BYTES;
        let mut strings_at = members_at + count(3)? * MEMBER_BYTES;
        for (number, size) in OTHER_BYTES.iter().enumerate() {
            strings_at += count(4 + number)? * size;
        }
        Some(Cache {
            classes: count(2)?,
            members_at,
            strings_at,
        })
    }

    /// The place of a string that is there.
    fn string(&self, offset: u32) -> Option<u32> {
        let offset = (offset != ABSENT).then_some(offset)?;
        u32::try_from(self.strings_at).ok()?.checked_add(offset)
    }
}

/// A line of a method, as the cache has it.
struct Member {
    method: u32,
    first: Option<u32>,
    /// 0 where the mapping has no range.
    last: u32,
    class: u32,
    file: u32,
    original_method: u32,
    original_first: Option<u32>,
    original_last: u32,
    has_rewrite_rules: bool,
    is_synthesized: bool,
    is_outline: bool,
}

impl Member {
    fn read(bytes: &[u8], at: usize) -> Option<Member> {
        let there = |number: usize| word(bytes, at + 4 * number);
        let line = |number: usize| there(number).map(|line| (line != ABSENT).then_some(line));
        Some(Member {
            method: there(0)?,
            first: line(1)?,
            last: line(2)?.unwrap_or(0),
            class: there(3)?,
            file: there(4)?,
            original_method: there(5)?,
            original_first: line(6)?,
            original_last: there(7)?,
            has_rewrite_rules: there(12)? > 0,
            is_synthesized: *bytes.get(at + 52)? != 0,
            is_outline: *bytes.get(at + 53)? != 0,
        })
    }
}

struct Building<'s> {
    /// The cache, and the index as far as it is.
    segment: &'s mut Vec<u8>,
    /// Places of names that the cache does not have.
    files: HashMap<Vec<u8>, u32>,
    /// Hash and place of each record.
    records: Vec<(u64, u32)>,
}

/// What the methods of a class have in common.
struct Class {
    /// Of its record.
    place: u32,
    hash: u64,
    original: u32,
    /// Its own source file, where the mapping has it.
    source: Option<u32>,
    /// The file of its frames where no line tells another.
    file: Vec<u8>,
}

/// A line of a method, as the index has it.
struct Line {
    first: u32,
    last: u32,
    original: u32,
    flags: u32,
    /// Places of names; 0 for those of the method's class.
    class: u32,
    file: u32,
    /// In the cache; it is repeated beside the lines.
    method: u32,
}

impl Line {
    fn is_brief(&self) -> bool {
        self.class == 0 && self.file == 0 && self.first.max(self.last) <= u32::from(u16::MAX)
    }

    /// Writes what follows the ranges; nothing where a place is too large for it.
    fn write(&self, method: u32, is_brief: bool, to: &mut [u8]) -> Option<()> {
        let brief = [self.original, self.flags << PLACE_BITS | method];
        let full = [self.original, self.flags, self.class, method, self.file];
        let words = if is_brief { &brief[..] } else { &full[..] };
        for (word, to) in words.iter().zip(to.as_chunks_mut::<4>().0) {
            *to = word.to_le_bytes();
        }
        (method < 1 << PLACE_BITS).then_some(())
    }
}

impl Building<'_> {
    fn class(&mut self, cache: &Cache, number: usize) -> Option<()> {
        let at = CLASSES_AT + number * CLASS_BYTES;
        let there = |index: usize| word(self.segment, at + 4 * index);
        let obfuscated = cache.string(there(0)?)?;
        let original = cache.string(there(1)?)?;
        let source = cache.string(there(2)?);
        let (first, count) = (there(3)? as usize, there(4)? as usize);
        let obfuscated = self.name(obfuscated)?.to_vec();
        let hash = hash(std::str::from_utf8(&obfuscated).ok()?);
        let file = self.made_file(original, source)?;
        let place = self.place()?;
        for name in [&obfuscated, &self.name(original)?.to_vec(), &file] {
            push_name(self.segment, name);
        }
        self.records.push((class_hash(hash), place));
        let class = Class {
            place,
            hash,
            original,
            source,
            file,
        };
        let mut members = Vec::with_capacity(count);
        for member in first..first + count {
            let at = cache.members_at + member * MEMBER_BYTES;
            members.push(Member::read(self.segment, at)?);
        }
        for method in members.chunk_by(|one, other| one.method == other.method) {
            self.method(cache, &class, method)?;
        }
        Some(())
    }

    fn method(&mut self, cache: &Cache, class: &Class, members: &[Member]) -> Option<()> {
        let obfuscated = self.name(cache.string(members[0].method)?)?.to_vec();
        let hash = method_hash(class.hash, std::str::from_utf8(&obfuscated).ok()?);
        let lines = self.lines(cache, class, members)?;
        let place = self.place()?;
        let is_brief = lines.iter().flatten().all(Line::is_brief);
        let kind = if is_brief { BRIEF } else { 0 };
        let count = lines.as_ref().map(|lines| lines.len() as u32);
        self.words(&[class.place, count.map_or(DOUBT, |count| count | kind)]);
        let mut names = vec![(members[0].method, self.place()?)];
        push_name(self.segment, &obfuscated);
        for line in lines.iter().flatten() {
            if is_brief {
                self.words(&[line.last << 16 | line.first]);
            } else {
                self.words(&[line.first, line.last]);
            }
        }
        let lines_at = self.segment.len();
        let size = if is_brief { BRIEF_BYTES } else { LINE_BYTES };
        self.segment
            .resize(lines_at + count.unwrap_or(0) as usize * size, 0);
        for (number, line) in lines.iter().flatten().enumerate() {
            let name = self.name_of_method(cache, line.method, &mut names)?;
            let entry = &mut self.segment[lines_at + number * size..][..size];
            line.write(name, is_brief, entry)?;
        }
        self.records.push((hash, place));
        Some(())
    }

    /// The place of the name of a method, which is repeated beside the lines that need it.
    fn name_of_method(
        &mut self,
        cache: &Cache,
        method: u32,
        known: &mut Vec<(u32, u32)>,
    ) -> Option<u32> {
        if let Some((_, place)) = known.iter().find(|(known, _)| *known == method) {
            return Some(*place);
        }
        let name = self.name(cache.string(method)?)?.to_vec();
        let place = self.place()?;
        push_name(self.segment, &name);
        known.push((method, place));
        Some(place)
    }

    /// The lines of a method; the inner nothing where the crate is to be asked.
    fn lines(
        &mut self,
        cache: &Cache,
        class: &Class,
        members: &[Member],
    ) -> Option<Option<Vec<Line>>> {
        let in_doubt = members.len() > MAX_FRAMES_OF_ONE
            || members[0].is_outline
            || members.iter().any(|member| member.has_rewrite_rules);
        if in_doubt {
            return Some(None);
        }
        let has_ranges = members.iter().any(|member| member.last > 0);
        let mut lines = Vec::with_capacity(members.len());
        for member in members {
            let original = member.original_first.unwrap_or(0);
            let is_range = member.original_last != ABSENT && member.original_last != original;
            let of_class = cache.string(member.class).unwrap_or(class.original);
            let (range, flags, file) = if member.last > 0 {
                let file = match cache.string(member.file) {
                    Some(file) => self.given_file(class, of_class, file)?,
                    None => self.file_of(class, of_class)?,
                };
                let grows = if is_range { GROWS } else { 0 };
                ((member.first.unwrap_or(0), member.last), grows, file)
            } else if has_ranges {
                // with a line, those without a range do not count beside those with one
                continue;
            } else if is_range && member.original_last > original && member.original_first.is_some()
            {
                // becomes a frame for each of its lines
                return Some(None);
            } else {
                let flags = match member.original_first {
                    None => SAME,
                    Some(0) => NONE,
                    Some(_) => 0,
                };
                ((0, u32::MAX), flags, self.file_of(class, of_class)?)
            };
            let made = if member.is_synthesized {
                SYNTHESIZED
            } else {
                0
            };
            lines.push(Line {
                first: range.0,
                last: range.1,
                original,
                flags: flags | made,
                class: if of_class == class.original {
                    0
                } else {
                    of_class
                },
                file,
                method: member.original_method,
            });
        }
        Some(Some(lines))
    }

    /// The source file of a class as the mapping has it; 0 where it is that of `class`.
    fn given_file(&mut self, class: &Class, of_class: u32, file: u32) -> Option<u32> {
        let given = self.name(file)?;
        if given == MADE_BY_R8 {
            let (outermost, _) = simple_name(self.name(of_class)?);
            let outermost = outermost.to_vec();
            return self.file(class, outermost);
        }
        Some(if given == class.file { 0 } else { file })
    }

    /// The source file of a class as it is made; 0 where it is that of `class`.
    fn file_of(&mut self, class: &Class, of_class: u32) -> Option<u32> {
        let file = self.made_file(of_class, class.source)?;
        self.file(class, file)
    }

    /// The source file of a class of which no mapping tells it: Kotlin's classes of top-level functions
    /// are named after their file, others after their outermost class, with the ending of the file of the
    /// class that the frame is of.
    fn made_file(&self, class: u32, source: Option<u32>) -> Option<Vec<u8>> {
        let (base, segments) = simple_name(self.name(class)?);
        let kotlin = segments
            .split(|&byte| byte == b'$')
            .filter_map(|segment| segment.strip_suffix(b"Kt"))
            .find(|stem| !stem.is_empty());
        let (stem, ending) = match (kotlin, source) {
            (Some(stem), _) => (stem, &b".kt"[..]),
            (None, None) => (base, &b".java"[..]),
            (None, Some(source)) => {
                let source = self.name(source)?;
                let dot = memchr::memrchr(b'.', source);
                (base, dot.map_or(&b".java"[..], |dot| &source[dot..]))
            }
        };
        Some([stem, ending].concat())
    }

    /// The place of a file that the cache may not have; 0 where it is that of `class`.
    fn file(&mut self, class: &Class, file: Vec<u8>) -> Option<u32> {
        if file == class.file {
            return Some(0);
        }
        if let Some(&place) = self.files.get(&file) {
            return Some(place);
        }
        let place = self.place()?;
        push_name(self.segment, &file);
        self.files.insert(file, place);
        Some(place)
    }

    /// The name at a place.
    fn name(&self, at: u32) -> Option<&[u8]> {
        Some(name(self.segment, at as usize)?.of(self.segment))
    }

    fn place(&self) -> Option<u32> {
        u32::try_from(self.segment.len()).ok()
    }

    fn words(&mut self, words: &[u32]) {
        for word in words {
            self.segment.extend_from_slice(&word.to_le_bytes());
        }
    }

    /// Ends the index and tells its slots; nothing where a name would be looked for too long.
    fn slots(&mut self) -> Option<usize> {
        let count = (2 * self.records.len()).next_power_of_two();
        let mut slots = vec![[0; 2]; count];
        for &(hash, place) in &self.records {
            let free = (0..MAX_PROBES)
                .map(|probe| (hash as usize).wrapping_add(probe) & (count - 1))
                .find(|&slot| slots[slot][1] == 0)?;
            slots[free] = [(hash >> 32) as u32, place];
        }
        for slot in &slots {
            self.words(slot);
        }
        Some(count)
    }
}

/// Appends a name with its length before it, in LEB128.
fn push_name(to: &mut Vec<u8>, name: &[u8]) {
    let mut length = name.len();
    while length >= 0x80 {
        to.push(length as u8 | 0x80);
        length >>= 7;
    }
    to.push(length as u8);
    to.extend_from_slice(name);
}

/// The name of the outermost class, and that with those within it.
fn simple_name(class: &[u8]) -> (&[u8], &[u8]) {
    let start = memchr::memrchr(b'.', class).map_or(0, |dot| dot + 1);
    let name = &class[start..];
    let end = memchr::memchr(b'$', name).unwrap_or(name.len());
    (&name[..end], name)
}

/// A word of the cache, which is of the machine.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}
