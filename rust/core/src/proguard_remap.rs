//! Obfuscated JVM names and lines to the original ones, a request's worth at a time, or a part of it.
//!
//! Several mappings may be asked, in order; for each frame the first that knows its class answers.
//! What a frame becomes is the `proguard` crate's word: R8's rules for inlining, outlines, rewrite
//! rules, residual names and lines that are not there. Where it needs no rule, it is written down in the
//! table's index.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proguard::{ProguardCache, StackFrame};
use serde::{Deserialize, Serialize};

use crate::error::{Code, Error};
use crate::limits::{MAX_FRAMES_OF_ONE, MAX_REMAP_TIME, MAX_REMAPPED_BYTES, MAX_REMAPPED_FRAMES};
use crate::proguard::MappingTable;
use crate::proguard_index::{Hashes, Known, OriginalFrame, Tell};
use crate::proguard_memory::remembered;
use crate::proguard_text;
use crate::written_text::Written;

/// Everything that one request asks of its mappings, or a part of that.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RemapRequest<'r> {
    /// What the parts before have made: the bounds are of all together.
    pub spent: Spent,
    /// How long the parts before took, in microseconds; likewise.
    pub spent_micros: u64,
    /// Obfuscated names of classes, with their packages.
    pub classes: Vec<String>,
    /// Stack traces.
    pub stacks: Vec<Stack>,
    /// Stack traces as text, as programs print them. Not in the JSON: they are long.
    #[serde(skip)]
    pub texts: Vec<&'r str>,
}

impl RemapRequest<'_> {
    /// How long its texts are.
    pub fn text_bytes(&self) -> usize {
        self.texts.iter().map(|text| text.len()).sum()
    }
}

/// How much has been made of what a request may make at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Spent {
    /// Frames that were made, those that were left out included.
    pub frames: usize,
    /// Bytes of their names, and of texts.
    pub bytes: usize,
}

/// A stack trace, the innermost frame first.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Stack {
    /// Obfuscated name of the class that was thrown.
    pub exception: Option<String>,
    /// Its frames.
    pub frames: Vec<Frame>,
}

/// Class, method, line and signature (`(La/b;I)V`) of an obfuscated frame.
#[derive(Clone, Debug, Deserialize)]
pub struct Frame(pub String, pub String, pub Option<u32>, pub Option<String>);

/// The answer to a [`RemapRequest`], in its order.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct RemapReply {
    /// The original names; null where no mapping has the class.
    pub classes: Vec<Option<String>>,
    /// The stack traces.
    pub stacks: Vec<RemappedStack>,
    /// The stack traces as text, one after the other, in UTF-8. Not in the JSON.
    #[serde(skip)]
    pub text: Vec<u8>,
    /// How long each of them is.
    pub text_bytes: Vec<usize>,
    /// Ids of mappings that file names in the texts give (`r8-map-id-...`), each once.
    pub map_ids: Vec<String>,
    /// Of each mapping, how many frames and classes it knew.
    pub used: Vec<u64>,
    /// What this part and those before have made.
    pub spent: Spent,
}

impl RemapReply {
    /// The stack traces as text.
    pub fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let mut rest = self.text.as_slice();
        self.text_bytes.iter().map(move |&bytes| {
            let (text, after) = rest.split_at(bytes);
            rest = after;
            String::from_utf8_lossy(text)
        })
    }
}

/// A stack trace in original names.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct RemappedStack {
    /// Frames that took the place of obfuscated ones, innermost first.
    pub frames: Vec<RemappedFrame>,
    /// Of each obfuscated frame: how many frames took its place, or -1 where it stays as it is.
    pub counts: Vec<i32>,
    /// Of each obfuscated frame: its signature in original names, if it had one that can be read.
    pub signatures: Vec<Option<String>>,
}

/// Class, method, line, file and whether the compiler made the method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemappedFrame(
    pub String,
    pub String,
    pub Option<u32>,
    pub Option<String>,
    pub bool,
);

impl RemappedFrame {
    fn of(frame: &OriginalFrame<'_>) -> Self {
        let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        RemappedFrame(
            text(frame.class),
            text(frame.method),
            frame.line,
            frame.file.map(text),
            frame.synthesized,
        )
    }

