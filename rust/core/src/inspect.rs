//! What a file is and offers, found without reading more of it than needed.

use std::io::Cursor;

use serde::{Deserialize, Serialize};
use symbolic_common::{Arch, CodeId, CpuFamily, DebugId, Uuid};
use symbolic_debuginfo::dwarf::{Dwarf, Endian};
use symbolic_debuginfo::{Archive, FileFormat, Object};

use crate::damage;
use crate::error::{Code, Error};
use crate::object::{first_object, parse_archive};
use crate::proguard_build::is_mapping;
use crate::side_files::{SideFile, recognise};

/// The ids of the object that is looked for, as the caller has them.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct Wanted {
    /// Debug identifier, dashed or in Breakpad's form.
    pub debug_id: Option<String>,
    /// Code identifier in hex.
    pub code_id: Option<String>,
}

impl Wanted {
    /// Reads the JSON text; empty text wants nothing in particular.
    ///
    /// # Errors
    /// [`Code::InvalidArgument`].
    pub fn parse(json: &str) -> Result<Self, Error> {
        if json.is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(json)
            .map_err(|error| Error::new(Code::InvalidArgument, format!("bad wanted ids: {error}")))
    }

    /// The debug id, unless absent, nil or not a debug id.
    fn debug_id(&self) -> Option<DebugId> {
        let text = self.debug_id.as_deref()?;
        let id: Option<DebugId> = text.parse().ok();
        id.or_else(|| DebugId::from_breakpad(text).ok())
            .filter(|id| !id.is_nil())
    }

    fn code_id(&self) -> Option<CodeId> {
        self.code_id
            .as_deref()?
            .parse()
            .ok()
            .filter(|id: &CodeId| !id.is_nil())
    }
}

/// What a file is: the reply of `fw_inspect`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// `elf`, `macho`, `fat_macho`, `pe`, `pdb`, `portablepdb`, `breakpad`, `wasm`, `sourcebundle`,
    /// `bcsymbolmap`, `uuidmap`, `il2cpp` or `proguard`.
    pub kind: &'static str,
    /// The objects in the file that can be read; one for all but fat Mach-O files.
    pub objects: Vec<ObjectInfo>,
    /// Whether the file is an archive of slices, even if of one.
    pub multi: bool,
    /// Index of the object that is the wanted one.
    #[serde(rename = "match")]
    pub matched: Option<usize>,
    /// How the match was found: `debug_id`, `code_id`, `first`, `single` or `none`.
    pub match_rule: &'static str,
    /// Of a UUID map: the original UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuidmap_target: Option<String>,
}

/// One object in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectInfo {
    /// Position among the slices of the file.
    pub index: usize,
    /// First byte of the object in the file.
    pub offset: u64,
    /// Length of the object in bytes.
    pub size: u64,
    /// Debug identifier, dashed.
    pub debug_id: String,
    /// Debug identifier in Breakpad's form.
    pub breakpad_id: String,
    /// Code identifier, lower case hex.
    pub code_id: Option<String>,
    /// Architecture as symbolic names it.
    pub arch: &'static str,
    /// `exe`, `lib`, `dbg`, `src` and so on, as symbolic names it.
    pub object_kind: &'static str,
    /// `elf`, `macho` and so on, as symbolic names it.
    pub file_format: &'static str,
    /// Whether functions and lines can be expected.
    pub has_debug_info: bool,
    /// Whether there is a symbol table.
    pub has_symbols: bool,
    /// Whether there is unwind information.
    pub has_unwind_info: bool,
    /// Whether there are sources or links to them.
    pub has_sources: bool,
    /// Version control of a PDB's source server stream: `perforce`, `git` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub srcsrv_vcs: Option<&'static str>,
    /// Whether there is neither debug information nor a symbol table.
    pub stripped: bool,
    /// Whether the debug information only refers to `.dwo` files (`-gsplit-dwarf`).
    pub split: bool,
    #[serde(skip)]
    ids: (DebugId, Option<CodeId>),
}

