//! Stack traces as programs print them.
//!
//! Line by line: what is no frame and names no class of the mapping is given back untouched. Known are
//! throwables (also after `Caused by:`, `Suppressed:`, `Exception in thread "..."` and
//! `[CIRCULAR REFERENCE: ...]`), frames (`at class.method(file:line)`, with a class loader and module
//! before the class, and whatever a log writes before the `at`), and the monitors of thread dumps
//! (`- locked <0x1> (a class)`). `... n more` stays: it counts frames of the obfuscated trace.

use std::fmt::Write;

use crate::error::Error;
use crate::proguard_remap::{Asked, Mappers, RemappedFrame};

/// Words before the class of a throwable.
const INTRODUCTIONS: [&str; 3] = ["Caused by: ", "Suppressed: ", "[CIRCULAR REFERENCE: "];

/// Before the id of a mapping that R8 writes in place of file names.
const MAP_ID: &str = "r8-map-id-";

/// Ids of mappings that are told of; a program has one, several in one process are rare.
const MAX_MAP_IDS: usize = 16;

/// The text in original names. Ids of mappings in it are added to `map_ids`, each once.
pub(crate) fn remap(
    mappers: &mut Mappers<'_>,
    text: &str,
    map_ids: &mut Vec<String>,
) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    let mut lines = text.split_inclusive('\n').peekable();
    mappers.begin(None);
    while let Some(line) = lines.next() {
        let (content, end) = split_end(line);
        if let Some(frame) = FrameLine::parse(content) {
            note_map_id(&frame, map_ids);
            let Some(frames) = mappers.frame(&frame.asked())? else {
                out.push_str(line);
                continue;
            };
            for made in frames.iter() {
                frame.print(made, &mut out);
                // a last line without an end may become several
                out.push_str(if end.is_empty() { "\n" } else { end });
            }
            if end.is_empty() && !frames.is_empty() {
                out.pop();
            }
            continue;
        }
        let before_frame = lines
            .peek()
            .is_some_and(|next| FrameLine::parse(split_end(next).0).is_some());
        match class_in(content, before_frame) {
            Some(Named::Thrown(class)) => {
                mappers.begin(Some(class));
                replace(mappers, content, class, &mut out);
            }
            Some(Named::Monitor(class)) => replace(mappers, content, class, &mut out),
            None => out.push_str(content),
        }
        out.push_str(end);
    }
    Ok(out)
}

/// A line and its end.
fn split_end(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches(['\n', '\r']).len())
}

/// A line with one part exchanged for its original name, if it has one. `class` is a part of `line`.
fn replace(mappers: &mut Mappers<'_>, line: &str, class: &str, out: &mut String) {
    let start = class.as_ptr() as usize - line.as_ptr() as usize;
    out.push_str(&line[..start]);
    out.push_str(mappers.class(class).unwrap_or(class));
    out.push_str(&line[start + class.len()..]);
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
fn class_in(line: &str, before_frame: bool) -> Option<Named<'_>> {
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
    let counts = introduced.is_some() || before_frame || class.contains('.');
    (is_class(class) && counts).then_some(Named::Thrown(class))
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
        let (head, rest) = line.split_once('(')?;
        let (place, after) = rest.split_once(')')?;
        let at = head.rfind(' ')? + 1;
        let words_before = head[..at].strip_suffix("at ")?;
        if !words_before.is_empty() && !words_before.ends_with(char::is_whitespace) {
            return None;
        }
        let name = &head[at..];
        let class_at = at + name.rfind('/').map_or(0, |slash| slash + 1);
        let (class, method) = head[class_at..].rsplit_once('.')?;
        if !is_class(class) || method.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        let (file, number) = match place.rsplit_once(':') {
            Some((file, number)) => (file, number.parse().ok()),
            None => (place, None),
        };
        Some(FrameLine {
            before: &head[..class_at],
            class,
            method,
            file,
            line: number,
            after,
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

    fn print(&self, made: &RemappedFrame, out: &mut String) {
        let RemappedFrame(class, method, line, file, _) = made;
        let file = if self.file == "Native Method" {
            self.file
        } else {
            file.as_deref().unwrap_or(self.file)
        };
        out.push_str(self.before);
        out.push_str(class);
        out.push('.');
        out.push_str(method);
        out.push('(');
        out.push_str(file);
        if let Some(line) = line.filter(|line| *line > 0) {
            let _ = write!(out, ":{line}"); // text takes everything
        }
        out.push(')');
        out.push_str(self.after);
    }
}
