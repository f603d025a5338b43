//! The entries (DIEs) of a unit, read past as fast as they can be.
//!
//! Most entries are of no interest, so all that is needed of them is where they end. A [`Shape`] says
//! this for each abbreviation: so many bytes, then perhaps a part whose length has to be read. This
//! passes some hundred million bytes a second where parsing each attribute passes a tenth of it.

use std::collections::HashMap;

use symbolic_debuginfo::dwarf::gimli::{self, constants};

use super::abbrev::{Declaration, declarations, read_uleb, skip_leb};

/// A function, with code or without.
pub(crate) const FUNCTION: u8 = 1;
/// A function that may have code of its own.
pub(crate) const CODE: u8 = 2;
/// A call that was inlined.
pub(crate) const INLINED: u8 = 4;

/// What the entries of one abbreviation have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// [`FUNCTION`], [`CODE`] and [`INLINED`], as far as they apply.
    pub roles: u8,
    pub children: bool,
    /// Bytes behind the code that every such entry has.
    fixed: u32,
    /// What follows them, in [`Shapes::steps`].
    first_step: u32,
    steps: u32,
}

/// A part whose length has to be read, and the number of bytes that follow it.
#[derive(Clone, Copy, Debug)]
struct Step {
    part: Part,
    then: u32,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Leb,
    Text,
    Block1,
    Block2,
    Block4,
    Block,
    Indirect,
}

enum Size {
    Fixed(u8),
    Read(Part),
}

/// The shapes of one abbreviation table, for units of one encoding.
pub(crate) struct Shapes {
    encoding: gimli::Encoding,
    endian: gimli::RunTimeEndian,
    /// Codes from 1 on without a gap, which is all that compilers write.
    dense: Vec<Shape>,
    sparse: HashMap<u64, Shape>,
    steps: Vec<Step>,
}

impl Shapes {
    /// Reads the table that `table` begins with; `None` for a damaged one.
    pub(crate) fn parse(
        table: &[u8],
        encoding: gimli::Encoding,
        endian: gimli::RunTimeEndian,
    ) -> Option<Self> {
        let mut shapes = Shapes {
            encoding,
            endian,
            dense: Vec::new(),
            sparse: HashMap::new(),
            steps: Vec::new(),
        };
        for declaration in declarations(table) {
            let declaration = declaration?;
            let shape = shapes.shape(&declaration)?;
            if declaration.code == shapes.dense.len() as u64 + 1 {
                shapes.dense.push(shape);
            } else {
                shapes.sparse.insert(declaration.code, shape);
            }
        }
        Some(shapes)
    }

    /// Reads the entry at `at` in the bytes of its unit.
    ///
    /// # Errors
    /// An undeclared code, or an entry that reaches beyond the unit.
    pub(crate) fn entry(&self, unit: &[u8], at: usize) -> Result<Entry, gimli::Error> {
        let mut end = at;
        let code = match unit.get(at) {
            Some(byte) if *byte < 0x80 => {
                end += 1;
                u64::from(*byte)
            }
            _ => read_uleb(unit, &mut end).ok_or(gimli::Error::BadUnsignedLeb128)?,
        };
        if code == 0 {
            return Ok(Entry { shape: None, end });
        }
        let shape = match self.dense.get((code - 1) as usize) {
            Some(shape) => shape,
            None => self
                .sparse
                .get(&code)
                .ok_or(gimli::Error::InvalidAbbreviationCode(code))?,
        };
        end += shape.fixed as usize;
        if shape.steps > 0 {
            let first = shape.first_step as usize;
            for step in &self.steps[first..first + shape.steps as usize] {
                self.skip(step.part, unit, &mut end)
                    .ok_or(gimli::Error::OffsetOutOfBounds(at as u64))?;
                end += step.then as usize;
            }
        }
        if end > unit.len() {
            return Err(gimli::Error::OffsetOutOfBounds(at as u64));
        }
        Ok(Entry {
            shape: Some(*shape),
            end,
        })
    }