/// Tells what `data` is, and which of its objects is the wanted one.
///
/// Selection: a single object always matches, since the caller compares ids itself. Of several, the
/// one with the wanted UUID and at least the wanted age (symbol servers answer with newer ages); if
/// no debug id is wanted, the one with the wanted code id; if nothing is wanted, the first.
///
/// # Errors
/// [`Code::UnknownFormat`] when nothing recognises the file, [`Code::MalformedObject`] when its
/// format is known and it cannot be read.
pub fn inspect(data: &[u8], wanted: &Wanted) -> Result<Inspection, Error> {
    if let Some(side_file) = recognise(data) {
        return Ok(side_file_inspection(side_file));
    }
    if let Some(object) = cheap_info(data)? {
        let kind = object.file_format;
        return Ok(single(kind, object));
    }
    // Its text has no mark at its start, so that everything that has one comes first.
    if Archive::peek(data) == FileFormat::Unknown && is_mapping(data) {
        return Ok(side_file_inspection(SideFile::Proguard));
    }
    let archive = parse_archive(data)?;
    let format = archive.file_format();
    if !archive.is_multi() {
        let object = first_object(&archive, data)?;
        return Ok(single(format.name(), object_info(&object, data, 0)));
    }
    // A slice that cannot be read is left out; the others may still be of use.
    let objects: Vec<_> = (0..archive.object_count())
        .filter_map(|index| {
            let object = archive.object_by_index(index).ok()??;
            Some(object_info(&object, data, index))
        })
        .collect();
    let (matched, match_rule) = select(&objects, wanted);
    Ok(Inspection {
        kind: "fat_macho",
        objects,
        multi: true,
        matched,
        match_rule,
        uuidmap_target: None,
    })
}

fn select(objects: &[ObjectInfo], wanted: &Wanted) -> (Option<usize>, &'static str) {
    let found = |rule, object: Option<&ObjectInfo>| match object {
        Some(object) => (Some(object.index), rule),
        None => (None, "none"),
    };
    if let Some(wanted) = wanted.debug_id() {
        let matching = |object: &&ObjectInfo| {
            let id = object.ids.0;
            id.uuid() == wanted.uuid() && id.appendix() >= wanted.appendix()
        };
        return found("debug_id", objects.iter().find(matching));
    }
    if let Some(wanted) = wanted.code_id() {
        let matching = |object: &&ObjectInfo| object.ids.1.as_ref() == Some(&wanted);
        return found("code_id", objects.iter().find(matching));
    }
    found("first", objects.first())
}

fn single(kind: &'static str, object: ObjectInfo) -> Inspection {
    Inspection {
        kind,
        objects: vec![object],
        multi: false,
        matched: Some(0),
        match_rule: "single",
        uuidmap_target: None,
    }
}

fn side_file_inspection(side_file: SideFile) -> Inspection {
    let (kind, uuidmap_target) = match side_file {
        SideFile::BcSymbolMap => ("bcsymbolmap", None),
        SideFile::UuidMap { target } => ("uuidmap", Some(target)),
        SideFile::Il2cpp => ("il2cpp", None),
        SideFile::Proguard => ("proguard", None),
    };
    Inspection {
        kind,
        objects: Vec::new(),
        multi: false,
        matched: None,
        match_rule: "none",
        uuidmap_target,
    }
}

/// The formats whose full parser reads far more than is asked here.
fn cheap_info(data: &[u8]) -> Result<Option<ObjectInfo>, Error> {
    match Object::peek(data) {
        FileFormat::Pdb => pdb_info(data).map(Some),
        FileFormat::Breakpad => breakpad_info(data).map(Some),
        _ => Ok(None),
    }
}

