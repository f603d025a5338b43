//! The DWARF sections of an object.

use std::borrow::Cow;

use symbolic_debuginfo::dwarf::{Dwarf as DwarfSource, Endian, gimli};
use symbolic_debuginfo::{Object, ObjectKind, ObjectLike};

use crate::error::{Code, Error};

use super::{Dwarf, Slice, on_threads};

/// What functions, lines and names are read from, besides `.debug_info`, which is about as long as
/// all of them together.
const OTHERS: [&str; 8] = [
    "debug_abbrev",
    "debug_addr",
    "debug_line",
    "debug_line_str",
    "debug_ranges",
    "debug_rnglists",
    "debug_str",
    "debug_str_offsets",
];

/// Bytes of a section that may take milliseconds to decompress.
const WORTH_A_THREAD: usize = 256 << 10;

/// Sections by name without the leading dot, as far as the object has them.
pub(crate) struct Sections<'d> {
    endian: Endian,
    loaded: Vec<(&'static str, Cow<'d, [u8]>)>,
}

/// The object as a source of DWARF sections, if its format and contents allow a lookup here.
///
/// # Errors
/// [`Code::LazyUnsupported`]: without `.debug_info` all that could be looked up is symbols, which is
/// quick to convert; in an object that was never linked, every section begins at address 0.
pub(crate) fn dwarf_source<'o, 'd>(
    object: &'o Object<'d>,
) -> Result<&'o (dyn DwarfSource<'d> + Sync), Error> {
    let source: &(dyn DwarfSource<'d> + Sync) = match object {
        Object::Elf(object) => object,
        Object::MachO(object) => object,
        Object::Pe(object) => object,
        _ => {
            return Err(unsupported(
                "this format is converted before it is looked up",
            ));
        }
    };
    if !source.has_section("debug_info") {
        return Err(unsupported("the object has no DWARF debug information"));
    }
    if ObjectLike::kind(object) == ObjectKind::Relocatable {
        return Err(unsupported("the object was not linked"));
    }
    Ok(source)
}

fn unsupported(why: &str) -> Error {
    Error::new(Code::LazyUnsupported, why).with_remedy("convert the object")
}

impl<'d> Sections<'d> {
    /// Loads the sections; those that are compressed are decompressed, on two threads.
    ///
    /// # Errors
    /// [`Code::MalformedDebugInfo`] for a `.debug_info` that is empty or does not decompress.
    pub(crate) fn load(source: &(dyn DwarfSource<'d> + Sync)) -> Result<Self, Error> {
        let mut shares = vec![OTHERS.to_vec(), vec!["debug_info"]];
        let raw = source.raw_section("debug_info");
        if raw.is_none_or(|section| section.data.len() < WORTH_A_THREAD) {
            shares = vec![shares.concat()];
        }
        let loaded = on_threads(shares, |names| {
            let sections = names.into_iter();
            sections
                .filter_map(|name| Some((name, source.section(name)?.data)))
                .collect::<Vec<_>>()
        });
        let sections = Sections {
            endian: source.endianity(),
            loaded: loaded.into_iter().flatten().collect(),
        };
        if sections.get("debug_info").is_empty() {
            let message = "the section is empty or does not decompress";
            return Err(Error::new(Code::MalformedDebugInfo, message).in_section(".debug_info"));
        }
        Ok(sections)
    }

    /// The sections for gimli.
    pub(crate) fn dwarf(&self) -> Dwarf<'_> {
        let load = |id: gimli::SectionId| -> Result<Slice<'_>, std::convert::Infallible> {
            let data = self.get(id.name().trim_start_matches('.'));
            Ok(gimli::EndianSlice::new(data, self.endian))
        };
        match gimli::Dwarf::load(load) {
            Ok(dwarf) => dwarf,
        }
    }

    fn get(&self, name: &str) -> &[u8] {
        let found = self.loaded.iter().find(|(known, _)| *known == name);
        found.map_or(&[], |(_, data)| data)
    }
}
