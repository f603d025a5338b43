//! What is said between the server and this process: frames of JSON over standard input and output.
//!
//! A frame is a little-endian u32 with the length in bytes, then that much UTF-8 JSON. Either side
//! gives up on the other when a frame is longer than [`MAX_FRAME_BYTES`] or is cut short; a frame that
//! is whole and says something unexpected costs one request, not the process.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Number of this agreement, told in [`Outgoing::Hello`].
pub const PROTOCOL: u32 = 1;

/// Bytes that one message may have.
pub const MAX_FRAME_BYTES: u32 = 64 << 20;

/// Bytes of the length before each message.
const LENGTH_BYTES: usize = size_of::<u32>();

/// What the server says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incoming {
    /// Walk the stacks of a dump.
    Process(Request),
    /// The answer to [`Outgoing::Need`]: a row for each row.
    Provide(Vec<Provided>),
}

/// One dump and what is wanted of it.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// Path of the dump. It stays in place until the final message.
    pub dump: String,
    /// Frames kept of each thread, from the top.
    pub max_frames: usize,
    /// Whether [`Done::extended`] is wanted.
    #[serde(default)]
    pub extended: bool,
    /// Rules for the name of the first module's debug file; the first that matches wins.
    #[serde(default)]
    pub rewrite_first_module: Vec<RewriteRule>,
    /// Bytes of memory that this process may use; a part of it bounds the answer.
    pub memory_budget_bytes: u64,
}

/// One rule that renames a debug file for look-ups.
#[derive(Debug, Deserialize)]
pub struct RewriteRule {
    /// A regular expression.
    pub from: String,
    /// What a match becomes; `$name` stands for a group.
    pub to: String,
}

/// The kind of file that a walk lacks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An unwind table.
    Unwind,
    /// A lookup table.
    Symbols,
}

/// One file of the server's.
#[derive(Debug, Deserialize)]
pub struct Provided {
    /// Number of the module, as in [`Need::module`].
    pub module: usize,
    /// Which kind of file.
    pub what: What,
    /// Where it is; absent when there is none.
    #[serde(default)]
    pub path: Option<String>,
}

/// What this process says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// The first message.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// Version of this program.
        version: &'static str,
    },
    /// Files without which no thread can go on.
    Need(Vec<Need>),
    /// The answer.
    Done(Box<Done>),
    /// There is no answer.
    Failed(Failure),
}

/// A file that is lacking. Each is asked for once.
#[derive(Clone, Debug, Serialize)]
pub struct Need {
    /// Number of the module: its place in the order of addresses.
    pub module: usize,
    /// Which kind of file.
    pub what: What,
    /// The image, with the rewritten name of its debug file.
    pub image: Image,
}

/// A loaded image as the dump states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Image {
    /// `elf`, `macho`, `pe` or `unknown`, by the operating system.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Lower-case hexadecimal.
    pub code_id: Option<String>,
    /// Path of the code.
    pub code_file: Option<String>,
    /// Lower case with dashes; the age follows unless it is 0.
    pub debug_id: Option<String>,
    /// Name of the debug file.
    pub debug_file: Option<String>,
    /// First address.
    pub image_addr: Hex,
    /// Size in bytes, if known.
    pub image_size: Option<u64>,
}

/// A number written as `"0x1f"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hex(pub u64);

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:#x}", self.0))
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The stable reason.
    pub code: FailureCode,
    /// One sentence.
    pub message: String,
}

/// The stable reason of a [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The dump contradicts its format.
    Malformed,
    /// A bound was reached.
    Limit,
    /// Something in the request cannot be done.
    Unsupported,
    /// A bug of ours, here or in the server.
    Internal,
}

impl Failure {
    /// A failure with its sentence.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Failure {
        Failure {
            code,
            message: message.into(),
        }
    }
}

/// A processed dump.
#[derive(Debug, Serialize)]
pub struct Done {
    /// Seconds since 1970, of the dump's header.
    pub timestamp: u32,
    /// The machine.
    pub system_info: SystemInfo,
    /// Whether the dump has an exception.
    pub crashed: bool,
    /// `"reason / 0xaddress"` or empty.
    pub crash_reason: String,
    /// The failed assertion or empty.
    pub assertion: String,
    /// Index in `threads` of the thread that crashed or asked for the dump.
    pub requesting_thread: Option<usize>,
    /// Modules in the order of addresses.
    pub modules: Vec<ModuleRow>,
    /// Threads in the order of the dump.
    pub threads: Vec<ThreadRow>,
    /// What was left out to stay within bounds.
    pub cuts: Vec<Cut>,
    /// All else that the dump tells, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended: Option<Value>,
}