    fn shape(&mut self, declaration: &Declaration<'_>) -> Option<Shape> {
        let first_step = self.steps.len() as u32;
        let mut fixed = 0;
        for attribute in declaration.attributes() {
            match self.size(attribute.form)? {
                Size::Fixed(bytes) => match self.steps.get_mut(first_step as usize..)?.last_mut() {
                    Some(step) => step.then = step.then.saturating_add(bytes.into()),
                    None => fixed = u32::saturating_add(fixed, bytes.into()),
                },
                Size::Read(part) => self.steps.push(Step { part, then: 0 }),
            }
        }
        Some(Shape {
            roles: roles(declaration),
            children: declaration.children,
            fixed,
            first_step,
            steps: self.steps.len() as u32 - first_step,
        })
    }

    /// The length of an attribute; `None` for a form that gimli does not know either.
    fn size(&self, form: u64) -> Option<Size> {
        let word = self.encoding.format.word_size();
        Some(match gimli::DwForm(u16::try_from(form).ok()?) {
            constants::DW_FORM_implicit_const | constants::DW_FORM_flag_present => Size::Fixed(0),
            constants::DW_FORM_data1
            | constants::DW_FORM_flag
            | constants::DW_FORM_ref1
            | constants::DW_FORM_strx1
            | constants::DW_FORM_addrx1 => Size::Fixed(1),
            constants::DW_FORM_data2
            | constants::DW_FORM_ref2
            | constants::DW_FORM_strx2
            | constants::DW_FORM_addrx2 => Size::Fixed(2),
            constants::DW_FORM_strx3 | constants::DW_FORM_addrx3 => Size::Fixed(3),
            constants::DW_FORM_data4
            | constants::DW_FORM_ref4
            | constants::DW_FORM_ref_sup4
            | constants::DW_FORM_strx4
            | constants::DW_FORM_addrx4 => Size::Fixed(4),
            constants::DW_FORM_data8
            | constants::DW_FORM_ref8
            | constants::DW_FORM_ref_sup8
            | constants::DW_FORM_ref_sig8 => Size::Fixed(8),
            constants::DW_FORM_data16 => Size::Fixed(16),
            constants::DW_FORM_addr => Size::Fixed(self.encoding.address_size),
            // Version 2 gave it the size of an address, since then it is an offset.
            constants::DW_FORM_ref_addr if self.encoding.version == 2 => {
                Size::Fixed(self.encoding.address_size)
            }
            constants::DW_FORM_ref_addr
            | constants::DW_FORM_sec_offset
            | constants::DW_FORM_strp
            | constants::DW_FORM_strp_sup
            | constants::DW_FORM_line_strp
            | constants::DW_FORM_GNU_ref_alt
            | constants::DW_FORM_GNU_strp_alt => Size::Fixed(word),
            constants::DW_FORM_sdata
            | constants::DW_FORM_udata
            | constants::DW_FORM_ref_udata
            | constants::DW_FORM_strx
            | constants::DW_FORM_addrx
            | constants::DW_FORM_loclistx
            | constants::DW_FORM_rnglistx
            | constants::DW_FORM_GNU_str_index
            | constants::DW_FORM_GNU_addr_index => Size::Read(Part::Leb),
            constants::DW_FORM_string => Size::Read(Part::Text),
            constants::DW_FORM_block1 => Size::Read(Part::Block1),
            constants::DW_FORM_block2 => Size::Read(Part::Block2),
            constants::DW_FORM_block4 => Size::Read(Part::Block4),
            constants::DW_FORM_block | constants::DW_FORM_exprloc => Size::Read(Part::Block),
            constants::DW_FORM_indirect => Size::Read(Part::Indirect),
            _ => return None,
        })
    }

    fn skip(&self, part: Part, unit: &[u8], at: &mut usize) -> Option<()> {
        let len = match part {
            Part::Leb => return skip_leb(unit, at),
            Part::Text => unit.get(*at..)?.iter().position(|byte| *byte == 0)? + 1,
            Part::Block1 => self.take(unit, at, 1)?,
            Part::Block2 => self.take(unit, at, 2)?,
            Part::Block4 => self.take(unit, at, 4)?,
            Part::Block => usize::try_from(read_uleb(unit, at)?).ok()?,
            Part::Indirect => match self.size(read_uleb(unit, at)?)? {
                Size::Fixed(bytes) => bytes.into(),
                // A form that leads to a form leads nowhere: no compiler writes it, and it would
                // let a few bytes recurse without end.
                Size::Read(Part::Indirect) => return None,
                Size::Read(part) => return self.skip(part, unit, at),
            },
        };
        *at = at.checked_add(len).filter(|end| *end <= unit.len())?;
        Some(())
    }

