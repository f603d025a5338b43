//! Where a damaged object file breaks off.
//!
//! Parsers say that an object is malformed, seldom where. Nearly always the file was cut: a download
//! that ended early, a full disk, a copy that is still running. So the parts that the headers promise
//! are held against the bytes that are there, and the first that does not fit is named.

use goblin::container::Ctx;
use goblin::elf::{Elf, SectionHeader};
use goblin::mach::header::Header as MachHeader;
use goblin::mach::load_command::{CommandVariant, LoadCommand};
use goblin::mach::parse_magic_and_ctx;
use goblin::pe::header::{CoffHeader, DosHeader, SIZEOF_PE_MAGIC};
use scroll::Pread;
use scroll::ctx::SizeWith;
use symbolic_debuginfo::FileFormat;

use crate::error::Error;

/// Sections that are looked at; no linker writes as many.
const MAX_SECTIONS: usize = 1 << 16;

/// First bytes of a PDB (LLVM, "The MSF File Format"): a text, then block size and block count at
/// these offsets.
const MSF_BLOCK_SIZE_AT: usize = 32;
const MSF_BLOCK_COUNT_AT: usize = 40;

const REMEDY: &str =
    "the file was cut, as by a download or upload that ended early: store it again";

/// A part of a file that its headers promise.
struct Part {
    name: String,
    offset: u64,
    size: u64,
}

impl Part {
    fn new(name: impl Into<String>, offset: u64, size: u64) -> Self {
        Part {
            name: name.into(),
            offset,
            size,
        }
    }
}

/// The failure with the place where the object breaks off, where its headers tell that.
pub(crate) fn located(error: Error, data: &[u8], format: FileFormat) -> Error {
    let promised = match format {
        FileFormat::Elf => elf_parts(data),
        FileFormat::MachO => macho_parts(data),
        FileFormat::Pe => pe_parts(data),
        FileFormat::Pdb => pdb_parts(data),
        _ => None,
    };
    let there = data.len() as u64;
    let missing = |part: &Part| part.size > 0 && part.offset.saturating_add(part.size) > there;
    let Some(part) = promised.into_iter().flatten().find(missing) else {
        return error;
    };
    let (from, to) = (part.offset, part.offset.saturating_add(part.size));
    Error {
        message: format!(
            "{}; {} should be at bytes {from} to {to}, and the file ends at {there}",
            error.message, part.name
        ),
        ..error
    }
    .in_section(part.name)
    .at(there.saturating_sub(from))
    .with_remedy(REMEDY)
}

/// The section headers first: where they are cut off, no section has a place.
fn elf_parts(data: &[u8]) -> Option<Vec<Part>> {
    let header = Elf::parse_header(data).ok()?;
    let count = usize::from(header.e_shnum);
    let headers = Part::new(
        "section headers",
        header.e_shoff,
        u64::from(header.e_shnum) * u64::from(header.e_shentsize),
    );
    let ctx = Ctx::new(header.container().ok()?, header.endianness().ok()?);
    let offset = usize::try_from(header.e_shoff).ok()?;
    let sections = SectionHeader::parse(data, offset, count.min(MAX_SECTIONS), ctx);
    let sections = sections.unwrap_or_default();
    let names = sections.get(usize::from(header.e_shstrndx));
    let name = |section: &SectionHeader| {
        let table = usize::try_from(names?.sh_offset).ok()?;
        text(data.get(table.checked_add(section.sh_name)?..)?)
    };
    let on_disk =
        |section: &&SectionHeader| section.sh_type != goblin::elf::section_header::SHT_NOBITS;
    let named = sections
        .iter()
        .filter(on_disk)
        .enumerate()
        .map(|(at, section)| {
            let name = name(section).unwrap_or_else(|| format!("section {at}"));
            Part::new(name, section.sh_offset, section.sh_size)
        });
    Some(std::iter::once(headers).chain(named).collect())
}

/// The load commands by themselves: a file that is cut has them, and the parser of whole files refuses it.
fn macho_parts(data: &[u8]) -> Option<Vec<Part>> {
    let (_, context) = parse_magic_and_ctx(data, 0).ok()?;
    let context = context?;
    let header: MachHeader = data.pread_with(0, context).ok()?;
    let mut offset = MachHeader::size_with(&context);
    let mut parts = Vec::new();
    for _ in 0..header.ncmds.min(MAX_SECTIONS) {
        let command = LoadCommand::parse(data, &mut offset, context.le)
            .ok()?
            .command;
        parts.extend(match command {
            CommandVariant::Segment32(segment) => Some(Part::new(
                segment.name().unwrap_or("a segment"),
                segment.fileoff.into(),
                segment.filesize.into(),
            )),
            CommandVariant::Segment64(segment) => Some(Part::new(
                segment.name().unwrap_or("a segment"),
                segment.fileoff,
                segment.filesize,
            )),
            CommandVariant::Symtab(table) => Some(Part::new(
                "string table",
                table.stroff.into(),
                table.strsize.into(),
            )),
            _ => None,
        });
    }
    Some(parts)
}

fn pe_parts(data: &[u8]) -> Option<Vec<Part>> {
    let start = DosHeader::parse(data).ok()?.pe_pointer;
    let mut offset = usize::try_from(start).ok()?.checked_add(SIZEOF_PE_MAGIC)?;
    let header = CoffHeader::parse(data, &mut offset).ok()?;
    offset = offset.checked_add(usize::from(header.size_of_optional_header))?;
    let sections = header.sections(data, &mut offset).ok()?;
    let part = |section: &goblin::pe::section_table::SectionTable| {
        Part::new(
            section.name().unwrap_or("section"),
            section.pointer_to_raw_data.into(),
            section.size_of_raw_data.into(),
        )
    };
    Some(sections.iter().map(part).collect())
}

/// All blocks that the first one promises.
fn pdb_parts(data: &[u8]) -> Option<Vec<Part>> {
    let number = |at: usize| {
        let bytes = data.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_le_bytes(bytes)))
    };
    let blocks = number(MSF_BLOCK_SIZE_AT)?.checked_mul(number(MSF_BLOCK_COUNT_AT)?)?;
    Some(vec![Part::new("MSF blocks", 0, blocks)])
}

/// A text that ends at a zero byte.
fn text(bytes: &[u8]) -> Option<String> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
