//! The symbol table of an object, by address.

use std::borrow::Cow;

use symbolic_debuginfo::{Object, Symbol};

use crate::elf_section::code_ranges;

/// Where symbols without a size end at the latest: with their section, so that they name nothing of the next one.
///
/// Only of ELF files, whose `_init` and `_fini` would else name the stubs and padding behind them.
#[derive(Debug, Default)]
pub(crate) struct CodeSections {
    /// Relative to the image, ascending, ends excluded.
    ranges: Vec<(u64, u64)>,
}

impl CodeSections {
    /// Those of an object.
    pub(crate) fn of(object: &Object<'_>) -> Self {
        let Object::Elf(elf) = object else {
            return Self::default();
        };
        let load = elf.load_address();
        let relative =
            |(start, end): (u64, u64)| (start.saturating_sub(load), end.saturating_sub(load));
        CodeSections {
            ranges: code_ranges(elf.data()).into_iter().map(relative).collect(),
        }
    }

    /// The end of the section that an address is in; `None` where that is not known.
    pub(crate) fn end(&self, address: u64) -> Option<u64> {
        let after = self.ranges.partition_point(|(start, _)| *start <= address);
        let (_, end) = self.ranges.get(after.checked_sub(1)?)?;
        (address < *end).then_some(*end)
    }
}

/// A named symbol.
#[derive(Clone, Debug)]
pub(crate) struct KnownSymbol<'d> {
    /// Relative to the image.
    pub start: u32,
    /// In bytes, 0 = unknown.
    pub size: u64,
    /// Where its section ends, relative to the image, if that is known and the size is not.
    pub section_end: Option<u64>,
    pub name: Cow<'d, str>,
}

/// The named symbols of an object, or some of them, ascending, one for each address.
///
/// Of several names for one address the first in the order of the object counts. They are aliases,
/// such as the two destructors `D1` and `D2` of a class.
#[derive(Debug, Default)]
pub(crate) struct Symbols<'d>(Vec<KnownSymbol<'d>>);

impl<'d> Symbols<'d> {
    /// Collects the symbols whose addresses `keep` keeps. Those beyond 32 bits are in no table.
    pub(crate) fn collect(
        symbols: impl Iterator<Item = Symbol<'d>>,
        sections: &CodeSections,
        keep: impl Fn(u32) -> bool,
    ) -> Self {
        let mut known: Vec<_> = symbols
            .filter_map(|symbol| {
                let start = u32::try_from(symbol.address).ok().filter(|at| keep(*at))?;
                Some(KnownSymbol {
                    start,
                    size: symbol.size,
                    section_end: match symbol.size {
                        0 => sections.end(symbol.address),
                        _ => None,
                    },
                    name: symbol.name?,
                })
            })
            .collect();
        known.sort_by_key(|symbol| symbol.start);
        known.dedup_by_key(|symbol| symbol.start);
        Symbols(known)
    }

    /// All of them, ascending.
    pub(crate) fn list(&self) -> &[KnownSymbol<'d>] {
        &self.0
    }

    /// The name of the symbol that begins at exactly this address.
    pub(crate) fn name_at(&self, start: u32) -> Option<&Cow<'d, str>> {
        let found = self.0.binary_search_by_key(&start, |symbol| symbol.start);
        Some(&self.0[found.ok()?].name)
    }
}

/// A symbol of 32-bit Windows code without what the calling convention added to its name: `_name`
/// (cdecl), `_name@8` (stdcall), `@name@8` (fastcall), `name@@8` (vectorcall), where the number counts
/// the bytes of the parameters (Microsoft, "Format of a C decorated name"). Names of C++ stay.
pub(crate) fn undecorated(symbol: &str) -> &str {
    if symbol.starts_with('?') || symbol.contains([':', '(', '<']) {
        return symbol;
    }
    let counted = |at: &str| at.parse::<u32>().is_ok();
    if let Some((name, bytes)) = symbol.rsplit_once("@@")
        && counted(bytes)
    {
        return name;
    }
    let Some(bare) = symbol.strip_prefix(['_', '@']) else {
        return symbol;
    };
    match bare.rsplit_once('@') {
        Some((name, bytes)) if counted(bytes) => name,
        _ if symbol.starts_with('_') => bare,
        _ => symbol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(name: Option<&'static str>, address: u64) -> Symbol<'static> {
        Symbol {
            name: name.map(Cow::Borrowed),
            address,
            size: 4,
        }
    }

    #[test]
    fn collect_keeps_the_first_name_of_each_address() {
        let all = [
            symbol(Some("b"), 0x20),
            symbol(None, 0x10),
            symbol(Some("a"), 0x10),
            symbol(Some("c"), 0x20),
            symbol(Some("far"), 1 << 32),
        ];
        let symbols = Symbols::collect(all.into_iter(), &CodeSections::default(), |_| true);
        let names: Vec<_> = symbols.list().iter().map(|symbol| &*symbol.name).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(symbols.name_at(0x20).map(|name| &**name), Some("b"));
        assert_eq!(symbols.name_at(0x21), None);
    }

    #[test]
    fn end_is_that_of_the_section_around_the_address() {
        let sections = CodeSections {
            ranges: vec![(0x10, 0x20), (0x20, 0x20), (0x40, 0x50)],
        };
        let ends = [0xf, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x50].map(|at| sections.end(at));
        assert_eq!(
            ends,
            [None, Some(0x20), Some(0x20), None, None, Some(0x50), None]
        );
    }

    #[test]
    fn undecorated_takes_off_what_each_convention_adds() {
        let cases = [
            ("_main", "main"),
            ("_DllMain@12", "DllMain"),
            ("@fast@8", "fast"),
            ("vector@@16", "vector"),
            ("__chkstk", "_chkstk"),
            ("plain", "plain"),
            ("@x", "@x"),
            ("?bar@foo@@YAHH@Z", "?bar@foo@@YAHH@Z"),
            ("ns::_f@8", "ns::_f@8"),
        ];
        for (symbol, expected) in cases {
            assert_eq!(undecorated(symbol), expected);
        }
    }
}