/// The machine that the dump was made on.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct SystemInfo {
    /// `Windows`, `macOS`, `iOS`, `Linux`, `Solaris`, `Android`, `PS3`, `NaCl` or empty.
    pub os_name: &'static str,
    /// Like `10.0.14393`.
    pub os_version: String,
    /// Like `16G29`, or empty.
    pub os_build: String,
    /// Symbolic's name of the architecture or empty.
    pub cpu_arch: &'static str,
    /// Always empty: no dump tells it.
    pub device_model: &'static str,
}

/// One module of the answer.
#[derive(Debug, Serialize)]
pub struct ModuleRow {
    /// Its number, as in [`Need::module`].
    pub module: usize,
    /// The image; ids that the dump lacks come from its unwind table.
    pub image: Image,
    /// Name of the debug file for look-ups, where a rule changed it.
    pub lookup_debug_file: Option<String>,
    /// Whether its unwind table was asked for.
    pub unwind: UnwindUse,
    /// Whether the walk of any stack came by.
    pub touched: bool,
}

/// Whether a module's unwind table was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnwindUse {
    /// No frame or candidate for one lies in the module.
    Unused,
    /// It was asked for.
    Asked,
}

/// One thread of the answer.
#[derive(Debug, Serialize)]
pub struct ThreadRow {
    /// The system's number.
    pub thread_id: u32,
    /// Its name, if the dump has it.
    pub thread_name: Option<String>,
    /// Whether it crashed or asked for the dump; unknown for all threads if it is for one.
    pub is_requesting: Option<bool>,
    /// Valid registers of the first frame, by name.
    pub registers: BTreeMap<&'static str, Hex>,
    /// Innermost first.
    pub frames: Vec<FrameRow>,
}

/// One frame of the answer.
#[derive(Debug, Serialize)]
pub struct FrameRow {
    /// Where execution would go on.
    pub instruction_addr: Hex,
    /// Path of the code it is in.
    pub package: Option<String>,
    /// How it was found: `context`, `cfi`, `cfiscan`, `fp`, `scan`, `prewalked`.
    pub trust: &'static str,
    /// Name of the function, where the client walked.
    pub function: Option<String>,
    /// Number of the module it is in.
    pub module: Option<usize>,
    /// What would have made it better.
    pub note: Option<Note>,
}

/// Why a frame is less certain than it could be.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The stable reason.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

/// Something left out.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// `frames`, `threads` or `extended`.
    pub what: &'static str,
    /// How much is there.
    pub kept: usize,
    /// How much there was; absent when that was not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// Index of the thread that `frames` are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<usize>,
}

/// Reads one frame's text; `None` at the end of the stream between two frames.
///
/// # Errors
/// What `from` fails with, [`io::ErrorKind::UnexpectedEof`] inside a frame and
/// [`io::ErrorKind::InvalidData`] for one that is too long.
pub fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::with_capacity(4);
    from.by_ref().take(4).read_to_end(&mut length)?;
    let length = match length.as_slice() {
        [] => return Ok(None),
        bytes => u32::from_le_bytes(bytes.try_into().map_err(|_| io::ErrorKind::UnexpectedEof)?),
    };
    if length > MAX_FRAME_BYTES {
        let message = format!("a message of {length} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    // The vector grows with what comes, not with what was promised.
    let mut text = Vec::new();
    from.by_ref().take(length.into()).read_to_end(&mut text)?;
    if text.len() < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(text))
}

/// Writes one message.
///
/// # Errors
/// What `to` fails with, and [`io::ErrorKind::InvalidData`] for a message that is too long.
pub fn write_frame(to: &mut impl Write, message: &Outgoing) -> io::Result<()> {
    // Length and text go out as one: a pipe wakes its reader for each write.
    let mut frame = vec![0; LENGTH_BYTES];
    serde_json::to_writer(&mut frame, message)?;
    let length = u32::try_from(frame.len() - LENGTH_BYTES)
        .ok()
        .filter(|length| *length <= MAX_FRAME_BYTES)
        .ok_or_else(|| {
            let message = format!("an answer of {} bytes", frame.len() - LENGTH_BYTES);
            io::Error::new(io::ErrorKind::InvalidData, message)
        })?;
    frame[..LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
    to.write_all(&frame)?;
    to.flush()
}