    fn original(&self) -> OriginalFrame<'_> {
        OriginalFrame {
            class: self.0.as_bytes(),
            method: self.1.as_bytes(),
            line: self.2,
            file: self.3.as_deref().map(str::as_bytes),
            synthesized: self.4,
        }
    }

    /// How long its names are.
    fn bytes(&self) -> usize {
        self.0.len() + self.1.len() + self.3.as_ref().map_or(0, String::len)
    }
}

impl Tell for Vec<RemappedFrame> {
    fn tell(&mut self, frame: OriginalFrame<'_>) {
        self.push(RemappedFrame::of(&frame));
    }
}

/// Answers a request from mappings, of which the first that knows a thing counts.
///
/// # Errors
/// [`Code::InputLimit`] when the mappings make too much of it, or it takes too long.
pub fn remap(tables: &[&MappingTable], request: &RemapRequest<'_>) -> Result<RemapReply, Error> {
    remap_in(Vec::new(), tables, request)
}

/// As [`remap`], with the texts in memory that is there; what is in it is written over.
///
/// # Errors
/// As [`remap`].
pub fn remap_in(
    memory: Vec<u8>,
    tables: &[&MappingTable],
    request: &RemapRequest<'_>,
) -> Result<RemapReply, Error> {
    remap_within(memory, tables, request, MAX_REMAP_TIME)
}

fn remap_within<'r>(
    memory: Vec<u8>,
    tables: &'r [&'r MappingTable],
    request: &'r RemapRequest<'r>,
    time: Duration,
) -> Result<RemapReply, Error> {
    let before = Duration::from_micros(request.spent_micros);
    let mut mappers = Mappers::new(tables, request.spent, time.saturating_sub(before));
    let mut reply = RemapReply::default();
    for class in &request.classes {
        reply.classes.push(mappers.class(class).map(str::to_owned));
    }
    for stack in &request.stacks {
        reply.stacks.push(remap_stack(&mut mappers, stack)?);
    }
    let mut texts = Written::over(memory);
    for text in &request.texts {
        let before = texts.length();
        proguard_text::remap(&mut mappers, text, &mut reply.map_ids, &mut texts)?;
        // names of the mapping are bytes until here
        let text = texts.since(before);
        if !text.is_ascii() {
            std::str::from_utf8(text)
                .map_err(|error| Error::caused(Code::MalformedTable, &error))?;
        }
        reply.text_bytes.push(text.len());
    }
    reply.text = texts.into_bytes();
    reply.spent = mappers.spent;
    reply.used = mappers.used;
    Ok(reply)
}

fn remap_stack<'r>(mappers: &mut Mappers<'r>, stack: &'r Stack) -> Result<RemappedStack, Error> {
    let mut remapped = RemappedStack::default();
    mappers.begin(stack.exception.as_deref());
    for Frame(class, method, line, signature) in &stack.frames {
        let signature = signature
            .as_deref()
            .and_then(|signature| mappers.signature(signature));
        let parameters = signature
            .as_ref()
            .map(|(parameters, _)| parameters.join(","));
        let before = remapped.frames.len();
        let asked = Asked {
            hashes: Hashes::of(class, method),
            class,
            method,
            line: *line,
            parameters: parameters.as_deref(),
        };
        let is_known = mappers.frame(&asked, &mut remapped.frames)?;
        let made = &remapped.frames[before..];
        mappers.account(made.len(), made.iter().map(RemappedFrame::bytes).sum())?;
        remapped
            .counts
            .push(if is_known { made.len() as i32 } else { -1 });
        remapped.signatures.push(signature.map(print_signature));
    }
    Ok(remapped)
}

/// A frame to look up.
pub(crate) struct Asked<'r> {
    /// Of class and method.
    pub(crate) hashes: Hashes,
    pub(crate) class: &'r str,
    pub(crate) method: &'r str,
    pub(crate) line: Option<u32>,
    /// Of the method, original names separated by commas; they count where there is no line.
    pub(crate) parameters: Option<&'r str>,
}

