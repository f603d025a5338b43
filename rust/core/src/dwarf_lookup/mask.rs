//! The changes to a private copy of `.debug_info` that leave the selected functions in it and nothing
//! else that costs time.
//!
//! Offsets stay what they are, since references are offsets. So nothing is cut out; instead, a few
//! bytes at the start of everything unwanted turn it into one thing that is quickly passed over:
//!
//! - Units in a row that are not wanted become one unit, by a header whose length spans them all. Its
//!   root entry is a partial unit without attributes, which symbolic skips.
//! - What is not wanted between the functions of a unit becomes one entry without children, by an
//!   abbreviation whose only attribute is a block: the length of the block is that of the gap.
//!
//! Entries that a wanted function refers to stay readable inside such a gap; the few bytes written
//! are placed so that they do not hit one.
//!
//! Abbreviations come from a new table section with copies of the tables of these units. The copies
//! differ in what makes symbolic do work that ends up in no table: without variables, variables and
//! parameters are labels; a unit that is only referred to has no line program.

use std::collections::HashMap;

use symbolic_debuginfo::dwarf::gimli;

use crate::dwarf_units::abbrev::{Declaration, declarations, push_uleb};
use crate::dwarf_units::{UnitIndex, UnitSpan, malformed};
use crate::error::{Code, Error};

use super::refer::References;
use super::select::Selection;
use super::unit::OpenUnit;

use gimli::{RunTimeEndian, constants};

/// Bytes to write at one offset of `.debug_info`.
struct Patch {
    at: usize,
    len: u8,
    bytes: [u8; PATCH_BYTES],
}

/// The longest is a 64-bit unit header with the code of its root entry.
const PATCH_BYTES: usize = 24;

/// A changed view of `.debug_info` with its abbreviations.
pub(crate) struct Mask {
    patches: Vec<Patch>,
    /// The contents of `.debug_abbrev` that belong to it.
    pub abbreviations: Vec<u8>,
}

impl Mask {
    /// Plans the changes that leave the selection and what it refers to.
    ///
    /// `original` is the `.debug_abbrev` of the file. With `variables`, variables stay, and the
    /// original tables too, since `.debug_types` needs them.
    ///
    /// # Errors
    /// [`Code::LazyUnsupported`] where the changes do not fit; [`Code::MalformedDebugInfo`] for a
    /// damaged table.
    pub(crate) fn plan<'a>(
        index: &UnitIndex,
        selection: &Selection<'a>,
        references: &References<'a>,
        original: &[u8],
        endian: RunTimeEndian,
        variables: bool,
    ) -> Result<Self, Error> {
        let mut planner = Planner {
            original,
            endian,
            variables,
            copies: HashMap::new(),
            nothing: 0,
            mask: Mask {
                patches: Vec::new(),
                abbreviations: if variables {
                    original.to_vec()
                } else {
                    Vec::new()
                },
            },
        };
        planner.nothing = planner.declare_nothing();
        let none = Vec::new();
        let mut run_start = 0;
        for (number, span) in index.spans().iter().enumerate() {
            let number = number as u32;
            let (unit, functions) = match selection.units.get(&number) {
                Some(selected) => (&selected.unit, Some(&selected.functions)),
                None => match references.units.get(&number) {
                    Some(unit) => (unit, None),
                    None => continue,
                },
            };
            planner.hide_units(run_start, span.offset)?;
            run_start = span.offset + span.len;
            let entries = references.entries.get(&number).unwrap_or(&none);
            planner.thin_out(
                unit,
                functions.unwrap_or(&none),
                functions.is_none(),
                entries,
            )?;
        }
        let end = index
            .spans()
            .last()
            .map_or(0, |last| last.offset + last.len);
        planner.hide_units(run_start, end)?;
        Ok(planner.mask)
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// [`Code::Internal`] when `info` is not the section that was planned for.
    pub(crate) fn apply(&self, info: &mut [u8]) -> Result<(), Error> {
        for patch in &self.patches {
            let len = usize::from(patch.len);
            let place = info
                .get_mut(patch.at..patch.at + len)
                .ok_or_else(|| Error::new(Code::Internal, "a patch lies outside .debug_info"))?;
            place.copy_from_slice(&patch.bytes[..len]);
        }
        Ok(())
    }
}

/// A copied table: where it is, and the code of its gap entry.
#[derive(Clone)]
struct Copy {
    offset: u64,
    gap: Vec<u8>,
}

struct Planner<'p> {
    original: &'p [u8],
    endian: RunTimeEndian,
    variables: bool,
    /// By offset of the original and whether the unit is only referred to.
    copies: HashMap<(usize, bool), Copy>,
    /// Where the table of hidden units is.
    nothing: u64,
    mask: Mask,
}

