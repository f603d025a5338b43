//! The functions of a minified script: where each begins and ends, and what names it.
//!
//! Names are left as what they are made of, because the parts that stand in the script have their
//! originals in the source map, which the caller reads. The rules by which functions are named and
//! flattened are those of Sentry's `js-source-scopes`, which also parses.
//!
//! # Reply
//!
//! Little-endian numbers. Lines and columns count from 0, columns in UTF-16 code units.
//!
//! ```text
//! u32 rows, u32 names, u32 parts, u32 bytes of text
//! rows   u32 line, u32 column, i32 name (-1 in no function, -2 in one without a name); from each
//!        row's position to the next row's that function is the innermost
//! names  u32 first part, of each name; one more for the end
//! parts  u32 offset in the text, u32 length, and where the part stands in the script:
//!        u32 line, u32 column of its start, u32 line, u32 column of its end; all 2^32 - 1 where it
//!        does not stand there
//! text   UTF-8
//! ```

use std::borrow::Cow;
use std::ops::Range;

use js_source_scopes::{
    ScopeIndex, ScopeLookupResult, SourceContext, SourcePosition, extract_scope_names,
};

use crate::error::{Code, Error};
use crate::js_functions;
use crate::js_names::Names;
use crate::js_nesting;
use crate::js_tokens::Unsure;
use crate::limits::{MAX_NAME_PARTS, MAX_SCRIPT_BYTES, MAX_SCRIPT_NESTING};

const NO_FUNCTION: i32 = -1;
const ANONYMOUS: i32 = -2;

/// Finds the functions of `script`, by [`scanned`] where that is sure, else by [`parsed`]. Takes the
/// stack of a thread that parses.
///
/// # Errors
/// `unsupported_object` where it is no JavaScript module, `input_limit` where it is larger or deeper
/// than is parsed.
pub fn extract(script: &str) -> Result<Vec<u8>, Error> {
    match scanned(script)? {
        Some(reply) => Ok(reply),
        None => parsed(script),
    }
}

/// Finds the functions by reading only what says where they are; `None` where that is not sure what
/// the script means.
///
/// # Errors
/// `input_limit` where the script is too large, or has too many names.
pub fn scanned(script: &str) -> Result<Option<Vec<u8>>, Error> {
    if script.len() > MAX_SCRIPT_BYTES {
        return Err(beyond(format!("the script has {} bytes", script.len())));
    }
    let Ok(functions) = js_functions::find(script) else {
        return Ok(None);
    };
    let mut names = Names::new(script, &functions);
    let mut reply = Reply::new(script)?;
    let mut scopes = Vec::new();
    let mut nodes: Vec<&js_functions::Node> = functions.nodes.iter().collect();
    nodes.sort_by_key(|node| node.span.start);
    for node in nodes {
        match names.of(node) {
            Ok(None) => {}
            Ok(Some((range, name))) => scopes.push((range, reply.name(name)?)),
            Err(Unsure) => return Ok(None),
        }
    }
    reply.finish(scopes).map(Some)
}

/// Finds the functions with a parser of the whole script.
///
/// # Errors
/// As [`extract`].
pub fn parsed(script: &str) -> Result<Vec<u8>, Error> {
    if script.len() > MAX_SCRIPT_BYTES {
        return Err(beyond(format!("the script has {} bytes", script.len())));
    }
    match js_nesting::deepest(script) {
        None => return Err(beyond("how deep the script nests cannot be told".into())),
        Some(depth) if depth > MAX_SCRIPT_NESTING => {
            return Err(beyond(format!("the script nests {depth} levels deep")));
        }
        Some(_) => {}
    }
    let mut found = extract_scope_names(script).map_err(|error| no_module(&error))?;
    // As they stand in the script; the parser has classes before what they extend.
    found.sort_by_key(|(range, _)| range.start);
    let mut reply = Reply::new(script)?;
    let mut scopes = Vec::with_capacity(found.len());
    for (range, name) in found {
        let parts = name.iter().flat_map(|name| name.components());
        let number = reply.name(parts.map(|part| (part.text().into(), part.range())))?;
        scopes.push((range, number));
    }
    reply.finish(scopes)
}

fn beyond(message: String) -> Error {
    Error::new(Code::InputLimit, message)
}

