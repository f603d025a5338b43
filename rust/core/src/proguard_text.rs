//! Stack traces as programs print them.
//!
//! Line by line: what is no frame and names no class of the mapping is given back untouched. Known are
//! throwables (also after `Caused by:`, `Suppressed:`, `Exception in thread "..."` and
//! `[CIRCULAR REFERENCE: ...]`), frames (`at class.method(file:line)`, with a class loader and module
//! before the class, and whatever a log writes before the `at`), and the monitors of thread dumps
//! (`- locked <0x1> (a class)`). `... n more` stays: it counts frames of the obfuscated trace.

use std::io::Write;

use memchr::{memchr, memrchr};

use crate::error::Error;
use crate::proguard::APPROACHED;
use crate::proguard_remap::{Asked, Mappers, Restored};

/// Words before the class of a throwable.
const INTRODUCTIONS: [&str; 3] = ["Caused by: ", "Suppressed: ", "[CIRCULAR REFERENCE: "];

/// Before the id of a mapping that R8 writes in place of file names.
const MAP_ID: &str = "r8-map-id-";

/// Ids of mappings that are told of; a program has one, several in one process are rare.
const MAX_MAP_IDS: usize = 16;

/// Appends the text in original names. Ids of mappings in it are added to `map_ids`, each once.
pub(crate) fn remap(
    mappers: &mut Mappers<'_>,
    text: &str,
    map_ids: &mut Vec<String>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let mut lines = Vec::with_capacity(APPROACHED);
    let mut rest = text;
    mappers.begin(None);
    while !rest.is_empty() {
        while lines.len() < APPROACHED && !rest.is_empty() {
            let (line, after) = split_line(rest);
            lines.push((line, FrameLine::parse(split_end(line).0), after));
            rest = after;
        }
        let frames = lines.iter().filter_map(|(_, frame, _)| frame.as_ref());
        mappers.approach(frames.map(|frame| (frame.class, frame.method)));
        for (line, frame, after) in lines.drain(..) {
            let before = out.len();
            let made = match frame {
                Some(frame) => {
                    note_map_id(&frame, map_ids);
                    restore(mappers, &frame, line, out)?
                }
                None => {
                    other(mappers, line, after, out);
                    0
                }
            };
            mappers.account(made, out.len() - before)?;
        }
    }
    Ok(())
}

/// Writes a line that is no frame; `after` is the text that follows it.
fn other(mappers: &mut Mappers<'_>, line: &str, after: &str, out: &mut Vec<u8>) {
    let (content, end) = split_end(line);
    let before_frame = || FrameLine::parse(split_end(split_line(after).0).0).is_some();
    match class_in(content, before_frame) {
        Some(Named::Thrown(class)) => {
            mappers.begin(Some(class));
            replace(mappers, content, class, out);
        }
        Some(Named::Monitor(class)) => replace(mappers, content, class, out),
        None => out.extend_from_slice(content.as_bytes()),
    }
    out.extend_from_slice(end.as_bytes());
}

/// Writes what takes the place of a frame's line, and tells how many frames that are.
fn restore(
    mappers: &mut Mappers<'_>,
    frame: &FrameLine<'_>,
    line: &str,
    out: &mut Vec<u8>,
) -> Result<usize, Error> {
    let (_, end) = split_end(line);
    let mut made = 0;
    // a last line without an end may become several
    let mut print = |names: Names<'_>| {
        frame.print(&names, out);
        out.extend_from_slice(if end.is_empty() {
            b"\n"
        } else {
            end.as_bytes()
        });
        made += 1;
    };
    match mappers.frame(&frame.asked())? {
        None => out.extend_from_slice(line.as_bytes()),
        Some(restored) => {
            match restored {
                Restored::Indexed(frames) => frames.for_each(|frame| {
                    print(Names {
                        class: frame.class,
                        method: frame.method,
                        file: Some(frame.file),
                        line: frame.line,
                    });
                }),
                Restored::Made(frames) => frames.iter().for_each(|frame| {
                    print(Names {
                        class: frame.0.as_bytes(),
                        method: frame.1.as_bytes(),
                        file: frame.3.as_deref().map(str::as_bytes),
                        line: frame.2,
                    });
                }),
            }
            if end.is_empty() && made > 0 {
                out.pop();
            }
        }
    }
    Ok(made)
}

/// A frame in original names, on its way into a text.
struct Names<'n> {
    class: &'n [u8],
    method: &'n [u8],
    file: Option<&'n [u8]>,
    line: Option<u32>,
}

/// The first line with its end, and what follows it.
fn split_line(text: &str) -> (&str, &str) {
    text.split_at(memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1))
}

/// A line and its end.
fn split_end(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches(['\n', '\r']).len())
}

/// A line with one part exchanged for its original name, if it has one. `class` is a part of `line`.
fn replace(mappers: &mut Mappers<'_>, line: &str, class: &str, out: &mut Vec<u8>) {
    let start = class.as_ptr() as usize - line.as_ptr() as usize;
    for part in [
        &line[..start],
        mappers.class(class).unwrap_or(class),
        &line[start + class.len()..],
    ] {
        out.extend_from_slice(part.as_bytes());
    }
}

