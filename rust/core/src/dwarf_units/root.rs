//! The root entry of a unit: where its code is.

use std::ops::Range;

use symbolic_debuginfo::dwarf::gimli;

use super::abbrev::{declarations, read_uleb};
use super::{Dwarf, Slice, UnitHeader};

use gimli::{AttributeValue, Reader, Section, UnitOffset, constants};

/// What the root entry of a unit says about code.
pub(crate) enum Extent {
    /// Symbolic passes the unit over: it has neither an address nor ranges.
    Skipped,
    /// There is code, and no telling where.
    Unbounded,
    /// The ranges are in [`Buffers::ranges`].
    Ranges,
}

/// Buffers that are reused from unit to unit.
pub(crate) struct Buffers {
    abbreviation: Vec<u8>,
    /// Ranges as the file states them.
    pub ranges: Vec<Range<u64>>,
    /// How many list entries may still be read; a longer list is [`Extent::Unbounded`]. All units
    /// may share one long list, so that single lists are no measure.
    entries_left: usize,
}

impl Buffers {
    /// For units whose lists have up to `entries` entries in all.
    pub(crate) fn new(entries: usize) -> Self {
        Buffers {
            abbreviation: Vec::new(),
            ranges: Vec::new(),
            entries_left: entries,
        }
    }
}

/// Reads the root entry of the unit at `offset` in `.debug_info`.
pub(crate) fn read_root(
    dwarf: &Dwarf<'_>,
    offset: u64,
    buffers: &mut Buffers,
) -> Result<Extent, gimli::Error> {
    let header = dwarf.unit_header(gimli::DebugInfoOffset(offset as usize))?;
    let Some(at) = root_entry(&header) else {
        return Ok(Extent::Skipped);
    };
    let root = read_attributes(dwarf, &header, at, &mut buffers.abbreviation)?;
    let low_pc = root.address(dwarf, root.low_pc)?.unwrap_or(0);
    buffers.ranges.clear();
    if let Some(list) = root.ranges {
        // Symbolic does not read the list of a root entry, so nothing in it is an error.
        return Ok(match root.read_list(dwarf, list, low_pc, buffers) {
            Some(()) => Extent::Ranges,
            None => Extent::Unbounded,
        });
    }
    if low_pc == 0 {
        return Ok(Extent::Skipped);
    }
    let high_pc = match root.high_pc {
        Some(AttributeValue::Udata(size)) => low_pc.checked_add(size),
        value => root.address(dwarf, value).ok().flatten(),
    };
    Ok(match high_pc {
        Some(high_pc) if high_pc > low_pc => {
            buffers.ranges.push(low_pc..high_pc);
            Extent::Ranges
        }
        _ => Extent::Unbounded,
    })
}

/// The offset of the first entry in a unit that is not null, if it has any.
pub(crate) fn root_entry(header: &UnitHeader<'_>) -> Option<UnitOffset> {
    let first = header.root_offset();
    let bytes = header.range_from(first..).ok()?.slice();
    let nulls = bytes.iter().position(|byte| *byte != 0)?;
    Some(UnitOffset(first.0 + nulls))
}

/// The attributes that decide where the code is.
struct Root<'a> {
    encoding: gimli::Encoding,
    low_pc: Option<AttributeValue<Slice<'a>>>,
    high_pc: Option<AttributeValue<Slice<'a>>>,
    ranges: Option<AttributeValue<Slice<'a>>>,
    addr_base: gimli::DebugAddrBase<usize>,
    rnglists_base: gimli::DebugRngListsBase<usize>,
}

impl<'a> Root<'a> {
    fn address(
        &self,
        dwarf: &Dwarf<'a>,
        value: Option<AttributeValue<Slice<'a>>>,
    ) -> Result<Option<u64>, gimli::Error> {
        match value {
            Some(AttributeValue::Addr(addr)) => Ok(Some(addr)),
            Some(AttributeValue::DebugAddrIndex(index)) => {
                let size = self.encoding.address_size;
                let addr = dwarf.debug_addr.get_address(size, self.addr_base, index)?;
                Ok(Some(addr))
            }
            _ => Ok(None),
        }
    }

