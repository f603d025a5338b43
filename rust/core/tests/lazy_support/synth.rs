//! ELF files with DWARF 4, written byte by byte, for what no compiler writes.

use std::collections::BTreeMap;

/// The abbreviation codes that [`Dwarf`] declares, with the attributes in order.
pub mod code {
    /// Unit: low_pc, high_pc as size, name.
    pub const UNIT: u8 = 1;
    /// Function: name, low_pc, high_pc as size.
    pub const FUNCTION: u8 = 2;
    /// Function without a name of its own: low_pc, high_pc as size, abstract_origin as ref_addr.
    pub const INSTANCE: u8 = 3;
    /// Function without code: name.
    pub const ABSTRACT: u8 = 4;
    /// Function in pieces: name, ranges.
    pub const PIECES: u8 = 5;
    /// Unit in pieces: ranges.
    pub const UNIT_PIECES: u8 = 6;
    /// Function without code or name: specification as ref_addr.
    pub const DECLARED: u8 = 7;
    /// Unit that says nowhere where it ends: low_pc.
    pub const OPEN_UNIT: u8 = 8;
}

const ABBREVIATIONS: &[u8] = &[
    1, 0x11, 1, 0x11, 0x01, 0x12, 0x07, 0x03, 0x08, 0, 0, //
    2, 0x2e, 0, 0x03, 0x08, 0x11, 0x01, 0x12, 0x07, 0, 0, //
    3, 0x2e, 0, 0x11, 0x01, 0x12, 0x07, 0x31, 0x10, 0, 0, //
    4, 0x2e, 0, 0x03, 0x08, 0, 0, //
    5, 0x2e, 0, 0x03, 0x08, 0x55, 0x17, 0, 0, //
    6, 0x11, 1, 0x55, 0x17, 0, 0, //
    7, 0x2e, 0, 0x47, 0x10, 0, 0, //
    8, 0x11, 1, 0x11, 0x01, 0, 0, //
    0,
];

/// `.debug_info` and `.debug_ranges` in the making.
#[derive(Default)]
pub struct Dwarf {
    pub info: Vec<u8>,
    pub ranges: Vec<u8>,
    unit: Option<usize>,
}

impl Dwarf {
    /// Opens a unit whose root entry is yet to come.
    pub fn unit(&mut self) -> &mut Self {
        self.end_unit();
        self.unit = Some(self.info.len());
        self.info.extend([0; 4]);
        self.info.extend([4, 0]);
        self.info.extend([0; 4]);
        self.info.push(8);
        self
    }

    /// Opens a unit with code in one piece.
    pub fn unit_at(&mut self, start: u64, end: u64) -> &mut Self {
        self.unit();
        self.info.push(code::UNIT);
        self.number(start, 8).number(end - start, 8).text("unit.c")
    }

    /// Opens a unit with code in pieces.
    pub fn unit_in(&mut self, pieces: &[(u64, u64)]) -> &mut Self {
        self.unit();
        self.info.push(code::UNIT_PIECES);
        self.list(pieces)
    }

    /// Adds a function.
    pub fn function(&mut self, name: &str, start: u64, end: u64) -> &mut Self {
        self.info.push(code::FUNCTION);
        self.text(name).number(start, 8).number(end - start, 8)
    }

    /// Adds a function in pieces.
    pub fn pieces(&mut self, name: &str, pieces: &[(u64, u64)]) -> &mut Self {
        self.info.push(code::PIECES);
        self.text(name).list(pieces)
    }

    /// Adds a function that is named by the entry at `origin`, an offset in the section.
    pub fn instance(&mut self, start: u64, end: u64, origin: usize) -> &mut Self {
        self.info.push(code::INSTANCE);
        self.number(start, 8)
            .number(end - start, 8)
            .number(origin as u64, 4)
    }

    /// Adds a function without code.
    pub fn named(&mut self, name: &str) -> &mut Self {
        self.info.push(code::ABSTRACT);
        self.text(name)
    }

