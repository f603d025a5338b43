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

use js_source_scopes::{
    NameComponent, ScopeIndex, ScopeLookupResult, ScopeName, SourceContext, SourcePosition,
    extract_scope_names,
};

use crate::error::{Code, Error};
use crate::js_nesting;
use crate::limits::{MAX_SCRIPT_BYTES, MAX_SCRIPT_NESTING};

const NO_FUNCTION: i32 = -1;
const ANONYMOUS: i32 = -2;

/// Finds the functions of `script`. Takes the stack of a thread that parses.
///
/// # Errors
/// `unsupported_object` where it is no JavaScript module, `input_limit` where it is larger or deeper
/// than is parsed.
pub fn extract(script: &str) -> Result<Vec<u8>, Error> {
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
    let scopes = extract_scope_names(script).map_err(|error| no_module(&error))?;
    let context = SourceContext::new(script).map_err(|error| no_module(&error))?;
    let mut reply = Reply::new(context);
    // The index wants texts for names: the numbers of the scopes, of which it keeps those that are named.
    let mut numbered = Vec::with_capacity(scopes.len());
    for (range, name) in scopes {
        let number = name.map(|name| reply.name(&name)).transpose()?;
        numbered.push((range, number.map(|number| number.to_string())));
    }
    let index = ScopeIndex::new(numbered).map_err(|error| no_module(&error))?;
    for (offset, scope) in index.iter() {
        let name = match scope {
            ScopeLookupResult::NamedScope(number) => number.parse().unwrap_or(NO_FUNCTION),
            ScopeLookupResult::AnonymousScope => ANONYMOUS,
            ScopeLookupResult::Unknown => NO_FUNCTION,
        };
        reply.row(offset, name);
    }
    reply.finish()
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

    fn new(context: SourceContext<&'a str>) -> Self {
        Reply {
            context,
            rows: Vec::new(),
            names: Vec::new(),
            parts: Vec::new(),
            text: Vec::new(),
        }
    }

    /// Adds a name; gives its number.
    fn name(&mut self, name: &ScopeName) -> Result<i32, Error> {
        let number = count(self.names.len() / 4)?;
        self.names
            .extend(count(self.parts.len() / Self::PART_BYTES)?.to_le_bytes());
        for part in name.components() {
            self.part(part)?;
        }
        Ok(number)
    }

    fn part(&mut self, part: &NameComponent) -> Result<(), Error> {
        put(&mut self.parts, count(self.text.len())?.cast_unsigned());
        put(&mut self.parts, count(part.text().len())?.cast_unsigned());
        self.text.extend(part.text().as_bytes());
        let range = part.range();
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

    fn finish(mut self) -> Result<Vec<u8>, Error> {
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