/// The mappings of a request, with the place in the stack trace that they are at.
pub(crate) struct Mappers<'r> {
    tables: &'r [&'r MappingTable],
    /// Of each mapping: the position in an outline that the frame before was at.
    outlines: Vec<Option<usize>>,
    /// Obfuscated name of what was thrown, until a frame has come that is no outline.
    thrown: Option<&'r str>,
    used: Vec<u64>,
    spent: Spent,
    accounts: usize,
    deadline: Option<Instant>,
}

/// Accounts between two looks at the clock; each is of one line, asked of all mappings.
const ACCOUNTS_PER_LOOK: usize = 64;

impl<'r> Mappers<'r> {
    fn new(tables: &'r [&'r MappingTable], spent: Spent, time: Duration) -> Self {
        Mappers {
            tables,
            outlines: vec![None; tables.len()],
            thrown: None,
            used: vec![0; tables.len()],
            spent,
            accounts: 0,
            deadline: Instant::now().checked_add(time),
        }
    }

    /// Starts the next stack trace, with the obfuscated name of what was thrown.
    pub(crate) fn begin(&mut self, exception: Option<&'r str>) {
        self.outlines.fill(None);
        self.thrown = exception;
    }

    /// The original name of a class.
    pub(crate) fn class(&mut self, class: &str) -> Option<&'r str> {
        let (used, original) = self.first(class)?;
        self.used[used] += 1;
        Some(original)
    }

    fn first(&self, class: &str) -> Option<(usize, &'r str)> {
        self.tables
            .iter()
            .enumerate()
            .find_map(|(number, table)| Some((number, table.class(class)?)))
    }

    /// Tells what takes the place of an obfuscated frame, which may be nothing, innermost first; false where no
    /// mapping knows its class. The caller accounts for it.
    #[inline(always)]
    pub(crate) fn frame(&mut self, asked: &Asked<'_>, tell: &mut impl Tell) -> Result<bool, Error> {
        let thrown = self.thrown.take();
        for number in 0..self.tables.len() {
            match self.indexed(number, asked, tell) {
                Known::Unknown => continue,
                Known::Told => {
                    self.used[number] += 1;
                    return Ok(true);
                }
                Known::Doubt => {}
            }
            match self.made(number, asked, thrown)? {
                Made::Outline => {
                    self.thrown = thrown;
                    self.used[number] += 1;
                    return Ok(true);
                }
                Made::Nothing => {}
                Made::Frames(made, all) => {
                    self.used[number] += 1;
                    self.account(all - made.len(), 0)?;
                    made.iter().for_each(|frame| tell.tell(frame.original()));
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// To be told of at most [`APPROACHED`] classes and methods before they are asked for.
    pub(crate) fn approach(&self, frames: impl Iterator<Item = Hashes> + Clone) {
        for table in self.tables {
            table.approach(frames.clone());
        }
    }

    /// Tells what the index of the mapping of this number knows of a frame.
    #[inline(always)]
    fn indexed(&self, number: usize, asked: &Asked<'_>, tell: &mut impl Tell) -> Known {
        match asked.line {
            Some(line) if self.outlines[number].is_none() => {
                self.tables[number].indexed(asked, line, tell)
            }
            _ => Known::Doubt,
        }
    }

    /// Counts frames that were made, and the bytes of their text. Looks at the clock at times.
    #[inline(always)]
    pub(crate) fn account(&mut self, frames: usize, bytes: usize) -> Result<(), Error> {
        let looks = self.accounts.is_multiple_of(ACCOUNTS_PER_LOOK);
        self.accounts += 1;
        self.spent.frames = self.spent.frames.saturating_add(frames);
        self.spent.bytes = self.spent.bytes.saturating_add(bytes);
        let is_much =
            self.spent.frames > MAX_REMAPPED_FRAMES || self.spent.bytes > MAX_REMAPPED_BYTES;
        if looks || is_much {
            return self.bounds();
        }
        Ok(())
    }

    #[cold]
    fn bounds(&self) -> Result<(), Error> {
        in_time(self.deadline)?;
        if self.spent.frames > MAX_REMAPPED_FRAMES {
            Err(too_much("makes too many frames"))
        } else if self.spent.bytes > MAX_REMAPPED_BYTES {
            Err(too_much("makes too much text"))
        } else {
            Ok(())
        }
    }

    /// What the mapping of this number makes of a frame.
    fn made(
        &mut self,
        number: usize,
        asked: &Asked<'_>,
        thrown: Option<&str>,
    ) -> Result<Made, Error> {
        let thrown = thrown.map(|thrown| {
            let original = self.first(thrown).map_or(thrown, |(_, original)| original);
            proguard::class_name_to_descriptor(original)
        });
        let thrown = thrown.as_deref();
        let table = self.tables[number];
        let outline = &mut self.outlines[number];
        let deadline = self.deadline;
        if outline.is_some() {
            return search(table, asked, thrown, outline, deadline);
        }
        let made = remembered(table.number(), asked, thrown, || {
            search(table, asked, thrown, &mut None, deadline)
        })?;
        if matches!(made, Made::Outline) {
            *outline = Some(asked.line.unwrap_or(0) as usize);
        }
        Ok(made)
    }

    /// Original names of the parameter types and of the type returned, of a signature in bytecode.
    fn signature(&self, signature: &str) -> Option<(Vec<String>, String)> {
        let (parameters, returned) = signature.strip_prefix('(')?.rsplit_once(')')?;
        let mut rest = parameters;
        let mut types = Vec::new();
        while !rest.is_empty() {
            let (name, after) = self.first_type(rest)?;
            types.push(name);
            rest = after;
        }
        let (returned, after) = self.first_type(returned)?;
        after.is_empty().then_some((types, returned))
    }

    /// The original name of the first type of a descriptor, and what follows it.
    fn first_type<'s>(&self, descriptor: &'s str) -> Option<(String, &'s str)> {
        let element = descriptor.trim_start_matches('[');
        let dimensions = descriptor.len() - element.len();
        let (name, rest) = if let Some(class) = element.strip_prefix('L') {
            let (class, rest) = class.split_once(';')?;
            let class = class.replace('/', ".");
            let original = self.first(&class).map(|(_, original)| original.to_owned());
            (original.unwrap_or(class), rest)
        } else {
            (primitive(element)?.to_owned(), element.get(1..)?)
        };
        let brackets = "[]".repeat(dimensions.min(MAX_DIMENSIONS));
        Some((format!("{name}{brackets}"), rest))
    }
}

/// Dimensions of an array type, by the JVM's specification.
const MAX_DIMENSIONS: usize = 255;

fn primitive(descriptor: &str) -> Option<&'static str> {
    Some(match descriptor.bytes().next()? {
        b'Z' => "boolean",
        b'B' => "byte",
        b'C' => "char",
        b'S' => "short",
        b'I' => "int",
        b'J' => "long",
        b'F' => "float",
        b'D' => "double",
        b'V' => "void",
        _ => return None,
    })
}

/// As the peer prints it: `(int, java.lang.String): boolean`.
fn print_signature((parameters, returned): (Vec<String>, String)) -> String {
    let parameters = parameters.join(", ");
    if returned == "void" {
        format!("({parameters})")
    } else {
        format!("({parameters}): {returned}")
    }
}

/// What a mapping makes of a frame.
#[derive(Clone)]
pub(crate) enum Made {
    /// It is of code that many methods share: the frame after it tells where.
    Outline,
    /// The mapping does not know its class.
    Nothing,
    /// These, and how many there would have been without the bound.
    Frames(Arc<[RemappedFrame]>, usize),
}

impl Made {
    /// How much memory this holds.
    pub(crate) fn bytes(&self) -> usize {
        let Made::Frames(frames, _) = self else {
            return 0;
        };
        size_of_val(&**frames) + frames.iter().map(RemappedFrame::bytes).sum::<usize>()
    }
}

fn search(
    table: &MappingTable,
    asked: &Asked<'_>,
    thrown: Option<&str>,
    outline: &mut Option<usize>,
    deadline: Option<Instant>,
) -> Result<Made, Error> {
    in_time(deadline)?;
    Ok(table.cache(asked.class).map_or(Made::Nothing, |cache| {
        remap_frame(&cache, asked, thrown, outline)
    }))
}

fn remap_frame(
    cache: &ProguardCache<'_>,
    asked: &Asked<'_>,
    thrown: Option<&str>,
    outline: &mut Option<usize>,
) -> Made {
    let frame = match (asked.line, asked.parameters) {
        (Some(line), _) => StackFrame::new(asked.class, asked.method, line as usize),
        (None, Some(parameters)) => {
            StackFrame::with_parameters(asked.class, asked.method, parameters)
        }
        (None, None) => StackFrame::new(asked.class, asked.method, 0),
    };
    let Some(found) = cache.remap_frame_with_context(&frame, thrown, thrown.is_some(), outline)
    else {
        return Made::Outline;
    };
    let removed_is_meant = found.had_mappings();
    let mut all = 0;
    let mut frames = Vec::new();
    for frame in found {
        if frames.len() < MAX_FRAMES_OF_ONE {
            frames.push(remapped(&frame));
        }
        all += 1;
    }
    let by_parameters_in_vain =
        asked.line.is_none() && asked.parameters.is_some() && !removed_is_meant;
    if by_parameters_in_vain
        && let Some((class, method)) = cache.remap_method(asked.class, asked.method)
    {
        let file = frames.pop().and_then(|frame| frame.3);
        frames = vec![RemappedFrame(
            class.into(),
            method.into(),
            None,
            file,
            false,
        )];
    }
    if frames.is_empty() && !removed_is_meant {
        return Made::Nothing;
    }
    Made::Frames(frames.into(), all)
}

fn remapped(frame: &StackFrame<'_>) -> RemappedFrame {
    RemappedFrame(
        frame.class().to_owned(),
        frame.method().to_owned(),
        frame.line().map(|line| u32::try_from(line).unwrap_or(0)),
        frame.file().map(str::to_owned),
        frame.method_synthesized(),
    )
}

fn in_time(deadline: Option<Instant>) -> Result<(), Error> {
    if deadline.is_some_and(|deadline| Instant::now() > deadline) {
        return Err(too_much("takes too long"));
    }
    Ok(())
}

fn too_much(what: &str) -> Error {
    Error::new(Code::InputLimit, format!("remapping the frames {what}"))
        .with_remedy("ask with fewer frames at once, or look for repeated lines in the mapping")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::SharedBytes;
    use crate::proguard_build::build;

    #[test]
    fn parts_of_a_request_share_its_bounds() {
        let mut table = Vec::new();
        build(
            b"a.B -> b:\n    1:1:void m():7:7 -> c\n",
            &mut table,
            1 << 20,
        )
        .unwrap();
        let table = MappingTable::open(SharedBytes::new(table)).unwrap();
        let remapped = |spent, spent_micros, time| {
            let request = RemapRequest {
                spent,
                spent_micros,
                texts: vec!["at b.c(X:1)\n"],
                ..RemapRequest::default()
            };
            remap_within(Vec::new(), &[&table], &request, time).map_err(|error| error.code)
        };
        let none = Spent::default();
        assert_eq!(remapped(none, 0, Duration::ZERO), Err(Code::InputLimit));
        let reply = remapped(none, 0, MAX_REMAP_TIME).unwrap();
        assert_eq!(reply.text, b"at a.B.m(B.java:7)\n");
        assert_eq!((reply.spent.frames, reply.spent.bytes), (1, 19));
        let all = MAX_REMAP_TIME.as_micros() as u64;
        for (frames, bytes, micros, is_well) in [
            (
                MAX_REMAPPED_FRAMES - 1,
                MAX_REMAPPED_BYTES - 19,
                all / 2,
                true,
            ),
            (MAX_REMAPPED_FRAMES, 0, 0, false),
            (0, MAX_REMAPPED_BYTES - 18, 0, false),
            (0, 0, all, false),
            (usize::MAX, usize::MAX, u64::MAX, false),
        ] {
            let reply = remapped(Spent { frames, bytes }, micros, MAX_REMAP_TIME);
            assert_eq!(reply.is_ok(), is_well, "{frames} {bytes} {micros}");
        }
    }
}
