//! A mapping text to a table ([`crate::proguard`]), in the memory of a part of it.
//!
//! Two passes. The first finds where classes start and which lines say what other classes need to
//! know (source files, synthesized and outline methods). The second makes the cache of each segment
//! from the text of its classes, and of stubs for the classes that were inlined into them.
//!
//! Lines that break the format are passed over, as every retracer does. What follows a class line
//! that cannot be read belongs to no class: it would otherwise get the name of the class before.

use std::collections::{BTreeSet, HashSet};
use std::io::Write;
use std::ops::Range;

use memchr::memchr2;
use proguard::{ProguardCache, ProguardMapping, ProguardRecord};

use crate::counted::Counted;
use crate::error::{Code, Error};
use crate::limits::{MAX_MAPPING_CLASSES, MAX_MAPPING_LINE_BYTES, MAX_MAPPING_SEGMENT_BYTES};
use crate::proguard::{
    HAS_LINES, HAS_SOURCE_FILES, HEADER_BYTES, MAGIC, MappingFacts, VERSION, hash, segment_of,
};
use crate::proguard_index_build;

/// Bytes of mapping that one segment is made of, roughly: a few classes, which are found soon and
/// made while they are near. What other classes need to know of them is repeated in each segment, so
/// that smaller ones make a larger table.
const SEGMENT_TEXT_BYTES: usize = 32 << 10;

/// Bytes of a mapping id that are kept; a SHA-256 has 64 digits.
const MAX_ID_BYTES: usize = 128;

/// An obfuscated name that no class has, for stubs.
const STUB: &str = "\0";

