//! What can go wrong, as values.
//!
//! Every failure carries a [`Code`] with a stable name that metrics, caches and users may rely on, a
//! sentence with the values in question and, where known, the section and offset at fault and what
//! to do about it. The [`Status`] of a code is what crosses the native boundary; Java decides by it
//! and shows the rest.
//!
//! Names are never reused or renamed; a code that is no longer produced stays in the list.

use std::fmt;
use std::io;

/// The class of an outcome, the first word of every reply that crosses the boundary (ABI 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Status {
    /// The reply holds the answer.
    Ok = 0,
    /// The input contradicts its own format.
    Malformed = 1,
    /// The input may be fine; this library has no way to use it.
    Unsupported = 2,
    /// The input was read, and what was asked for is not in it.
    NotFound = 3,
    /// A bound was reached before the work was done.
    Limit = 4,
    /// The operating system refused to open, read or write a file.
    Io = 5,
    /// The handle was closed, or never opened.
    StaleHandle = 6,
    /// A bug of ours, caught at the boundary.
    Panic = 7,
    /// The caller passed something no correct caller passes.
    InvalidArgument = 8,
}

/// The stable reason of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// No parser recognises the first bytes of the file.
    UnknownFormat,
    /// The container (ELF, Mach-O, PE, PDB, Breakpad, WASM, source bundle) contradicts itself.
    MalformedObject,
    /// The container is readable and its debug information is not.
    MalformedDebugInfo,
    /// A compressed download ends early or fails its own checks.
    MalformedStream,
    /// A BCSymbolMap, UUID map or il2cpp line mapping cannot be read.
    MalformedMapping,
    /// One of our own derived files (lookup table, portable PDB cache) is damaged.
    MalformedTable,
    /// The derived file was written by another version of its format; build it again.
    TableVersion,
    /// There is no way to look up addresses in this format without converting the file first.
    LazyUnsupported,
    /// The object is of a kind that does not offer what was asked for.
    UnsupportedObject,
    /// The PE file carries no portable PDB.
    NoEmbeddedPdb,
    /// A compressed file holds more bytes than the caller allows.
    DecompressedTooLarge,
    /// A derived file would be larger than the caller or its format allows.
    OutputTooLarge,
    /// The answer to one batch would be larger than a reply may be.
    ReplyTooLarge,
    /// Another bound (depth, count, section size) was reached while reading the input.
    InputLimit,
    /// The operating system refused an operation on a file.
    Io,
    /// The handle was closed, or never opened.
    StaleHandle,
    /// A bug of ours: a panic caught at the boundary.
    Panic,
    /// A bug of ours: an invariant between two of our own steps does not hold.
    Internal,
    /// The caller passed something no correct caller passes.
    InvalidArgument,
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: [Code; 19] = [
        Code::UnknownFormat,
        Code::MalformedObject,
        Code::MalformedDebugInfo,
        Code::MalformedStream,
        Code::MalformedMapping,
        Code::MalformedTable,
        Code::TableVersion,
        Code::LazyUnsupported,
        Code::UnsupportedObject,
        Code::NoEmbeddedPdb,
        Code::DecompressedTooLarge,
        Code::OutputTooLarge,
        Code::ReplyTooLarge,
        Code::InputLimit,
        Code::Io,
        Code::StaleHandle,
        Code::Panic,
        Code::Internal,
        Code::InvalidArgument,
    ];

    /// The stable name, in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Code::UnknownFormat => "unknown_format",
            Code::MalformedObject => "malformed_object",
            Code::MalformedDebugInfo => "malformed_debug_info",
            Code::MalformedStream => "malformed_stream",
            Code::MalformedMapping => "malformed_mapping",
            Code::MalformedTable => "malformed_table",
            Code::TableVersion => "table_version",
            Code::LazyUnsupported => "lazy_unsupported",
            Code::UnsupportedObject => "unsupported_object",
            Code::NoEmbeddedPdb => "no_embedded_pdb",
            Code::DecompressedTooLarge => "decompressed_too_large",
            Code::OutputTooLarge => "output_too_large",
            Code::ReplyTooLarge => "reply_too_large",
            Code::InputLimit => "input_limit",
            Code::Io => "io_error",
            Code::StaleHandle => "stale_handle",
            Code::Panic => "panic",
            Code::Internal => "internal",
            Code::InvalidArgument => "invalid_argument",
        }
    }

    /// The class that the boundary reports for this code.
    pub fn status(self) -> Status {
        match self {
            Code::UnknownFormat
            | Code::MalformedObject
            | Code::MalformedDebugInfo
            | Code::MalformedStream
            | Code::MalformedMapping
            | Code::MalformedTable => Status::Malformed,
            Code::TableVersion | Code::LazyUnsupported | Code::UnsupportedObject => {
                Status::Unsupported
            }
            Code::NoEmbeddedPdb => Status::NotFound,
            Code::DecompressedTooLarge
            | Code::OutputTooLarge
            | Code::ReplyTooLarge
            | Code::InputLimit => Status::Limit,
            Code::Io => Status::Io,
            Code::StaleHandle => Status::StaleHandle,
            Code::Panic | Code::Internal => Status::Panic,
            Code::InvalidArgument => Status::InvalidArgument,
        }
    }
}