fn object_info(object: &Object<'_>, file: &[u8], index: usize) -> ObjectInfo {
    let slice = object.data();
    // The slice borrows from the file, so the difference of the addresses is its offset.
    let offset = (slice.as_ptr() as usize).saturating_sub(file.as_ptr() as usize);
    let whole = ObjectInfo {
        index,
        offset: offset as u64,
        size: slice.len() as u64,
        ..identified(object.debug_id(), object.code_id())
    };
    let (has_debug_info, has_symbols) = (object.has_debug_info(), object.has_symbols());
    ObjectInfo {
        arch: object.arch().name(),
        object_kind: object.kind().name(),
        file_format: object.file_format().name(),
        has_debug_info,
        has_symbols,
        has_unwind_info: object.has_unwind_info(),
        has_sources: object.has_sources(),
        stripped: !has_debug_info && !has_symbols,
        split: is_split(object),
        ..whole
    }
}

/// Whether any unit is the skeleton of one in a `.dwo` file, as far as that is seen without decompressing.
///
/// DWARF 5 says it in the head of the unit (7.5.1.2). Before that compilers made `.debug_addr` for split
/// units alone.
fn is_split(object: &Object<'_>) -> bool {
    let Object::Elf(elf) = object else {
        return false;
    };
    let Some(info) = elf.raw_section("debug_info") else {
        return false;
    };
    let little = elf.endianity() == Endian::Little;
    let number = |at: usize, bytes: usize| -> Option<u64> {
        let field = info.data.get(at..at.checked_add(bytes)?)?;
        let add = |sum: u64, byte: &u8| (sum << 8) | u64::from(*byte);
        Some(if little {
            field.iter().rev().fold(0, add)
        } else {
            field.iter().fold(0, add)
        })
    };
    let mut at = 0;
    for _ in 0..MAX_UNITS_SEEN {
        let (length, head) = match number(at, 4) {
            Some(0xffff_ffff) => (number(at + 4, 8), 12),
            length => (length, 4),
        };
        let (Some(length), Some(version)) = (length, number(at + head, 2)) else {
            return false;
        };
        let skeleton = match version {
            5 => number(at + head + 2, 1) == Some(DW_UT_SKELETON),
            2..=4 => elf.has_section("debug_addr"),
            // compressed, or damaged
            _ => return false,
        };
        if skeleton {
            return true;
        }
        let next = usize::try_from(length)
            .ok()
            .and_then(|length| at.checked_add(head)?.checked_add(length));
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

/// Units whose heads are looked at: the first ones of a program may be assembly, which is never split.
const MAX_UNITS_SEEN: usize = 1000;

const DW_UT_SKELETON: u64 = 4;

/// An object of which only the ids are known.
fn identified(debug_id: DebugId, code_id: Option<CodeId>) -> ObjectInfo {
    ObjectInfo {
        index: 0,
        offset: 0,
        size: 0,
        debug_id: debug_id.to_string(),
        breakpad_id: debug_id.breakpad().to_string(),
        code_id: code_id.as_ref().map(CodeId::to_string),
        arch: Arch::Unknown.name(),
        object_kind: "none",
        file_format: "unknown",
        has_debug_info: false,
        has_symbols: false,
        has_unwind_info: false,
        has_sources: false,
        srcsrv_vcs: None,
        stripped: true,
        split: false,
        ids: (debug_id, code_id),
    }
}

/// A PDB by its two header streams.
///
/// Symbolic copies the whole symbol stream when it opens a PDB, hundreds of megabytes for a browser.
/// What it answers is fixed: debug information and symbols always, unwind information on 32-bit x86.
fn pdb_info(data: &[u8]) -> Result<ObjectInfo, Error> {
    let damaged = |error: pdb2::Error| {
        let error = Error::caused(Code::MalformedObject, &error);
        damage::located(error, data, FileFormat::Pdb)
    };
    let mut pdb = pdb2::PDB::open(Cursor::new(data)).map_err(damaged)?;
    let info = pdb.pdb_information().map_err(damaged)?;
    let debug = pdb.debug_information().map_err(damaged)?;
    let age = debug.age().unwrap_or(info.age);
    let uuid = Uuid::from_slice(&info.guid.as_bytes()[..]).unwrap_or_default();
    let arch = debug.machine_type().map_or(Arch::Unknown, pdb_arch);
    Ok(ObjectInfo {
        size: data.len() as u64,
        arch: arch.name(),
        object_kind: "dbg",
        file_format: FileFormat::Pdb.name(),
        has_debug_info: true,
        has_symbols: true,
        has_unwind_info: arch.cpu_family() == CpuFamily::Intel32,
        srcsrv_vcs: srcsrv_vcs(&mut pdb),
        stripped: false,
        ..identified(DebugId::from_parts(uuid, age), None)
    })
}

fn pdb_arch(machine: pdb2::MachineType) -> Arch {
    match machine {
        pdb2::MachineType::X86 => Arch::X86,
        pdb2::MachineType::Amd64 => Arch::Amd64,
        pdb2::MachineType::Arm => Arch::Arm,
        pdb2::MachineType::Arm64 => Arch::Arm64,
        pdb2::MachineType::PowerPC => Arch::Ppc,
        _ => Arch::Unknown,
    }
}

/// The version control system that the source server stream names in its first section.
fn srcsrv_vcs<'d>(pdb: &mut pdb2::PDB<'d, Cursor<&'d [u8]>>) -> Option<&'static str> {
    let stream = pdb.named_stream(b"srcsrv").ok()?;
    let text = String::from_utf8_lossy(
        stream
            .as_slice()
            .get(..SRCSRV_HEAD_BYTES.min(stream.len()))?,
    );
    let mut lines = text.lines();
    lines
        .next()
        .filter(|line| line.starts_with("SRCSRV: ini --"))?;
    let vcs = lines
        .take_while(|line| !line.starts_with("SRCSRV:"))
        .filter_map(|line| line.split_once('='))
        .find_map(|(name, value)| name.eq_ignore_ascii_case("verctrl").then_some(value.trim()))?;
    ["perforce", "git"]
        .into_iter()
        .find(|known| vcs.eq_ignore_ascii_case(known))
        .or(Some("other"))
}

/// Bytes of the source server stream that hold its first section, with room to spare.
const SRCSRV_HEAD_BYTES: usize = 16 << 10;

/// A Breakpad file: the header by symbolic, the features by substring search instead of line by line.
fn breakpad_info(data: &[u8]) -> Result<ObjectInfo, Error> {
    let object = symbolic_debuginfo::breakpad::BreakpadObject::parse(data)
        .map_err(|error| Error::caused(Code::MalformedObject, &error))?;
    // Symbol records end at the first stack record, by the format and by symbolic.
    let stack = find_line(data, "STACK ");
    let symbols = &data[..stack.unwrap_or(data.len())];
    let unwinds = stack.map_or(&[][..], |at| &data[at..]);
    let has_debug_info = find_line(symbols, "FUNC ").is_some();
    let has_symbols = find_line(symbols, "PUBLIC ").is_some();
    Ok(ObjectInfo {
        size: data.len() as u64,
        arch: object.arch().name(),
        object_kind: object.kind().name(),
        file_format: FileFormat::Breakpad.name(),
        has_debug_info,
        has_symbols,
        has_unwind_info: ["STACK CFI INIT", "STACK WIN"]
            .iter()
            .any(|record| find_line(unwinds, record).is_some()),
        stripped: !has_debug_info && !has_symbols,
        ..identified(object.debug_id(), object.code_id())
    })
}

/// Offset of the first line that starts with `head`.
fn find_line(data: &[u8], head: &str) -> Option<usize> {
    if data.starts_with(head.as_bytes()) {
        return Some(0);
    }
    memchr::memmem::find(data, format!("\n{head}").as_bytes()).map(|at| at + 1)
}
