//! The DWARF sections of an object, with a `.debug_info` that can be written to.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use symbolic_debuginfo::dwarf::{Dwarf as DwarfSource, Endian, gimli};
use symbolic_debuginfo::{Object, ObjectKind, ObjectLike};

use crate::bytes::PrivateBytes;
use crate::dwarf_units::{Dwarf, Slice, on_threads};
use crate::error::{Code, Error};

/// What functions, lines and names are read from, besides `.debug_info`.
const FUNCTIONS: [&str; 8] = [
    "debug_abbrev",
    "debug_addr",
    "debug_line",
    "debug_line_str",
    "debug_ranges",
    "debug_rnglists",
    "debug_str",
    "debug_str_offsets",
];

/// What variables need besides.
const VARIABLES: [&str; 3] = ["debug_loc", "debug_loclists", "debug_types"];

/// Bytes of a section that may take milliseconds to decompress.
const WORTH_A_THREAD: usize = 256 << 10;

/// Sections by name without the leading dot, as far as the object has them.
pub(crate) struct Sections<'d> {
    pub endian: Endian,
    pub info: Info,
    others: Vec<(&'static str, Cow<'d, [u8]>)>,
}

/// The bytes of `.debug_info`, ours to write to.
pub(crate) enum Info {
    /// A part of a private view of the file: what is not written to is shared with it.
    Mapped(PrivateBytes, Range<usize>),
    /// Decompressed.
    Owned(Vec<u8>),
}

impl Info {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Info::Mapped(view, range) => &view.as_ref().as_ref()[range.clone()],
            Info::Owned(bytes) => bytes,
        }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Info::Mapped(view, range) => &mut view.as_mut().as_mut()[range.clone()],
            Info::Owned(bytes) => bytes,
        }
    }
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
    /// [`Code::Io`] when the private view cannot be had, [`Code::MalformedDebugInfo`] for a section
    /// that does not decompress.
    pub(crate) fn load(
        source: &(dyn DwarfSource<'d> + Sync),
        data: &'d [u8],
        private: &(dyn Fn() -> io::Result<PrivateBytes> + Send + Sync),
        variables: bool,
    ) -> Result<Self, Error> {
        let names = FUNCTIONS
            .iter()
            .chain(VARIABLES.iter().filter(|_| variables));
        let others = names.copied().collect::<Vec<_>>();
        // `.debug_info` is about as long as all others together.
        let mut shares = vec![others, vec!["debug_info"]];
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
        let (info, others): (Vec<_>, Vec<_>) = loaded
            .into_iter()
            .flatten()
            .partition(|(name, _)| *name == "debug_info");
        let info = match info.into_iter().next().map(|(_, data)| data) {
            Some(Cow::Borrowed(info)) => {
                let view = private().map_err(|error| Error::io("map a private view", &error))?;
                // A section of no bytes, as damage makes one, is not a part of the file.
                let range = range_in(data, info)
                    .filter(|range| !range.is_empty())
                    .ok_or_else(|| {
                        Error::new(Code::MalformedDebugInfo, "the section is empty")
                            .in_section(".debug_info")
                    })?;
                if view.as_ref().as_ref().len() != data.len() {
                    return Err(Error::new(
                        Code::Internal,
                        "the private view is another file",
                    ));
                }
                Info::Mapped(view, range)
            }
            Some(Cow::Owned(info)) => Info::Owned(info),
            None => {
                return Err(Error::new(
                    Code::MalformedDebugInfo,
                    "the section does not decompress",
                )
                .in_section(".debug_info"));
            }
        };
        Ok(Sections {
            endian: source.endianity(),
            info,
            others,
        })
    }

    /// The bytes of a section other than `debug_info`; empty if there is none.
    pub(crate) fn other(&self, name: &str) -> &[u8] {
        let found = self.others.iter().find(|(known, _)| *known == name);
        found.map_or(&[], |(_, data)| data)
    }

    /// The sections for gimli.
    pub(crate) fn dwarf(&self) -> Dwarf<'_> {
        let load = |id: gimli::SectionId| -> Result<Slice<'_>, std::convert::Infallible> {
            let data = match id {
                gimli::SectionId::DebugInfo => self.info.bytes(),
                id => self.other(id.name().trim_start_matches('.')),
            };
            Ok(gimli::EndianSlice::new(data, self.endian))
        };
        match gimli::Dwarf::load(load) {
            Ok(dwarf) => dwarf,
        }
    }

    /// The sections for symbolic, with other abbreviations.
    pub(crate) fn with_abbreviations<'s>(
        &'s self,
        abbreviations: &'s [u8],
    ) -> Vec<(&'static str, &'s [u8])> {
        let others = self.others.iter().map(|(name, data)| (*name, &**data));
        others
            .filter(|(name, _)| *name != "debug_abbrev")
            .chain([
                ("debug_abbrev", abbreviations),
                ("debug_info", self.info.bytes()),
            ])
            .collect()
    }
}

/// Where `part` lies in `whole`, if it does.
fn range_in(whole: &[u8], part: &[u8]) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some(start..end)
}