/// A class that a line names.
enum Named<'l> {
    /// What was thrown.
    Thrown(&'l str),
    /// What is locked or waited for.
    Monitor(&'l str),
}

/// The class that a line, which is no frame, names.
///
/// A throwable without an introduction may look like any line of text. It counts if its class has a
/// package, or if frames follow.
fn class_in(line: &str, before_frame: impl Fn() -> bool) -> Option<Named<'_>> {
    if let Some((_, after)) = line.split_once("> (a ")
        && let Some((class, _)) = after.split_once(')')
    {
        return is_class(class).then_some(Named::Monitor(class));
    }
    let introduced = INTRODUCTIONS
        .iter()
        .find_map(|words| Some(line.split_once(words)?.1))
        .or_else(|| after_thread(line));
    let thrown = introduced.unwrap_or_else(|| line.trim_start());
    let class = thrown.split([':', ']']).next()?.trim_end();
    let counts = || introduced.is_some() || class.contains('.') || before_frame();
    (is_class(class) && counts()).then_some(Named::Thrown(class))
}

/// What follows `Exception in thread "name" `.
fn after_thread(line: &str) -> Option<&str> {
    let (_, name) = line.split_once("Exception in thread \"")?;
    let (_, thrown) = name.split_once("\" ")?;
    Some(thrown)
}

fn is_class(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '<' | '>' | ':' | '/' | ';'))
}

fn note_map_id(frame: &FrameLine<'_>, map_ids: &mut Vec<String>) {
    if let Some(id) = frame.file.strip_prefix(MAP_ID)
        && map_ids.len() < MAX_MAP_IDS
        && !map_ids.iter().any(|known| known == id)
    {
        map_ids.push(id.to_owned());
    }
}

/// `    at loader/module/class.method(file:line) rest`, in parts.
struct FrameLine<'l> {
    /// Up to the class.
    before: &'l str,
    class: &'l str,
    method: &'l str,
    /// `SourceFile`, `Unknown Source`, `Native Method`, ...
    file: &'l str,
    line: Option<u32>,
    /// After the closing parenthesis.
    after: &'l str,
}

impl<'l> FrameLine<'l> {
    fn parse(line: &'l str) -> Option<Self> {
        let bytes = line.as_bytes();
        let open = memchr(b'(', bytes)?;
        let at = memrchr(b' ', &bytes[..open])? + 1;
        let words_before = line[..at].strip_suffix("at ")?;
        if !words_before.is_empty() && !words_before.ends_with(char::is_whitespace) {
            return None;
        }
        let (class, method) = class_and_method(&line[at..open])?;
        let close = open + 1 + memchr(b')', &bytes[open + 1..])?;
        let place = &line[open + 1..close];
        let (file, number) = match memrchr(b':', place.as_bytes()) {
            Some(colon) => (&place[..colon], place[colon + 1..].parse().ok()),
            None => (place, None),
        };
        Some(FrameLine {
            before: &line[..open - method.len() - 1 - class.len()],
            class,
            method,
            file,
            line: number,
            after: &line[close + 1..],
        })
    }

    fn asked(&self) -> Asked<'l> {
        Asked {
            class: self.class,
            method: self.method,
            line: self.line,
            parameters: None,
        }
    }

    fn print(&self, made: &Names<'_>, out: &mut Vec<u8>) {
        let file = match made.file {
            Some(file) if self.file != "Native Method" => file,
            _ => self.file.as_bytes(),
        };
        out.extend_from_slice(self.before.as_bytes());
        out.extend_from_slice(made.class);
        out.push(b'.');
        out.extend_from_slice(made.method);
        out.push(b'(');
        out.extend_from_slice(file);
        if let Some(line) = made.line.filter(|line| *line > 0) {
            let _ = write!(out, ":{line}"); // memory takes everything
        }
        out.push(b')');
        out.extend_from_slice(self.after.as_bytes());
    }
}

/// The class and the method of `loader/module/class.method`. One pass: this is asked of every line.
fn class_and_method(name: &str) -> Option<(&str, &str)> {
    let (mut class_at, mut dot, mut odd, mut is_ascii) = (0, None, usize::MAX, true);
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'.' => dot = Some(at),
            b'/' => (class_at, dot, odd) = (at + 1, None, usize::MAX),
            b')' | b'<' | b'>' | b':' | b';' => odd = odd.min(at),
            b'\t'..=b'\r' => return None,
            0x80.. => is_ascii = false,
            _ => {}
        }
    }
    let dot = dot?;
    let (class, method) = (&name[class_at..dot], &name[dot + 1..]);
    let is_odd = class.is_empty() || method.is_empty() || odd < dot;
    let has_space = !is_ascii && name.contains(char::is_whitespace);
    (!is_odd && !has_space).then_some((class, method))
}