    /// `None` if the list cannot be read to its end.
    fn read_list(
        &self,
        dwarf: &Dwarf<'a>,
        list: AttributeValue<Slice<'a>>,
        low_pc: u64,
        buffers: &mut Buffers,
    ) -> Option<()> {
        let lists = &dwarf.ranges;
        let offset = match list {
            AttributeValue::RangeListsRef(offset) => gimli::RangeListsOffset(offset.0),
            AttributeValue::DebugRngListsIndex(index) => lists
                .get_offset(self.encoding, self.rnglists_base, index)
                .ok()?,
            _ => return None,
        };
        let addrs = &dwarf.debug_addr;
        let mut ranges = lists
            .ranges(offset, self.encoding, low_pc, addrs, self.addr_base)
            .ok()?;
        while let Some(entry) = ranges.next_raw().ok()? {
            buffers.entries_left = buffers.entries_left.checked_sub(1)?;
            match ranges.convert_raw(entry).ok()? {
                // Code that the linker dropped is left at zero.
                Some(range) if range.begin > 0 => buffers.ranges.push(range.begin..range.end),
                _ => {}
            }
        }
        Some(())
    }
}

/// Reads the root entry with its own abbreviation only: a whole table has some thousand of them.
fn read_attributes<'a>(
    dwarf: &Dwarf<'a>,
    header: &UnitHeader<'a>,
    at: UnitOffset,
    buffer: &mut Vec<u8>,
) -> Result<Root<'a>, gimli::Error> {
    let bytes = header.range_from(at..)?;
    let code = read_uleb(bytes.slice(), &mut 0).ok_or(gimli::Error::BadUnsignedLeb128)?;
    let table = dwarf.debug_abbrev.reader().slice();
    let table = table.get(header.debug_abbrev_offset().0..).unwrap_or(&[]);
    let declaration = declarations(table)
        .map_while(|declaration| declaration)
        .find(|declaration| declaration.code == code)
        .ok_or(gimli::Error::InvalidAbbreviationCode(code))?;
    buffer.clear();
    buffer.extend_from_slice(declaration.bytes);
    buffer.push(0);
    let abbreviations = gimli::DebugAbbrev::new(buffer, bytes.endian())
        .abbreviations(gimli::DebugAbbrevOffset(0))?;

    let mut root = Root {
        encoding: header.encoding(),
        low_pc: None,
        high_pc: None,
        ranges: None,
        addr_base: gimli::DebugAddrBase(0),
        rnglists_base: gimli::DebugRngListsBase::default_for_encoding_and_file(
            header.encoding(),
            gimli::DwarfFileType::Main,
        ),
    };
    let mut entries = header.entries_raw(&abbreviations, Some(at))?;
    let abbreviation = entries.read_abbreviation()?;
    for spec in abbreviation.map_or(&[][..], |abbreviation| abbreviation.attributes()) {
        let attribute = entries.read_attribute(*spec)?;
        match (attribute.name(), attribute.value()) {
            (constants::DW_AT_low_pc, value) => root.low_pc = Some(value),
            (constants::DW_AT_high_pc, value) => root.high_pc = Some(value),
            (constants::DW_AT_ranges, value) => root.ranges = Some(value),
            (
                constants::DW_AT_addr_base | constants::DW_AT_GNU_addr_base,
                AttributeValue::DebugAddrBase(base),
            ) => root.addr_base = base,
            (
                constants::DW_AT_rnglists_base | constants::DW_AT_GNU_ranges_base,
                AttributeValue::DebugRngListsBase(base),
            ) => root.rnglists_base = base,
            _ => {}
        }
    }
    Ok(root)
}
