//! The first answer, straight from the mapped file: only what the addresses fall in is converted.
//!
//! A full conversion of a debug file of some hundred megabytes takes seconds, and the first request
//! for it wants a handful of addresses. This answers them with exactly the frames that the converted
//! table would give, since it is the same conversion, of a file in which everything else is masked.
//!
//! # Flow of a lookup
//!
//! 1. `dwarf_units`: root entries -> address ranges of units. Once per object.
//! 2. `near`: addresses and symbols -> the floor of each address, below which nothing matters.
//! 3. `select`: the units around the addresses are read past (`entries`, `unit`), and the functions
//!    between floor and address selected, all copies of them, in all units.
//! 4. `refer`: what these functions take their names from.
//! 5. `mask`: a private view of `.debug_info` in which all else is one thing to step over.
//! 6. `masked` and `symcache_build::convert`: symbolic converts what is left; look up, throw away.
//!
//! # What equality rests on
//!
//! Functions have their code inside the ranges of their unit's root entry. Where a producer says
//! otherwise, a function can be missed here; no such producer has been seen. Symbolic fails on some
//! damage anywhere in a file, here only damage near the addresses is noticed.
//!
//! # Cost
//!
//! Time goes with the size of the units around the addresses, some hundred megabytes a second and
//! thread. Pages are shared with the file except the few that are masked; compressed sections have
//! to be decompressed first, in memory, for each lookup.

use std::io;
use std::sync::OnceLock;
use std::thread;

use symbolic_common::{Arch, DebugId};
use symbolic_debuginfo::{Object, Symbol};

use crate::bytes::{PrivateBytes, SharedBytes};
use crate::dwarf_units::{UnitIndex, joined};
use crate::error::Error;
use crate::object::parse_single;
use crate::options::LazyOptions;
use crate::symcache_build::{TableOptions, convert};
use crate::symcache_lookup::{lookup_symcache, parse_symcache};
use crate::wire::ReplyBuilder;

use self::mask::Mask;
use self::masked::MaskedObject;
use self::near::Near;
use self::sections::{Sections, dwarf_source};

mod entries;
mod mask;
mod masked;
mod near;
mod refer;
mod sections;
mod select;
mod unit;

/// Makes a private view of the file; called once per lookup.
pub type PrivateView = Box<dyn Fn() -> io::Result<PrivateBytes> + Send + Sync>;

/// Stack of the thread that converts and demangles, in bytes. Demanglers cap their depth, not their
/// stack.
const STACK_BYTES: usize = 16 << 20;

self_cell::self_cell!(
    /// An object with the bytes that it borrows from: parsing indexes all symbol names, which takes
    /// a tenth of a second for half a million of them.
    struct Parsed {
        owner: SharedBytes,
        #[not_covariant]
        dependent: Object,
    }
);

/// An object file that answers addresses without being converted first.
pub struct LazyObject {
    object: Parsed,
    private: PrivateView,
    options: LazyOptions,
    arch: Arch,
    debug_id: DebugId,
    index: OnceLock<UnitIndex>,
}

impl LazyObject {
    /// Opens an object for lookups. `private` has to give views of the same file as `data`.
    ///
    /// # Errors
    /// As [`parse_single`]; [`Code::LazyUnsupported`] when the object is no linked ELF, Mach-O or PE
    /// file with DWARF.
    ///
    /// [`Code::LazyUnsupported`]: crate::error::Code::LazyUnsupported
    pub fn open(
        data: SharedBytes,
        private: PrivateView,
        options: &LazyOptions,
    ) -> Result<LazyObject, Error> {
        let object = Parsed::try_new(data, |data| parse_single(data))?;
        let (arch, debug_id) = object.with_dependent(|_, object| {
            dwarf_source(object)?;
            Ok((object.arch(), object.debug_id()))
        })?;
        Ok(LazyObject {
            arch,
            debug_id,
            object,
            private,
            options: options.clone(),
            index: OnceLock::new(),
        })
    }

    /// Architecture of the object.
    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// Debug identifier of the object.
    pub fn debug_id(&self) -> DebugId {
        self.debug_id
    }

