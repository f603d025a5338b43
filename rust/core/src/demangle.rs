//! Mangled names to readable ones, with one set of options for the whole server.

use std::borrow::Cow;
use std::thread;

use symbolic_common::{Language, Name, NameMangling};
use symbolic_demangle::{Demangle, DemangleOptions};

use crate::error::{Code, Error};

/// With parameters and without return type, the form that crash reports are grouped by.
const OPTIONS: DemangleOptions = DemangleOptions::complete().return_type(false);

/// Demangles `symbol`; `None` when it is not mangled, cannot be demangled, or reads the same after.
///
/// A `language` other than unknown is believed; otherwise the prefix of the name decides: `-[`/`+[`
/// is Objective-C, `_Z` and its underscored forms C++, `?` MSVC, and Rust and Swift by their
/// grammars. Depth and output are bounded by the demanglers (C++ 160 levels and 4096 bytes, MSVC 128
/// levels, Swift 4096 bytes); a name beyond them stays as it is. There is no D demangler.
///
/// The demanglers recurse: call this on a thread with several megabytes of stack.
pub fn demangle(symbol: &str, language: Language) -> Option<String> {
    Name::new(symbol, NameMangling::Unknown, language)
        .demangle(OPTIONS)
        .filter(|demangled| demangled != symbol)
}

/// Stack of a demangling thread in bytes. The demanglers cap their depth, not their stack.
const DEMANGLE_STACK_BYTES: usize = 16 << 20;

/// Demangles each name, in order, on `threads` threads of their own.
pub(crate) fn demangle_all<T: AsRef<str> + Sync>(
    names: &[(T, Language)],
    threads: usize,
) -> Vec<Option<String>> {
    if names.is_empty() {
        return Vec::new();
    }
    let part = names.len().div_ceil(threads.max(1));
    thread::scope(|scope| {
        let workers: Vec<_> = names
            .chunks(part)
            .map(|part| {
                thread::Builder::new()
                    .name("fw-demangle".into())
                    .stack_size(DEMANGLE_STACK_BYTES)
                    .spawn_scoped(scope, move || {
                        part.iter()
                            .map(|(name, language)| demangle(name.as_ref(), *language))
                            .collect::<Vec<_>>()
                    })
            })
            .collect();
        let mut demangled = Vec::with_capacity(names.len());
        for (worker, part) in workers.into_iter().zip(names.chunks(part)) {
            match worker.map(|worker| worker.join()) {
                Ok(Ok(names)) => demangled.extend(names),
                // A bug in a demangler stays a bug: the net at the boundary reports it.
                Ok(Err(panic)) => std::panic::resume_unwind(panic),
                // No thread to be had: names stay as they are rather than risk this stack.
                Err(_) => demangled.extend(part.iter().map(|_| None)),
            }
        }
        demangled
    })
}

/// The language with this wire name ("cpp", "rust"), unknown for any other text.
pub fn language_by_name(name: &str) -> Language {
    name.parse().unwrap_or(Language::Unknown)
}

/// Demangles a JSON array of `[name, language or null]` to a JSON array of strings, with null for
/// each name that [`demangle`] leaves as it is.
///
/// # Errors
/// [`Code::InvalidArgument`] for anything else than such an array.
pub fn demangle_json(names: &str) -> Result<String, Error> {
    let names: Vec<(Cow<'_, str>, Option<Cow<'_, str>>)> = serde_json::from_str(names)
        .map_err(|error| Error::new(Code::InvalidArgument, format!("bad names: {error}")))?;
    let demangled: serde_json::Value = names
        .iter()
        .map(|(name, language)| {
            let language = language
                .as_deref()
                .map_or(Language::Unknown, language_by_name);
            demangle(name, language)
        })
        .collect();
    Ok(demangled.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demangle_known_schemes_gives_parameters_and_no_return_type() {
        let cases = [
            ("_ZN3foo3barEi", "foo::bar(int)"),
            ("__ZN3foo3barEv", "foo::bar()"),
            ("_Z3maxIiET_S0_S0_", "max<int>(int, int)"),
            (
                "_ZN3std2io4Read11read_to_end17hb85a0f6802e14499E",
                "std::io::Read::read_to_end",
            ),
            ("_RNvC7mycrate3foo", "mycrate::foo"),
            ("?bar@foo@@YAHH@Z", "foo::bar(int)"),
            (
                "$s8mangling12GenericUnionO3FooyACyxGSicAEmlF",
                "GenericUnion.Foo<A>(GenericUnion<A>.Type)",
            ),
        ];
        for (symbol, expected) in cases {
            assert_eq!(
                demangle(symbol, Language::Unknown).as_deref(),
                Some(expected),
                "{symbol}"
            );
        }
    }

    #[test]
    fn demangle_plain_or_foreign_names_gives_none() {
        for symbol in [
            "",
            "main",
            "_Z",
            "-[NSObject init]",
            "_ZN3foo",
            "??@8ba8d245c9eca390356129098dbe9f73@",
        ] {
            assert_eq!(demangle(symbol, Language::Unknown), None, "{symbol}");
        }
        assert_eq!(demangle("_ZN3foo3barEi", Language::C), None);
    }

    #[test]
    fn demangle_json_keeps_order_and_gives_null_for_what_stays() {
        let names = r#"[["_ZN3foo3barEi",null],["main","c"],["_ZN3foo3barEi","cpp"]]"#;
        assert_eq!(
            demangle_json(names).unwrap(),
            r#"["foo::bar(int)",null,"foo::bar(int)"]"#
        );
        let error = demangle_json(r#"["main"]"#).unwrap_err();
        assert_eq!(error.code, Code::InvalidArgument);
    }

    #[test]
    fn language_by_name_unknown_text_is_unknown() {
        assert_eq!(language_by_name("rust"), Language::Rust);
        assert_eq!(language_by_name("cobol"), Language::Unknown);
    }
}