fn no_module(error: &(dyn std::error::Error + 'static)) -> Error {
    let parser = Error::caused(Code::UnsupportedObject, error);
    Error::new(
        Code::UnsupportedObject,
        format!("not a JavaScript module: {}", parser.message),
    )
}

struct Reply<'a> {
    context: SourceContext<&'a str>,
    rows: Vec<u8>,
    names: Vec<u8>,
    parts: Vec<u8>,
    text: Vec<u8>,
}

impl<'a> Reply<'a> {
    const ROW_BYTES: usize = 12;
    const PART_BYTES: usize = 24;

    fn new(script: &'a str) -> Result<Self, Error> {
        Ok(Reply {
            context: SourceContext::new(script).map_err(|error| no_module(&error))?,
            rows: Vec::new(),
            names: Vec::new(),
            parts: Vec::new(),
            text: Vec::new(),
        })
    }

    /// Adds a name; gives its number, and `None` for a name of no parts.
    fn name<'n>(
        &mut self,
        parts: impl IntoIterator<Item = (Cow<'n, str>, Option<Range<u32>>)>,
    ) -> Result<Option<i32>, Error> {
        let first = count(self.parts.len() / Self::PART_BYTES)?;
        for (text, range) in parts {
            self.part(&text, range)?;
        }
        let end = self.parts.len() / Self::PART_BYTES;
        if end > MAX_NAME_PARTS {
            return Err(beyond("the names of the script have too many parts".into()));
        }
        if count(end)? == first {
            return Ok(None);
        }
        let number = count(self.names.len() / 4)?;
        self.names.extend(first.to_le_bytes());
        Ok(Some(number))
    }

    fn part(&mut self, text: &str, range: Option<Range<u32>>) -> Result<(), Error> {
        put(&mut self.parts, count(self.text.len())?.cast_unsigned());
        put(&mut self.parts, count(text.len())?.cast_unsigned());
        self.text.extend(text.as_bytes());
        for end in [
            range.as_ref().map(|range| range.start),
            range.as_ref().map(|range| range.end),
        ] {
            let position = end.and_then(|offset| self.context.offset_to_position(offset));
            let SourcePosition { line, column } =
                position.unwrap_or(SourcePosition::new(u32::MAX, u32::MAX));
            put(&mut self.parts, line);
            put(&mut self.parts, column);
        }
        Ok(())
    }

    /// The end of the script has no position; nothing is looked up there.
    fn row(&mut self, offset: u32, name: i32) {
        if let Some(SourcePosition { line, column }) = self.context.offset_to_position(offset) {
            put(&mut self.rows, line);
            put(&mut self.rows, column);
            self.rows.extend(name.to_le_bytes());
        }
    }

    /// Adds the rows of functions with the numbers of their names.
    fn finish(mut self, scopes: Vec<(Range<u32>, Option<i32>)>) -> Result<Vec<u8>, Error> {
        // The index wants texts for names.
        let numbered = scopes
            .into_iter()
            .map(|(range, number)| (range, number.map(|number| number.to_string())));
        let index = ScopeIndex::new(numbered.collect()).map_err(|error| no_module(&error))?;
        for (offset, scope) in index.iter() {
            let name = match scope {
                ScopeLookupResult::NamedScope(number) => number.parse().unwrap_or(NO_FUNCTION),
                ScopeLookupResult::AnonymousScope => ANONYMOUS,
                ScopeLookupResult::Unknown => NO_FUNCTION,
            };
            self.row(offset, name);
        }
        let mut reply = Vec::new();
        for length in [
            self.rows.len() / Self::ROW_BYTES,
            self.names.len() / 4,
            self.parts.len() / Self::PART_BYTES,
            self.text.len(),
        ] {
            put(&mut reply, count(length)?.cast_unsigned());
        }
        let parts = count(self.parts.len() / Self::PART_BYTES)?;
        put(&mut self.names, parts.cast_unsigned());
        for section in [&self.rows, &self.names, &self.parts, &self.text] {
            reply.extend_from_slice(section);
        }
        Ok(reply)
    }
}

fn put(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend(number.to_le_bytes());
}

/// A count that fits the reply's numbers.
fn count(length: usize) -> Result<i32, Error> {
    i32::try_from(length).map_err(|_| beyond("the script has too many names".into()))
}