impl Planner<'_> {
    /// Writes the table whose entry 1 is a partial unit.
    fn declare_nothing(&mut self) -> u64 {
        let offset = self.mask.abbreviations.len() as u64;
        push_uleb(&mut self.mask.abbreviations, 1);
        push_uleb(
            &mut self.mask.abbreviations,
            constants::DW_TAG_partial_unit.0.into(),
        );
        self.mask.abbreviations.extend([0, 0, 0, 0]);
        offset
    }

    /// Turns the units in `start..end` into one.
    fn hide_units(&mut self, start: u64, end: u64) -> Result<(), Error> {
        if start == end {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(PATCH_BYTES);
        let rest = end - start - 4;
        let long = rest >= 0xffff_fff0;
        if long {
            bytes.extend([0xff; 4]);
            self.push(&mut bytes, rest - 8, 8);
        } else {
            self.push(&mut bytes, rest, 4);
        }
        self.push(&mut bytes, 4, 2);
        self.push(&mut bytes, self.nothing, if long { 8 } else { 4 });
        self.push(&mut bytes, 8, 1);
        // A unit of eleven bytes is all header; without a root entry it is passed over as well.
        if bytes.len() as u64 != end - start {
            bytes.push(1);
        }
        self.patch(start as usize, &bytes);
        Ok(())
    }

    /// Leaves the given functions of a unit, its root entry, and the entries in `protected`.
    fn thin_out(
        &mut self,
        unit: &OpenUnit<'_>,
        functions: &[(usize, usize)],
        only_referred_to: bool,
        protected: &[(usize, usize)],
    ) -> Result<(), Error> {
        let header = unit.header();
        let copy = self.copy_table(header.debug_abbrev_offset().0, only_referred_to)?;
        let mut bytes = Vec::new();
        self.push(&mut bytes, copy.offset, header.format().word_size());
        // Behind the version, and since version 5 behind type and address size too.
        let before = if header.version() >= 5 { 4 } else { 2 };
        let length_field = header.format().initial_length_size();
        self.patch(
            unit.span.offset as usize + usize::from(length_field) + before,
            &bytes,
        );
        let mut from = unit.body;
        for (start, end) in functions {
            self.fill(unit, from, *start, protected, &copy.gap)?;
            from = *end;
        }
        self.fill(unit, from, unit.bytes.len(), protected, &copy.gap)
    }

    /// Turns the entries in `from..to` into one, but for the first few if something refers to them.
    fn fill(
        &mut self,
        unit: &OpenUnit<'_>,
        mut from: usize,
        to: usize,
        protected: &[(usize, usize)],
        gap: &[u8],
    ) -> Result<(), Error> {
        let head = gap.len() + 4;
        loop {
            if to.saturating_sub(from) < head {
                return Ok(());
            }
            let next = protected.partition_point(|entry| entry.1 <= from);
            if protected
                .get(next)
                .is_none_or(|entry| entry.0 >= from + head)
            {
                break;
            }
            let entry = unit.shapes.entry(unit.bytes, from);
            from = entry
                .map_err(|error| malformed(error).at(unit.span.offset))?
                .end;
        }
        let block = u32::try_from(to - from - head).map_err(|_| too_long(unit.span))?;
        let mut bytes = gap.to_vec();
        self.push(&mut bytes, block.into(), 4);
        self.patch(unit.span.offset as usize + from, &bytes);
        Ok(())
    }

    /// Copies a table, with the gap entry added.
    fn copy_table(&mut self, offset: usize, only_referred_to: bool) -> Result<Copy, Error> {
        let key = (offset, only_referred_to);
        if let Some(copy) = self.copies.get(&key) {
            return Ok(copy.clone());
        }
        let start = self.mask.abbreviations.len() as u64;
        let table = self.original.get(offset..).unwrap_or(&[]);
        let mut highest = 0;
        for declaration in declarations(table) {
            let declaration = declaration.ok_or_else(|| {
                Error::new(Code::MalformedDebugInfo, "damaged abbreviation table")
                    .in_section(".debug_abbrev")
                    .at(offset as u64)
            })?;
            highest = highest.max(declaration.code);
            self.copy_declaration(&declaration, only_referred_to);
        }
        let mut gap = Vec::new();
        let code = highest.checked_add(1).ok_or_else(|| {
            Error::new(
                Code::LazyUnsupported,
                "an abbreviation table has no code left",
            )
        })?;
        push_uleb(&mut gap, code);
        let out = &mut self.mask.abbreviations;
        out.extend(&gap);
        push_uleb(out, constants::DW_TAG_label.0.into());
        out.push(0);
        push_uleb(out, constants::DW_AT_lo_user.0.into());
        push_uleb(out, constants::DW_FORM_block4.0.into());
        out.extend([0, 0, 0]);
        let copy = Copy { offset: start, gap };
        self.copies.insert(key, copy.clone());
        Ok(copy)
    }

    fn copy_declaration(&mut self, declaration: &Declaration<'_>, only_referred_to: bool) {
        let out = &mut self.mask.abbreviations;
        let bytes = declaration.bytes;
        let variable = [
            u64::from(constants::DW_TAG_variable.0),
            u64::from(constants::DW_TAG_formal_parameter.0),
        ]
        .contains(&declaration.tag);
        let mut copied = 0;
        if variable && !self.variables {
            out.extend(&bytes[..declaration.tag_at.start]);
            push_uleb(out, constants::DW_TAG_label.0.into());
            copied = declaration.tag_at.end;
        }
        if only_referred_to {
            for attribute in declaration.attributes() {
                if attribute.name == u64::from(constants::DW_AT_stmt_list.0) {
                    out.extend(&bytes[copied..attribute.name_at.start]);
                    push_uleb(out, constants::DW_AT_lo_user.0.into());
                    copied = attribute.name_at.end;
                }
            }
        }
        out.extend(&bytes[copied..]);
    }

    /// Appends the low `len` bytes of a number in the byte order of the file.
    fn push(&self, out: &mut Vec<u8>, value: u64, len: u8) {
        let bytes = value.to_le_bytes();
        let low = &bytes[..usize::from(len)];
        match self.endian {
            RunTimeEndian::Little => out.extend(low),
            RunTimeEndian::Big => out.extend(low.iter().rev()),
        }
    }

    fn patch(&mut self, at: usize, bytes: &[u8]) {
        let mut patch = Patch {
            at,
            len: bytes.len() as u8,
            bytes: [0; PATCH_BYTES],
        };
        patch.bytes[..bytes.len()].copy_from_slice(bytes);
        self.mask.patches.push(patch);
    }
}

fn too_long(unit: UnitSpan) -> Error {
    Error::new(Code::LazyUnsupported, "a unit is longer than 4 GiB")
        .in_section(".debug_info")
        .at(unit.offset)
}