    /// Answers image-relative addresses in request order, reading on up to `threads` threads.
    ///
    /// The strings of the answer have no stable ids, since the table behind it is thrown away. After
    /// an error, `reply` may hold a part of the answer.
    ///
    /// # Errors
    /// [`Code::MalformedDebugInfo`], [`Code::LazyUnsupported`], [`Code::InputLimit`]: convert the
    /// object, which may do better. [`Code::Io`] when no private view or thread is to be had,
    /// [`Code::ReplyTooLarge`].
    ///
    /// [`Code::MalformedDebugInfo`]: crate::error::Code::MalformedDebugInfo
    /// [`Code::LazyUnsupported`]: crate::error::Code::LazyUnsupported
    /// [`Code::InputLimit`]: crate::error::Code::InputLimit
    /// [`Code::Io`]: crate::error::Code::Io
    /// [`Code::ReplyTooLarge`]: crate::error::Code::ReplyTooLarge
    pub fn lookup(
        &self,
        addrs: &[u64],
        threads: usize,
        reply: &mut ReplyBuilder,
    ) -> Result<(), Error> {
        thread::scope(|scope| {
            let worker = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || {
                    self.object.with_dependent(|data, object| {
                        self.answer(data, object, addrs, threads.max(1), reply)
                    })
                })
                .map_err(|error| Error::io("start a thread", &error))?;
            joined(worker)
        })
    }

    fn answer<'d>(
        &self,
        data: &'d [u8],
        object: &Object<'d>,
        addrs: &[u64],
        threads: usize,
        reply: &mut ReplyBuilder,
    ) -> Result<(), Error> {
        let variables = self.options.variables;
        let mut sections = Sections::load(dwarf_source(object)?, data, &self.private, variables)?;

        let mut near = Near::new(addrs);
        near.raise(
            object
                .symbols()
                .filter(has_name)
                .map(|symbol| symbol.address),
        );
        let (mask, starts) = self.plan(object, &sections, &mut near, threads)?;
        mask.apply(sections.info.bytes_mut())?;

        let (symbols, names) = split_symbols(object, &near, &starts);
        let masked = MaskedObject {
            endian: sections.endian,
            file_format: object.file_format(),
            debug_id: object.debug_id(),
            arch: object.arch(),
            kind: object.kind(),
            load_address: object.load_address(),
            sections: sections.with_abbreviations(&mask.abbreviations),
            symbols,
            names: names.into(),
        };
        let options = TableOptions {
            il2cpp: self.options.il2cpp.as_deref(),
            variables,
            ..TableOptions::default()
        };
        let table = convert(&masked, &options)?;
        let table = parse_symcache(&table)?;
        for addr in addrs {
            reply.begin_address()?;
            lookup_symcache(&table, *addr, variables, reply)?;
        }
        Ok(())
    }

    /// What to mask, and where the functions that stay begin.
    fn plan(
        &self,
        object: &Object<'_>,
        sections: &Sections<'_>,
        near: &mut Near,
        threads: usize,
    ) -> Result<(Mask, Vec<u64>), Error> {
        let dwarf = sections.dwarf();
        let load = object.load_address();
        let index = match self.index.get() {
            Some(index) => index,
            None => {
                let index = UnitIndex::build(&dwarf, load, threads)?;
                self.index.get_or_init(|| index)
            }
        };
        let variables = self.options.variables;
        let selection = select::select(&dwarf, index, load, near, threads)?;
        let references = refer::follow(&dwarf, index, &selection, variables)?;
        let mask = Mask::plan(
            index,
            &selection,
            &references,
            sections.other("debug_abbrev"),
            sections.endian,
            variables,
        )?;
        Ok((mask, selection.starts))
    }
}

/// The symbols that go into the table, and those that functions starting at `starts` are named by.
fn split_symbols<'d>(
    object: &Object<'d>,
    near: &Near,
    starts: &[u64],
) -> (Vec<Symbol<'d>>, Vec<Symbol<'d>>) {
    let mut split = (Vec::new(), Vec::new());
    for symbol in object.symbols() {
        if starts.binary_search(&symbol.address).is_ok() {
            split.1.push(symbol.clone());
        }
        if near.wants(&symbol) {
            split.0.push(symbol);
        }
    }
    split
}

/// A symbol without a name puts nothing into a table.
fn has_name(symbol: &Symbol<'_>) -> bool {
    symbol.name.is_some()
}
