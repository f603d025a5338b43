//! The symbol table of an object, by address.

use std::borrow::Cow;

use symbolic_debuginfo::Symbol;

/// A named symbol.
#[derive(Clone, Debug)]
pub(crate) struct KnownSymbol<'d> {
    /// Relative to the image.
    pub start: u32,
    /// In bytes, 0 = unknown.
    pub size: u64,
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
        keep: impl Fn(u32) -> bool,
    ) -> Self {
        let mut known: Vec<_> = symbols
            .filter_map(|symbol| {
                let start = u32::try_from(symbol.address).ok().filter(|at| keep(*at))?;
                Some(KnownSymbol {
                    start,
                    size: symbol.size,
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
        let symbols = Symbols::collect(all.into_iter(), |_| true);
        let names: Vec<_> = symbols.list().iter().map(|symbol| &*symbol.name).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(symbols.name_at(0x20).map(|name| &**name), Some("b"));
        assert_eq!(symbols.name_at(0x21), None);
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
