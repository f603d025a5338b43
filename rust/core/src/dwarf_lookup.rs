//! The first answer, straight from the mapped file: only the functions that the addresses fall in are
//! read.
//!
//! A full conversion of a debug file of some hundred megabytes takes seconds, and the first request
//! for it wants a handful of addresses. This answers them with exactly the frames that the converted
//! table would give, since both are made of the same rows by the same rules.
//!
//! # Flow of a lookup
//!
//! 1. `dwarf_units`: root entries -> address ranges of units. Once per object.
//! 2. `near`: addresses and symbols -> the floor of each address, below which nothing matters.
//! 3. `select`: the units around the addresses are read past, to learn where functions are.
//! 4. `dwarf_functions`: the functions between floor and address -> rows, in all units that have them.
//! 5. `table_build`: rows and symbols -> a small table; look up, throw away.
//!
//! # What equality rests on
//!
//! The answer to an address depends on what is around it (see `table_build`). Functions have their
//! code inside the ranges of their unit's root entry, here and in a conversion. Damage fails a
//! conversion wherever it is; here only damage near the addresses is noticed.
//!
//! # Cost
//!
//! Time goes with the size of the units around the addresses, some hundred megabytes a second and
//! thread. Compressed sections have to be decompressed first, in memory, for each lookup.

use std::sync::{Arc, OnceLock};
use std::thread;

use symbolic_common::{Arch, DebugId};
use symbolic_debuginfo::{FileFormat, Object};
use symbolic_il2cpp::LineMapping;

use crate::breakpad_lookup::BreakpadIndex;
use crate::bytes::SharedBytes;
use crate::dwarf_functions::names::Names;
use crate::dwarf_functions::{Setting, Wanted, read_unit};
use crate::dwarf_units::sections::{Sections, dwarf_source};
use crate::dwarf_units::unit::{Budget, FunctionSpan, MAX_BATCH_RANGES};
use crate::dwarf_units::{UnitIndex, joined, relative};
use crate::error::Error;
use crate::object::parse_single;
use crate::symbols::{CodeSections, Symbols};
use crate::symcache_build::TableOptions;
use crate::symcache_lookup::lookup_passing_table;
use crate::table::Table;
use crate::table_build::{Finish, TableBuilder};
use crate::wire::ReplyBuilder;

use self::near::Near;

pub(crate) mod near;
mod select;

/// Stack of the thread that reads and demangles, in bytes. Demanglers cap their depth, not their
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
    il2cpp: Option<Arc<LineMapping>>,
    arch: Arch,
    debug_id: DebugId,
    index: OnceLock<UnitIndex>,
    breakpad: OnceLock<BreakpadIndex>,
}

