//! Stack traces as programs print them.
//!
//! Line by line: what is no frame and names no class of the mapping is given back untouched. Known are
//! throwables (also after `Caused by:`, `Suppressed:`, `Exception in thread "..."` and
//! `[CIRCULAR REFERENCE: ...]`), frames (`at class.method(file:line)`, with a class loader and module
//! before the class, and whatever a log writes before the `at`), and the monitors of thread dumps
//! (`- locked <0x1> (a class)`). `... n more` stays: it counts frames of the obfuscated trace.

use memchr::{memchr, memchr_iter, memchr2, memmem, memrchr};

use crate::bytes::padded;
use crate::error::Error;
use crate::proguard::APPROACHED;
use crate::proguard_index::Hashes;
use crate::proguard_print::{Obfuscated, Printed};
use crate::proguard_remap::{Asked, Mappers};
use crate::written_text::Written;

/// Words before the class of a throwable.
const INTRODUCTIONS: [&str; 3] = ["Caused by: ", "Suppressed: ", "[CIRCULAR REFERENCE: "];

/// How programs begin the lines of frames.
const PLAIN: &[u8] = b"\tat ";

/// Before the id of a mapping that R8 writes in place of file names.
const MAP_ID: &str = "r8-map-id-";

/// Ids of mappings that are told of; a program has one, several in one process are rare.
const MAX_MAP_IDS: usize = 16;

/// A line of a text, and the text from there on.
struct Line<'l> {
    from: &'l str,
    /// Where its end (`\n`, `\r\n`) is, and where the next one begins.
    content: usize,
    length: usize,
    frame: Option<FrameLine<'l>>,
}

impl<'l> Line<'l> {
    #[inline(always)]
    fn first_of(from: &'l str) -> Self {
        if let Some(frame) = FrameLine::plain(from)
            && from.as_bytes().get(frame.close + 1) == Some(&b'\n')
        {
            return Line {
                from,
                content: frame.close + 1,
                length: frame.close + 2,
                frame: Some(frame),
            };
        }
        let bytes = from.as_bytes();
        let length = memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
        let content = from[..length].trim_end_matches(['\n', '\r']).len();
        Line {
            from,
            content,
            length,
            frame: FrameLine::parse(&from[..content]),
        }
    }

    fn content(&self) -> &'l str {
        &self.from[..self.content]
    }

    fn end(&self) -> &'l str {
        &self.from[self.content..self.length]
    }

    /// The text that follows.
    fn after(&self) -> &'l str {
        &self.from[self.length..]
    }
}

/// Appends the text in original names. Ids of mappings in it are added to `map_ids`, each once.
pub(crate) fn remap<'r>(
    mappers: &mut Mappers<'r>,
    text: &'r str,
    map_ids: &mut Vec<String>,
    out: &mut Written,
) -> Result<(), Error> {
    let mut lines = Vec::with_capacity(APPROACHED);
    let mut rest = text;
    mappers.begin(None);
    while !rest.is_empty() {
        while lines.len() < APPROACHED && !rest.is_empty() {
            let line = Line::first_of(rest);
            rest = line.after();
            lines.push(line);
        }
        let frames = lines.iter().filter_map(|line| line.frame.as_ref());
        mappers.approach(frames.map(|frame| frame.asked.hashes));
        for line in &lines {
            let before = out.length();
            let made = match &line.frame {
                Some(frame) => {
                    note_map_id(frame, map_ids);
                    restore(mappers, frame, line, out)?
                }
                None => {
                    other(mappers, line, out);
                    0
                }
            };
            mappers.account(made, out.length() - before)?;
        }
        lines.clear();
    }
    Ok(())
}

/// Writes a line that is no frame.
fn other<'r>(mappers: &mut Mappers<'r>, line: &Line<'r>, out: &mut Written) {
    let content = line.content();
    let before_frame = || Line::first_of(line.after()).frame.is_some();
    match class_in(content, before_frame) {
        Some(Named::Thrown(class)) => {
            mappers.begin(Some(class));
            replace(mappers, content, class, out);
        }
        Some(Named::Monitor(class)) => replace(mappers, content, class, out),
        None => out.push(content.as_bytes()),
    }
    out.push(line.end().as_bytes());
}