    /// Adds a function without code that is named by another.
    pub fn declared(&mut self, by: usize) -> &mut Self {
        self.info.push(code::DECLARED);
        self.number(by as u64, 4)
    }

    /// Where the next entry will be.
    pub fn here(&self) -> usize {
        self.info.len()
    }

    /// Appends a number of so many bytes.
    pub fn number(&mut self, value: u64, bytes: usize) -> &mut Self {
        self.info.extend(&value.to_le_bytes()[..bytes]);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.info.extend(text.bytes());
        self.info.push(0);
        self
    }

    fn list(&mut self, pieces: &[(u64, u64)]) -> &mut Self {
        let offset = self.ranges.len() as u64;
        for (start, end) in pieces.iter().chain([&(0, 0)]) {
            self.ranges.extend(start.to_le_bytes());
            self.ranges.extend(end.to_le_bytes());
        }
        self.number(offset, 4)
    }

    /// Ends the open unit, if there is one.
    pub fn end_unit(&mut self) -> &mut Self {
        if let Some(start) = self.unit.take() {
            self.info.push(0);
            let len = (self.info.len() - start - 4) as u32;
            self.info[start..start + 4].copy_from_slice(&len.to_le_bytes());
        }
        self
    }

    /// The file, with function symbols (name, address, size).
    pub fn elf(&mut self, symbols: &[(&str, u64, u64)]) -> Vec<u8> {
        self.end_unit();
        let mut strings = vec![0];
        let mut table = vec![0; 24];
        for (name, address, size) in symbols {
            table.extend((strings.len() as u32).to_le_bytes());
            // A global function in section 1.
            table.extend([0x12, 0, 1, 0]);
            table.extend(address.to_le_bytes());
            table.extend(size.to_le_bytes());
            strings.extend(name.bytes());
            strings.push(0);
        }
        elf(&[
            (".text", 1, 6, 0, vec![0; 16]),
            (".debug_info", 1, 0, 0, self.info.clone()),
            (".debug_abbrev", 1, 0, 0, ABBREVIATIONS.to_vec()),
            (".debug_ranges", 1, 0, 0, self.ranges.clone()),
            (".symtab", 2, 0, 6, table),
            (".strtab", 3, 0, 0, strings),
        ])
    }
}

/// Name, type, flags, link and contents of a section; they are numbered from 1.
type Section = (&'static str, u32, u64, u32, Vec<u8>);

fn elf(sections: &[Section]) -> Vec<u8> {
    let mut names = vec![0];
    let mut name_at = BTreeMap::new();
    for name in sections
        .iter()
        .map(|section| section.0)
        .chain([".shstrtab"])
    {
        name_at.insert(name, names.len() as u32);
        names.extend(name.bytes());
        names.push(0);
    }
    let own = (".shstrtab", 3, 0, 0, names);
    let mut out = vec![0; 64];
    let mut headers = vec![0; 64];
    for (name, kind, flags, link, data) in sections.iter().chain([&own]) {
        let entry_size: u64 = if *kind == 2 { 24 } else { 0 };
        headers.extend(name_at[name].to_le_bytes());
        headers.extend(kind.to_le_bytes());
        headers.extend(flags.to_le_bytes());
        headers.extend(0u64.to_le_bytes());
        headers.extend((out.len() as u64).to_le_bytes());
        headers.extend((data.len() as u64).to_le_bytes());
        headers.extend(link.to_le_bytes());
        headers.extend(0u32.to_le_bytes());
        headers.extend(1u64.to_le_bytes());
        headers.extend(entry_size.to_le_bytes());
        out.extend(data);
    }
    let headers_at = out.len() as u64;
    out.extend(headers);
    let mut head = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    head.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    head.extend([0; 16]);
    head.extend(headers_at.to_le_bytes());
    head.extend([0, 0, 0, 0, 64, 0, 56, 0, 0, 0, 64, 0]);
    head.extend((sections.len() as u16 + 2).to_le_bytes());
    head.extend((sections.len() as u16 + 1).to_le_bytes());
    out[..64].copy_from_slice(&head);
    out
}