/// Whether the text is a mapping: some class has some member.
pub fn is_mapping(text: &[u8]) -> bool {
    let mut in_class = false;
    for line in lines(without_mark(text)) {
        match record(line) {
            Some(ProguardRecord::Class { .. }) => in_class = true,
            Some(ProguardRecord::Field { .. } | ProguardRecord::Method { .. }) if in_class => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Converts a mapping to a table, and tells what it has; the table's size is the second value.
///
/// # Errors
/// [`Code::MalformedMapping`] when this is no mapping, [`Code::InputLimit`] when its classes are too
/// many or too large, [`Code::OutputTooLarge`] beyond `max_bytes`, [`Code::Io`] from `out`.
pub fn build(
    text: &[u8],
    out: &mut dyn Write,
    max_bytes: u64,
) -> Result<(MappingFacts, u64), Error> {
    let text = without_mark(text);
    let segments = text.len().div_ceil(SEGMENT_TEXT_BYTES).max(1);
    let outline = Outline::of(text, segments)?;
    let mut facts = MappingFacts {
        map_id: outline.map_id.clone(),
        classes: outline.classes,
        has_source_files: outline.has_source_files,
        ..MappingFacts::default()
    };
    let mut out = Counted::new(out, max_bytes);
    let result = write(text, &outline, &mut facts, &mut out);
    match result {
        Ok(()) if facts.methods == 0 && !outline.has_member => Err(Error::new(
            Code::MalformedMapping,
            "no class with a member is in it",
        )),
        Ok(()) => Ok((facts, out.written())),
        Err(Failure::Write) => Err(out.refused("the table of the mapping")),
        Err(Failure::Input(error)) => Err(error),
    }
}

enum Failure {
    /// The writer knows why.
    Write,
    Input(Error),
}

impl From<std::io::Error> for Failure {
    fn from(_: std::io::Error) -> Self {
        Failure::Write
    }
}

fn write(
    text: &[u8],
    outline: &Outline,
    facts: &mut MappingFacts,
    out: &mut Counted<'_>,
) -> Result<(), Failure> {
    for word in [MAGIC, VERSION, 0, 0] {
        out.write_all(&word.to_le_bytes())?;
    }
    debug_assert_eq!(out.written(), HEADER_BYTES as u64);
    let mut directory = Vec::new();
    let mut segment = Vec::new();
    for number in 0..outline.blocks.len() {
        let part = outline
            .segment_text(text, number, facts)
            .map_err(Failure::Input)?;
        segment.clear();
        ProguardCache::write(&ProguardMapping::new(&part), &mut segment)?;
        let cache_bytes = segment.len();
        let slots = proguard_index_build::append(&mut segment);
        directory.extend_from_slice(&out.written().to_le_bytes());
        for word in [cache_bytes, segment.len(), slots, 0] {
            // of 64 MB of text at most
            let word = u32::try_from(word).map_err(|_| Failure::Input(too_large(word)))?;
            directory.extend_from_slice(&word.to_le_bytes());
        }
        out.write_all(&segment)?;
        let padding = (out.written().next_multiple_of(8) - out.written()) as usize;
        out.write_all(&[0; 8][..padding])?;
    }
    let place = out.written();
    let id = facts.map_id.as_bytes();
    out.write_all(&directory)?;
    out.write_all(id)?;
    for long in [place, facts.classes, facts.methods] {
        out.write_all(&long.to_le_bytes())?;
    }
    let lines = if facts.has_lines { HAS_LINES } else { 0 };
    let files = if facts.has_source_files {
        HAS_SOURCE_FILES
    } else {
        0
    };
    for word in [
        outline.blocks.len() as u32,
        id.len() as u32,
        lines | files,
        MAGIC,
    ] {
        out.write_all(&word.to_le_bytes())?;
    }
    Ok(())
}

/// What the first pass found; places are offsets into the text.
struct Outline {
    /// Of each segment: where its classes are.
    blocks: Vec<Vec<Range<usize>>>,
    /// By the hash of a class's original name: the comments after its class line. Sorted.
    comments: Vec<(u64, Range<usize>)>,
    /// By the hash of a class's original name: a method of it with the comments that mark it. Sorted.
    marks: Vec<(u64, Range<usize>)>,
    classes: u64,
    has_member: bool,
    has_source_files: bool,
    map_id: String,
}

/// The class that the first pass is in.
struct Current {
    /// Hash of its original name.
    original: u64,
    segment: usize,
    start: usize,
    /// Where the comments after the class line begin, until a member ends them.
    comments: Option<usize>,
    /// The last member line.
    member: Option<Range<usize>>,
}

impl Outline {
    fn of(text: &[u8], segments: usize) -> Result<Outline, Error> {
        let mut outline = Outline {
            blocks: vec![Vec::new(); segments],
            comments: Vec::new(),
            marks: Vec::new(),
            classes: 0,
            has_member: false,
            has_source_files: false,
            map_id: String::new(),
        };
        let mut current: Option<Current> = None;
        for line in lines(text) {
            // the line is a part of the text, so the difference is its place
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            let place = start..start + line.len();
            if line.trim_ascii_start().starts_with(b"#") {
                outline.comment(text, place, current.as_ref());
            } else if let Some(current) = &mut current
                && matches!(line[0], b' ' | b'\t')
            {
                outline.has_member = true;
                outline.end_of_comments(current, start);
                current.member = Some(place);
            } else if !line[0].is_ascii_whitespace() {
                outline.close(current.take(), start)?;
                current = outline.class(line, place, segments);
            }
        }
        outline.close(current, text.len())?;
        outline.comments.sort_by_key(|(hash, _)| *hash);
        outline.marks.sort_by_key(|(hash, _)| *hash);
        Ok(outline)
    }

    fn class(&mut self, line: &[u8], place: Range<usize>, segments: usize) -> Option<Current> {
        let Some(ProguardRecord::Class {
            original,
            obfuscated,
        }) = record(line)
        else {
            return None;
        };
        self.classes += 1;
        Some(Current {
            original: hash(original),
            segment: segment_of(hash(obfuscated), segments),
            start: place.start,
            comments: Some(place.end),
            member: None,
        })
    }

    fn close(&mut self, current: Option<Current>, end: usize) -> Result<(), Error> {
        if let Some(mut current) = current {
            self.end_of_comments(&mut current, end);
            self.blocks[current.segment].push(current.start..end);
        }
        if self.classes + self.marks.len() as u64 > MAX_MAPPING_CLASSES {
            let message = format!("more than {MAX_MAPPING_CLASSES} classes and marked methods");
            return Err(Error::new(Code::InputLimit, message));
        }
        Ok(())
    }

    fn end_of_comments(&mut self, current: &mut Current, end: usize) {
        if let Some(start) = current.comments.take() {
            self.comments.push((current.original, start..end));
        }
    }

    fn comment(&mut self, text: &[u8], place: Range<usize>, current: Option<&Current>) {
        let comment = text[place.clone()].trim_ascii_start();
        if let Some(id) = comment.strip_prefix(b"# pg_map_id:") {
            let id = id.trim_ascii();
            self.map_id = String::from_utf8_lossy(&id[..id.len().min(MAX_ID_BYTES)]).into_owned();
        }
        let Some(current) = current else {
            return;
        };
        self.has_source_files |= contains(comment, b"\"sourceFile\"");
        let marks = [
            &b"\"com.android.tools.r8.synthesized\""[..],
            b"\"com.android.tools.r8.outline\"",
        ];
        if let Some(member) = &current.member
            && marks.iter().any(|mark| contains(comment, mark))
            && let Some(ProguardRecord::Method { original_class, .. }) =
                record(&text[member.clone()])
        {
            let class = original_class.map_or(current.original, hash);
            self.marks.push((class, member.start..place.end));
        }
    }

    /// The text of a segment: its classes, then stubs of the classes that were inlined into them.
    /// Counts what is in it.
    fn segment_text(
        &self,
        text: &[u8],
        number: usize,
        facts: &mut MappingFacts,
    ) -> Result<Vec<u8>, Error> {
        let bytes: usize = self.blocks[number].iter().map(ExactSizeIterator::len).sum();
        if bytes > MAX_MAPPING_SEGMENT_BYTES {
            return Err(too_large(bytes));
        }
        let mut part = Vec::with_capacity(bytes + bytes / 8);
        for block in &self.blocks[number] {
            append(&mut part, &text[block.clone()]);
        }
        for class in inlined(&part, facts) {
            let comments = of_class(&self.comments, &class);
            let marks = of_class(&self.marks, &class);
            if comments.is_empty() && marks.is_empty() {
                continue;
            }
            append(&mut part, format!("{class} -> {STUB}:").as_bytes());
            // of two classes of one name the later counts, as within a segment
            for (_, place) in comments.last().into_iter().chain(marks) {
                append(&mut part, &text[place.clone()]);
            }
            if part.len() > 2 * MAX_MAPPING_SEGMENT_BYTES {
                let message = "methods are inlined into too many classes";
                return Err(Error::new(Code::InputLimit, message));
            }
        }
        Ok(part)
    }
}

fn too_large(bytes: usize) -> Error {
    let message = format!("a class, or classes of one hash, of {bytes} bytes");
    Error::new(Code::InputLimit, message)
}

/// The classes whose methods are inlined into those of the text, without these. Counts what is there.
fn inlined(part: &[u8], facts: &mut MappingFacts) -> BTreeSet<String> {
    let mut own = HashSet::new();
    let mut inlined = HashSet::new();
    for record in ProguardMapping::new(part).iter().filter_map(Result::ok) {
        match record {
            ProguardRecord::Class { original, .. } => {
                own.insert(original);
            }
            ProguardRecord::Method {
                original_class,
                line_mapping,
                ..
            } => {
                facts.methods += 1;
                facts.has_lines |= line_mapping.is_some();
                inlined.extend(original_class);
            }
            _ => {}
        }
    }
    inlined
        .difference(&own)
        .map(|&class| class.into())
        .collect()
}

fn of_class<'a>(sorted: &'a [(u64, Range<usize>)], class: &str) -> &'a [(u64, Range<usize>)] {
    let wanted = hash(class);
    let start = sorted.partition_point(|(hash, _)| *hash < wanted);
    let length = sorted[start..].partition_point(|(hash, _)| *hash == wanted);
    &sorted[start..start + length]
}

/// Adds the lines that are not too long.
fn append(part: &mut Vec<u8>, text: &[u8]) {
    for line in lines(text).filter(|line| line.len() <= MAX_MAPPING_LINE_BYTES) {
        part.extend_from_slice(line);
        part.push(b'\n');
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

fn record(line: &[u8]) -> Option<ProguardRecord<'_>> {
    if line.len() > MAX_MAPPING_LINE_BYTES {
        return None;
    }
    ProguardRecord::try_parse(line).ok()
}

/// The lines that have something, without their ends.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while let Some(b'\r' | b'\n') = rest.first() {
            rest = &rest[1..];
        }
        if rest.is_empty() {
            return None;
        }
        let end = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        rest = after;
        Some(line)
    })
}

/// Without a byte order mark.
fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}