/// Writes what takes the place of a frame's line, and tells how many frames that are.
fn restore(
    mappers: &mut Mappers<'_>,
    frame: &FrameLine<'_>,
    line: &Line<'_>,
    out: &mut Written,
) -> Result<usize, Error> {
    let mut printed = Printed::of(
        Obfuscated {
            text: line.from.as_bytes(),
            length: line.length,
            class_at: frame.class_at,
            file: frame.file,
            close: frame.close,
            has_end: !line.end().is_empty(),
        },
        out,
    );
    let is_known = mappers.frame(&frame.asked, &mut printed)?;
    Ok(printed.end(is_known))
}

/// A line with one part exchanged for its original name, if it has one. `class` is a part of `line`.
fn replace(mappers: &mut Mappers<'_>, line: &str, class: &str, out: &mut Written) {
    let start = class.as_ptr() as usize - line.as_ptr() as usize;
    for part in [
        &line[..start],
        mappers.class(class).unwrap_or(class),
        &line[start + class.len()..],
    ] {
        out.push(part.as_bytes());
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
    let has = |byte| memchr(byte, line.as_bytes()).is_some();
    if has(b'>')
        && let Some(after) = after(line, "> (a ")
        && let Some((class, _)) = after.split_once(')')
    {
        return is_class(class).then_some(Named::Monitor(class));
    }
    // few lines have what all introductions end with, and what stands before that
    let ends = memchr_iter(b':', line.as_bytes());
    let mut last = ends.filter_map(|at| line.as_bytes().get(at.checked_sub(1)?));
    let introduced = last
        .any(|last| b"ydE".contains(last))
        .then(|| INTRODUCTIONS.iter().find_map(|words| after(line, words)))
        .flatten()
        .or_else(|| has(b'"').then(|| after_thread(line)).flatten());
    let thrown = introduced.unwrap_or_else(|| line.trim_start());
    let class = thrown.split([':', ']']).next()?.trim_end();
    let counts = || introduced.is_some() || class.contains('.') || before_frame();
    (is_class(class) && counts()).then_some(Named::Thrown(class))
}

/// What follows `Exception in thread "name" `.
fn after_thread(line: &str) -> Option<&str> {
    after(after(line, "Exception in thread \"")?, "\" ")
}

/// What follows these words in a line.
fn after<'l>(line: &'l str, words: &str) -> Option<&'l str> {
    let at = memmem::find(line.as_bytes(), words.as_bytes())?;
    Some(&line[at + words.len()..])
}

fn is_class(name: &str) -> bool {
    let has_odd = name
        .bytes()
        .any(|byte| byte <= b' ' || byte == b'/' || byte == b'(' || is_no_class(byte));
    let has_space = || !name.is_ascii() && name.contains(char::is_whitespace);
    !name.is_empty() && !has_odd && !has_space()
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
    /// Where the class is.
    class_at: usize,
    asked: Asked<'l>,
    /// `SourceFile`, `Unknown Source`, `Native Method`, ...
    file: &'l str,
    /// Where the closing parenthesis is.
    close: usize,
}

/// Bytes of a plain line's class and method.
const PLAIN_BYTES: usize = 64;

impl<'l> FrameLine<'l> {
    /// The line that a text begins with, if it is `\tat class.method(file:line)`, as nearly all are, and maybe
    /// more; nothing where it is anything else.
    #[inline(always)]
    fn plain(text: &'l str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !bytes.starts_with(PLAIN) {
            return None;
        }
        let open = memchr(b'(', &bytes[..bytes.len().min(PLAIN.len() + PLAIN_BYTES)])?;
        let name = &bytes[PLAIN.len()..open];
        let dot = name.iter().rposition(|&byte| byte == b'.')?;
        let block = padded(&bytes[PLAIN.len()..]);
        if dot == 0 || dot + 1 == name.len() || !is_plain(&block, dot, name.len()) {
            return None;
        }
        let dot = PLAIN.len() + dot;
        let place = &bytes[open + 1..];
        let length = memchr2(b')', b'\n', place).filter(|&end| place[end] == b')')?;
        let class = &text[PLAIN.len()..dot];
        let method = &text[dot + 1..open];
        Some(Self::of(text, class, method, open, open + 1 + length))
    }

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
        Some(Self::of(line, class, method, open, close))
    }

    /// `open` and `close` are the places of the parentheses.
    #[inline(always)]
    fn of(line: &'l str, class: &'l str, method: &'l str, open: usize, close: usize) -> Self {
        let place = &line[open + 1..close];
        let (file, number) = match place.bytes().rposition(|byte| byte == b':') {
            Some(colon) => (&place[..colon], place[colon + 1..].parse().ok()),
            None => (place, None),
        };
        FrameLine {
            class_at: open - method.len() - 1 - class.len(),
            asked: Asked {
                hashes: Hashes::of(class, method),
                class,
                method,
                line: number,
                parameters: None,
            },
            file,
            close,
        }
    }
}

