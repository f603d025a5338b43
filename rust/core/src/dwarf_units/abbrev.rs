//! Abbreviation tables as bytes.
//!
//! gimli parses whole tables into structures. Here single declarations are found, without losing where
//! their bytes are.

/// Reads an unsigned LEB128 number of at most 64 bits and moves `at` behind it.
pub(crate) fn read_uleb(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    let mut shift = 0;
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        let low = u64::from(byte & 0x7f);
        if shift == 63 && low > 1 {
            return None;
        }
        value |= low << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
        if shift > 63 {
            return None;
        }
    }
}

/// Moves `at` behind a LEB128 number of any length.
pub(crate) fn skip_leb(bytes: &[u8], at: &mut usize) -> Option<()> {
    let len = bytes.get(*at..)?.iter().position(|byte| byte & 0x80 == 0)?;
    *at += len + 1;
    Some(())
}

const DW_FORM_IMPLICIT_CONST: u64 = 0x21;

/// One declaration of a table.
#[derive(Clone, Debug)]
pub(crate) struct Declaration<'t> {
    pub code: u64,
    pub tag: u64,
    pub children: bool,
    /// The whole declaration, from its code to the pair of zeros.
    pub bytes: &'t [u8],
    /// Where the attributes begin in `bytes`.
    attributes_at: usize,
}

/// One attribute of a declaration.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub name: u64,
    pub form: u64,
}

impl<'t> Declaration<'t> {
    /// The attributes in order.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Attribute> + use<'t> {
        let bytes = self.bytes;
        let mut at = self.attributes_at;
        std::iter::from_fn(move || read_attribute(bytes, &mut at).flatten())
    }
}

/// The declarations of the table that `bytes` begins with, in order.
///
/// An error ends the iteration with `None` inside; a table ends where its zero is.
pub(crate) fn declarations(bytes: &[u8]) -> impl Iterator<Item = Option<Declaration<'_>>> {
    let mut at = 0;
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        match read_declaration(bytes, &mut at) {
            Some(None) => None,
            Some(Some(declaration)) => Some(Some(declaration)),
            None => {
                done = true;
                Some(None)
            }
        }
    })
}

/// `Some(None)` at the end of the table, `None` for a damaged declaration.
fn read_declaration<'t>(bytes: &'t [u8], at: &mut usize) -> Option<Option<Declaration<'t>>> {
    let start = *at;
    // gimli lets a table end with its section.
    if start == bytes.len() {
        return Some(None);
    }
    let code = read_uleb(bytes, at)?;
    if code == 0 {
        *at = start;
        return Some(None);
    }
    let tag = read_uleb(bytes, at)?;
    let children = match *bytes.get(*at)? {
        0 => false,
        1 => true,
        _ => return None,
    };
    *at += 1;
    let attributes_at = *at - start;
    while read_attribute(bytes, at)?.is_some() {}
    Some(Some(Declaration {
        code,
        tag,
        children,
        bytes: &bytes[start..*at],
        attributes_at,
    }))
}

/// `Some(None)` at the pair of zeros, `None` for a damaged attribute.
fn read_attribute(bytes: &[u8], at: &mut usize) -> Option<Option<Attribute>> {
    let name = read_uleb(bytes, at)?;
    let form = read_uleb(bytes, at)?;
    match (name, form) {
        (0, 0) => return Some(None),
        (0, _) | (_, 0) => return None,
        (_, DW_FORM_IMPLICIT_CONST) => skip_leb(bytes, at)?,
        _ => {}
    }
    Some(Some(Attribute { name, form }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_uleb_takes_64_bits_and_no_more() {
        let max = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(read_uleb(&max, &mut 0), Some(u64::MAX));
        let more = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(read_uleb(&more, &mut 0), None);
        assert_eq!(read_uleb(&[0x80], &mut 0), None);
    }

    #[test]
    fn declarations_know_where_their_parts_are() {
        // 1: compile unit with children, name (implicit const 5); 2: base type, nothing; end.
        let table = [1, 0x11, 1, 3, 0x21, 5, 0, 0, 2, 0x24, 0, 0, 0, 0, 9, 9];
        let all: Vec<_> = declarations(&table).map(Option::unwrap).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].bytes, &table[..8]);
        assert!(all[0].children && !all[1].children);
        let attributes: Vec<_> = all[0].attributes().collect();
        assert_eq!(attributes.len(), 1);
        assert_eq!((attributes[0].name, attributes[0].form), (3, 0x21));
        assert_eq!(all[1].attributes().count(), 0);
    }

    #[test]
    fn declarations_of_a_cut_table_end_with_a_failure() {
        let table = [1, 0x11, 1, 3, 0x08];
        assert!(declarations(&table).next().unwrap().is_none());
        assert_eq!(declarations(&table).count(), 1);
    }
}
