//! Where a section of an ELF file lies: in the file by its name, for clients of debuginfod that want one and no more,
//! and in memory, for symbols that do not say how far they reach.

use goblin::container::{Container, Ctx};
use goblin::elf::section_header::{SHT_NOBITS, SHT_NULL, SectionHeader};
use goblin::elf::{Elf, Header};

use crate::error::{Code, Error};

/// An index that stands for "see the first section header" in the file's header.
const SHN_XINDEX: u16 = 0xffff;

/// Bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of the first byte.
    pub offset: u64,
    /// How many.
    pub bytes: u64,
}

/// The bytes of the first section of this name, as they are in the file, compressed ones included. `None` where there
/// is no such section, or only its size: a debug file keeps the headers of what was stripped from it.
///
/// # Errors
/// [`Code::MalformedObject`] where `data` is no ELF file or its section headers contradict the file.
pub fn find_section(data: &[u8], name: &str) -> Result<Option<Place>, Error> {
    let header =
        Elf::parse_header(data).map_err(|error| Error::caused(Code::MalformedObject, &error))?;
    if header.e_shoff == 0 {
        return Ok(None);
    }
    let sections = sections(data, &header)?;
    let names = match header.e_shstrndx {
        SHN_XINDEX => sections.first().map_or(0, |first| first.sh_link as usize),
        index => usize::from(index),
    };
    let Some(names) = sections.get(names) else {
        return Err(malformed("the section with the names is not there"));
    };
    let names = place(data, names)?;
    let names = &data[names.offset as usize..(names.offset + names.bytes) as usize];
    let found = sections
        .iter()
        .filter(|section| section.sh_type != SHT_NULL)
        .find(|section| {
            names
                .get(section.sh_name..)
                .and_then(|rest| rest.strip_prefix(name.as_bytes()))
                .is_some_and(|rest| rest.first() == Some(&0))
        });
    match found {
        Some(section) if section.sh_type != SHT_NOBITS => place(data, section).map(Some),
        _ => Ok(None),
    }
}

/// Addresses of the sections with code, ascending, ends excluded. Empty where there are no section headers, or none that
/// can be read.
pub(crate) fn code_ranges(data: &[u8]) -> Vec<(u64, u64)> {
    let sections = match Elf::parse_header(data) {
        Ok(header) if header.e_shoff > 0 => sections(data, &header).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut ranges: Vec<_> = sections
        .iter()
        .filter(|section| section.is_executable())
        .map(|section| {
            let end = section.sh_addr.saturating_add(section.sh_size);
            (section.sh_addr, end)
        })
        .collect();
    ranges.sort_unstable();
    ranges
}

/// All section headers; more than the header can count are counted by the first of them.
fn sections(data: &[u8], header: &Header) -> Result<Vec<SectionHeader>, Error> {
    let container = header
        .container()
        .map_err(|error| Error::caused(Code::MalformedObject, &error))?;
    let endian = header
        .endianness()
        .map_err(|error| Error::caused(Code::MalformedObject, &error))?;
    let ctx = Ctx::new(container, endian);
    let offset = usize::try_from(header.e_shoff).unwrap_or(usize::MAX);
    let read = |count: usize| {
        let size = match container {
            Container::Big => 64,
            Container::Little => 40,
        };
        let fits = count
            .checked_mul(size)
            .and_then(|bytes| offset.checked_add(bytes))
            .is_some_and(|end| end <= data.len());
        if !fits {
            return Err(malformed("the section headers end behind the file"));
        }
        SectionHeader::parse_from(data, offset, count, ctx)
            .map_err(|error| Error::caused(Code::MalformedObject, &error))
    };
    match header.e_shnum {
        0 => {
            let first = read(1)?;
            let count = first.first().map_or(0, |first| first.sh_size);
            read(usize::try_from(count).unwrap_or(usize::MAX))
        }
        count => read(usize::from(count)),
    }
}

fn place(data: &[u8], section: &SectionHeader) -> Result<Place, Error> {
    let (offset, bytes) = (section.sh_offset, section.sh_size);
    match offset.checked_add(bytes) {
        Some(end) if end <= data.len() as u64 => Ok(Place { offset, bytes }),
        _ => Err(malformed("a section ends behind the file").at(offset)),
    }
}

fn malformed(message: &str) -> Error {
    Error::new(Code::MalformedObject, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = include_bytes!("../tests/fixtures/elf-dwarf5.so");
    const DEBUG_ONLY: &[u8] = include_bytes!("../tests/fixtures/elf-debug-only.debug");

    #[test]
    fn a_section_is_found_with_the_bytes_that_it_has() {
        let place = find_section(FILE, ".shstrtab").unwrap().unwrap();
        let bytes = &FILE[place.offset as usize..(place.offset + place.bytes) as usize];
        assert!(bytes.windows(10).any(|part| part == b".shstrtab\0"));
    }

    #[test]
    fn what_was_stripped_or_never_was_is_not_found() {
        assert!(find_section(FILE, ".text").unwrap().is_some());
        assert_eq!(find_section(DEBUG_ONLY, ".text").unwrap(), None);
        assert_eq!(find_section(FILE, ".nothing").unwrap(), None);
    }

    #[test]
    fn headers_that_lead_out_of_the_file_are_malformed() {
        let cut = &FILE[..FILE.len() - 1];
        assert_eq!(
            find_section(cut, ".text").unwrap_err().code,
            Code::MalformedObject
        );
        let mut lying = FILE.to_vec();
        // e_shnum and the size of the first section: as many headers as there are numbers
        lying[60..62].fill(0);
        let first = u64::from_le_bytes(FILE[40..48].try_into().unwrap()) as usize;
        lying[first + 32..first + 40].fill(0xff);
        assert_eq!(
            find_section(&lying, ".text").unwrap_err().code,
            Code::MalformedObject
        );
    }
}