/// Whether these are a class and a method with a dot between and nothing before them. All bytes are looked at, so
/// that nothing depends on what one of them is.
#[inline]
fn is_plain(block: &[u8; PLAIN_BYTES], dot: usize, length: usize) -> bool {
    let (dot, length) = (dot as u8, length as u8);
    let mut is_odd = false;
    for (at, &byte) in (0_u8..).zip(block) {
        let is_name = (byte > b' ') & (byte < 0x80) & (byte != b'/');
        is_odd |= (at < length) & !is_name | (at < dot) & is_no_class(byte);
    }
    !is_odd
}

/// Whether methods may have a byte, and classes do not.
fn is_no_class(byte: u8) -> bool {
    (byte == b')') | (byte == b'<') | (byte == b'>') | (byte == b':') | (byte == b';')
}

/// The class and the method of `loader/module/class.method`.
fn class_and_method(name: &str) -> Option<(&str, &str)> {
    let start = memrchr(b'/', name.as_bytes()).map_or(0, |slash| slash + 1);
    let (class, method) = name[start..].rsplit_once('.')?;
    let is_odd = class.is_empty() || method.is_empty() || class.bytes().any(is_no_class);
    (!is_odd && !name.contains(char::is_whitespace)).then_some((class, method))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The short way must not tell anything else than the long one.
    #[test]
    fn plain_lines_are_read_as_all_lines_are() {
        let follows = "\tat a.b(C:1)\n".repeat(9);
        let classes = [
            "a.b",
            "a",
            "",
            ".",
            "a<b",
            "é.a",
            "a b",
            "l/m/a.b",
            "a)b",
            "a.b.c$d_1-e",
        ];
        let methods = [
            "c",
            "<init>",
            "",
            "a/b",
            "a b",
            "a\u{a0}b",
            "x;y",
            "lambda$c$0",
        ];
        let places = [
            "(D:12)",
            "(D)",
            "(D:)",
            "(:7)",
            "(D:x:4)",
            "(D:+4)",
            "()",
            "(D",
            "D)",
            "(D:4294967296)",
        ];
        let mut plain = 0;
        for (class, method) in classes
            .iter()
            .flat_map(|class| methods.map(|method| (class, method)))
        {
            for (place, end) in places
                .iter()
                .flat_map(|place| ["", " ~[x.jar]", "\r"].map(|end| (place, end)))
            {
                let line = format!("\tat {class}.{method}{place}{end}");
                let text = format!("{line}\n{follows}");
                let parts = |frame: FrameLine<'_>| {
                    let names =
                        [frame.asked.class, frame.asked.method, frame.file].map(str::to_owned);
                    (names, frame.class_at, frame.asked.line, frame.close)
                };
                if let Some(found) = FrameLine::plain(&text) {
                    plain += 1;
                    assert_eq!(
                        Some(parts(found)),
                        FrameLine::parse(&line).map(parts),
                        "{line}"
                    );
                }
                let first = Line::first_of(&text);
                assert_eq!(first.length, line.len() + 1, "{line}");
                assert_eq!(first.content(), line.trim_end(), "{line}");
                assert_eq!(
                    first.frame.map(parts),
                    FrameLine::parse(&line).map(parts),
                    "{line}"
                );
            }
        }
        assert!(plain > 300, "{plain}");
    }
}