impl LazyObject {
    /// Opens an object for lookups. With `il2cpp`, lines of generated C++ become the C# lines that
    /// they came from.
    ///
    /// # Errors
    /// As [`parse_single`]; [`Code::LazyUnsupported`] when the object is neither a symbol file of Breakpad nor
    /// a linked ELF, Mach-O or PE file with DWARF.
    ///
    /// [`Code::LazyUnsupported`]: crate::error::Code::LazyUnsupported
    pub fn open(data: SharedBytes, il2cpp: Option<Arc<LineMapping>>) -> Result<LazyObject, Error> {
        let object = Parsed::try_new(data, |data| parse_single(data))?;
        let (arch, debug_id) = object.with_dependent(|_, object| {
            if !matches!(object, Object::Breakpad(_)) {
                dwarf_source(object)?;
            }
            Ok((object.arch(), object.debug_id()))
        })?;
        Ok(LazyObject {
            arch,
            debug_id,
            object,
            il2cpp,
            index: OnceLock::new(),
            breakpad: OnceLock::new(),
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
    /// [`Code::MalformedDebugInfo`], [`Code::InputLimit`]: convert the object, which may do better.
    /// [`Code::Io`] when no thread is to be had, [`Code::ReplyTooLarge`].
    ///
    /// [`Code::MalformedDebugInfo`]: crate::error::Code::MalformedDebugInfo
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
                        let table = match object {
                            Object::Breakpad(_) => self.breakpad_table(data, addrs)?,
                            _ => self.table(object, addrs, threads.max(1))?,
                        };
                        lookup_passing_table(&table, addrs, reply)
                    })
                })
                .map_err(|error| Error::io("start a thread", &error))?;
            joined(worker)
        })
    }

    /// The same of a symbol file.
    fn breakpad_table(&self, data: &[u8], addrs: &[u64]) -> Result<Table, Error> {
        let index = match self.breakpad.get() {
            Some(index) => index,
            None => {
                let index = BreakpadIndex::build(data)?;
                self.breakpad.get_or_init(|| index)
            }
        };
        let options = TableOptions {
            il2cpp: self.il2cpp.as_deref(),
            threads: 1,
            ..TableOptions::default()
        };
        let image = index.table(data, addrs, &options)?;
        Table::open(SharedBytes::new(image.to_vec()))
    }

    /// A table that answers these addresses and no others.
    fn table(&self, object: &Object<'_>, addrs: &[u64], threads: usize) -> Result<Table, Error> {
        let sections = Sections::load(dwarf_source(object)?)?;
        let dwarf = sections.dwarf();
        let load = object.load_address();
        let index = match self.index.get() {
            Some(index) => index,
            None => {
                let index = UnitIndex::build(&dwarf, load, threads)?;
                self.index.get_or_init(|| index)
            }
        };

        let mut near = Near::new(addrs);
        let named = object.symbols().filter(|symbol| symbol.name.is_some());
        near.raise(named.map(|symbol| symbol.address));
        let symbol_floors = near.clone();
        let units = select::scan(&dwarf, index, load, &mut near, threads)?;
        let matters = |range: &(u64, u64)| {
            let begin = range.0.wrapping_sub(load);
            near.touches(begin, begin.saturating_add(range.1 - range.0))
        };

        let mut starts = Vec::new();
        for scanned in units.values() {
            let ranges = scanned.functions.all_ranges().iter();
            let begins = ranges.filter(|range| matters(range));
            starts
                .extend(begins.filter_map(|range| u32::try_from(range.0.wrapping_sub(load)).ok()));
        }
        starts.sort_unstable();
        let symbols = Symbols::collect(object.symbols(), &CodeSections::of(object), |start| {
            symbol_floors.is_floor(start) || starts.binary_search(&start).is_ok()
        });

        let wanted: Vec<u32> = near.addresses().map(|(addr, _)| addr).collect();
        let mut covered = vec![false; wanted.len()];
        for range in units
            .values()
            .flat_map(|scanned| scanned.functions.all_ranges())
        {
            if let Some((first, last)) = relative(&(range.0..range.1), load) {
                let from = wanted.partition_point(|addr| *addr < first);
                let to = wanted.partition_point(|addr| *addr <= last);
                covered[from..to.max(from)].fill(true);
            }
        }
        let loose = wanted
            .iter()
            .zip(&covered)
            .filter(|(_, covered)| !**covered);
        let loose: Vec<u32> = loose.map(|(addr, _)| *addr).collect();
        let setting = Setting {
            dwarf: &dwarf,
            index,
            load,
            symbols: &symbols,
            budget: &Budget::new(MAX_BATCH_RANGES),
            hidden: None,
            wanted: Wanted::Some {
                all: &wanted,
                loose: &loose,
            },
        };
        let mut names = Names::new(&dwarf, index);
        let mut builder = TableBuilder::new(self.il2cpp.as_deref());
        for (number, scanned) in &units {
            let functions = &scanned.functions;
            let pick = |span: &FunctionSpan| functions.ranges(span).iter().any(matters);
            let rows = read_unit(setting, &mut names, *number, &scanned.unit, functions, pick)?;
            builder.add_unit(rows)?;
        }
        let finish = Finish {
            arch: self.arch,
            debug_id: self.debug_id,
            decorated: object.file_format() == FileFormat::Pe,
            threads: 1,
        };
        let image = builder.finish(&symbols, &finish)?;
        Table::open(SharedBytes::new(image.to_vec()))
    }
}