/// One failure: a code, a sentence, and where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The stable reason.
    pub code: Code,
    /// One sentence for a person, with the values in question.
    pub message: String,
    /// The section at fault, as its format names it (`.debug_info`, `__debug_line`).
    pub section: Option<String>,
    /// The offset at fault: in `section` when there is one, else in the file. Bytes.
    pub offset: Option<u64>,
    /// What the reader of the message can do about it.
    pub remedy: Option<&'static str>,
}

impl Error {
    /// A failure with its sentence and nothing else known.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            section: None,
            offset: None,
            remedy: None,
        }
    }

    /// A failure of another library, told with its chain of causes ("a: b: c").
    pub fn caused(code: Code, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        // The bound is a guard against a cyclic chain, which the trait does not rule out.
        for _ in 0..8 {
            let Some(cause) = source else { break };
            let text = cause.to_string();
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            source = cause.source();
        }
        Error::new(code, message)
    }

    /// A failed operation on a file; `what` names the operation and its object.
    pub fn io(what: &str, error: &io::Error) -> Self {
        Error::new(Code::Io, format!("{what}: {error}"))
    }

    /// The same failure, told to lie in `section`.
    pub fn in_section(mut self, section: impl Into<String>) -> Self {
        self.section = Some(section.into());
        self
    }

    /// The same failure, told to lie at `offset` bytes.
    pub fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The same failure with advice.
    pub fn with_remedy(mut self, remedy: &'static str) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// The class that the boundary reports.
    pub fn status(&self) -> Status {
        self.code.status()
    }

    /// The failure as the JSON object that crosses the boundary.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::Map::new();
        json.insert("code".into(), self.code.name().into());
        json.insert("message".into(), self.message.as_str().into());
        if let Some(section) = &self.section {
            json.insert("section".into(), section.as_str().into());
        }
        if let Some(offset) = self.offset {
            json.insert("offset".into(), offset.into());
        }
        if let Some(remedy) = self.remedy {
            json.insert("remedy".into(), remedy.into());
        }
        serde_json::Value::Object(json).to_string()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)?;
        if let Some(section) = &self.section {
            write!(f, " in {section}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " at {offset:#x}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_names_are_unique_and_snake_case() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn to_json_leaves_out_what_is_unknown() {
        let error = Error::new(Code::MalformedObject, "no \"sections\"");
        assert_eq!(
            error.to_json(),
            r#"{"code":"malformed_object","message":"no \"sections\""}"#
        );
        let error = error
            .in_section(".debug_info")
            .at(16)
            .with_remedy("upload it again");
        assert_eq!(
            error.to_json(),
            r#"{"code":"malformed_object","message":"no \"sections\"","offset":16,"remedy":"upload it again","section":".debug_info"}"#
        );
    }

    #[test]
    fn caused_tells_the_chain_without_repeating_a_cause() {
        let inner = io::Error::other("short read");
        let outer = io::Error::other(Error::io("read x", &inner));
        let error = Error::caused(Code::MalformedObject, &outer);
        assert_eq!(error.message, "io_error: read x: short read");
    }
}
