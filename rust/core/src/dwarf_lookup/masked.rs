//! A debug file as symbolic sees it, with other bytes in some sections and fewer symbols.

use symbolic_common::{Arch, CodeId, DebugId};
use symbolic_debuginfo::dwarf::{Dwarf, DwarfDebugSession, DwarfError, DwarfSection, Endian};
use symbolic_debuginfo::{FileFormat, ObjectKind, ObjectLike, Symbol, SymbolMap};

/// Stands in for an object in a conversion.
pub(crate) struct MaskedObject<'d> {
    pub endian: Endian,
    pub file_format: FileFormat,
    pub debug_id: DebugId,
    pub arch: Arch,
    pub kind: ObjectKind,
    pub load_address: u64,
    /// The only sections there are, by name without the leading dot.
    pub sections: Vec<(&'static str, &'d [u8])>,
    /// Symbols that go into the table, in the order of the object.
    pub symbols: Vec<Symbol<'d>>,
    /// Symbols that functions of the table take their names from.
    pub names: SymbolMap<'d>,
}

impl<'d> Dwarf<'d> for MaskedObject<'d> {
    fn endianity(&self) -> Endian {
        self.endian
    }

    fn raw_section(&self, name: &str) -> Option<DwarfSection<'d>> {
        let (_, data) = self.sections.iter().find(|(known, _)| *known == name)?;
        Some(DwarfSection {
            address: 0,
            offset: 0,
            align: 1,
            data: (*data).into(),
        })
    }
}

impl<'d: 'o, 'o> ObjectLike<'d, 'o> for MaskedObject<'d> {
    type Error = DwarfError;
    type Session = DwarfDebugSession<'d>;
    type SymbolIterator = std::iter::Cloned<std::slice::Iter<'o, Symbol<'d>>>;

    fn file_format(&self) -> FileFormat {
        self.file_format
    }

    fn code_id(&self) -> Option<CodeId> {
        None
    }

    fn debug_id(&self) -> DebugId {
        self.debug_id
    }

    fn arch(&self) -> Arch {
        self.arch
    }

    fn kind(&self) -> ObjectKind {
        self.kind
    }

    fn load_address(&self) -> u64 {
        self.load_address
    }

    fn has_symbols(&self) -> bool {
        !self.symbols.is_empty()
    }

    fn symbols(&'o self) -> Self::SymbolIterator {
        self.symbols.iter().cloned()
    }

    fn symbol_map(&self) -> SymbolMap<'d> {
        self.names.clone()
    }

    fn has_debug_info(&self) -> bool {
        true
    }

    fn debug_session(&'o self) -> Result<Self::Session, Self::Error> {
        DwarfDebugSession::parse(
            self,
            self.names.clone(),
            self.load_address as i64,
            self.kind,
        )
    }

    fn has_unwind_info(&self) -> bool {
        false
    }

    fn has_sources(&self) -> bool {
        false
    }

    fn is_malformed(&self) -> bool {
        false
    }
}