    fn take(&self, unit: &[u8], at: &mut usize, len: usize) -> Option<usize> {
        let bytes = unit.get(*at..*at + len)?;
        *at += len;
        let shift = |value: usize, byte: &u8| value << 8 | usize::from(*byte);
        Some(match self.endian {
            gimli::RunTimeEndian::Little => bytes.iter().rev().fold(0, shift),
            gimli::RunTimeEndian::Big => bytes.iter().fold(0, shift),
        })
    }
}

/// An entry that was read past.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// What it is; `None` for the null entry that ends a list of children.
    pub shape: Option<Shape>,
    /// Where the next entry begins in the bytes of the unit.
    pub end: usize,
}

fn roles(declaration: &Declaration<'_>) -> u8 {
    let tag = u16::try_from(declaration.tag).map_or(gimli::DwTag(0), gimli::DwTag);
    let code = [
        constants::DW_AT_low_pc,
        constants::DW_AT_ranges,
        // Symbolic takes these for range lists as well.
        constants::DW_AT_rnglists_base,
        constants::DW_AT_start_scope,
    ];
    match tag {
        constants::DW_TAG_inlined_subroutine => INLINED,
        constants::DW_TAG_subprogram => {
            let has_code = declaration
                .attributes()
                .any(|attribute| code.iter().any(|name| u64::from(name.0) == attribute.name));
            FUNCTION | if has_code { CODE } else { 0 }
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(table: &[u8]) -> Shapes {
        let encoding = gimli::Encoding {
            format: gimli::Format::Dwarf32,
            version: 4,
            address_size: 8,
        };
        Shapes::parse(table, encoding, gimli::RunTimeEndian::Little).unwrap()
    }

    #[test]
    fn entry_ends_where_its_attributes_end() {
        // 1: data4, string, data2, exprloc; 200: block2 through an indirect form.
        let table = [
            1, 0x2e, 1, 3, 0x06, 3, 0x08, 3, 0x05, 2, 0x18, 0, 0, // 200 follows
            0xc8, 0x01, 0x34, 0, 2, 0x16, 0, 0, 0,
        ];
        let shapes = shapes(&table);
        let unit = [1, 9, 9, 9, 9, b'a', 0, 8, 8, 2, 7, 7, 0xff];
        assert_eq!(shapes.entry(&unit, 0).unwrap().end, 12);
        let unit = [0xc8, 0x01, 0x03, 2, 0, 7, 7];
        let entry = shapes.entry(&unit, 0).unwrap();
        assert_eq!(entry.end, 7);
        assert!(!entry.shape.unwrap().children);
        assert!(shapes.entry(&[0], 0).unwrap().shape.is_none());
    }

    #[test]
    fn entry_beyond_the_unit_or_of_an_unknown_code_is_an_error() {
        let shapes = shapes(&[1, 0x2e, 0, 3, 0x06, 0, 0, 2, 0x2e, 0, 3, 0x0a, 0, 0, 0]);
        assert!(shapes.entry(&[1, 0, 0, 0], 0).is_err());
        assert!(shapes.entry(&[2, 5, 0], 0).is_err());
        assert!(shapes.entry(&[3], 0).is_err());
        assert!(shapes.entry(&[], 0).is_err());
    }

    #[test]
    fn indirect_form_that_names_itself_is_an_error() {
        let shapes = shapes(&[1, 0x2e, 0, 3, 0x16, 0, 0, 0]);
        assert!(shapes.entry(&[1, 0x16, 0x16, 0x16], 0).is_err());
    }

    #[test]
    fn roles_follow_tag_and_attributes() {
        let table = [
            1, 0x2e, 1, 0x11, 1, 0x31, 0x13, 0,
            0, // function with code and an abstract origin
            2, 0x1d, 0, 0x31, 0x13, 0, 0, // inlined call
            3, 0x2e, 0, 0x49, 0x13, 0, 0, // function without code
            4, 0x13, 1, 0x11, 1, 0, 0, // structure, whatever its address means
            0,
        ];
        let shapes = shapes(&table);
        let roles: Vec<_> = shapes.dense.iter().map(|shape| shape.roles).collect();
        assert_eq!(roles, [FUNCTION | CODE, INLINED, FUNCTION, 0]);
    }
}
