//! Whole objects with DWARF to tables.
//!
//! Units are read on all threads and added in the order of the file, so that the table does not
//! depend on which thread was faster.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use symbolic_debuginfo::{FileFormat, Object};

use crate::dwarf_functions::names::Names;
use crate::dwarf_functions::{Setting, UnitRows, Wanted, read_unit};
use crate::dwarf_units::sections::{Sections, dwarf_source};
use crate::dwarf_units::unit::{Budget, Functions, MAX_OBJECT_RANGES, OpenUnit};
use crate::dwarf_units::{UnitIndex, joined};
use crate::error::Error;
use crate::symbols::{CodeSections, Symbols};
use crate::symcache_build::TableOptions;
use crate::table::TableImage;
use crate::table_build::{Finish, TableBuilder};

/// Bytes of units that a thread reads before it hands on what it found.
const SHARE_BYTES: u64 = 256 << 10;

/// Shares that wait to be added: bounds memory where adding is slower than reading.
const WAITING_SHARES: usize = 16;

/// Converts a linked object with DWARF.
///
/// # Errors
/// [`Code::LazyUnsupported`](crate::error::Code::LazyUnsupported) for another object,
/// [`Code::MalformedDebugInfo`](crate::error::Code::MalformedDebugInfo),
/// [`Code::InputLimit`](crate::error::Code::InputLimit) for more units or ranges than any linker
/// writes, [`Code::OutputTooLarge`](crate::error::Code::OutputTooLarge).
pub(crate) fn build<'d>(
    object: &Object<'d>,
    options: &TableOptions<'_>,
) -> Result<TableImage, Error> {
    let sections = Sections::load(dwarf_source(object)?)?;
    let dwarf = sections.dwarf();
    let threads = options.threads.max(1);
    let load = object.load_address();
    let index = UnitIndex::build(&dwarf, load, threads)?;
    let symbols = Symbols::collect(object.symbols(), &CodeSections::of(object), |_| true);
    let setting = Setting {
        dwarf: &dwarf,
        index: &index,
        load,
        symbols: &symbols,
        budget: &Budget::new(MAX_OBJECT_RANGES),
        hidden: options.bcsymbolmap,
        wanted: Wanted::All,
    };
    let mut builder = TableBuilder::new(options.il2cpp);
    read_all(setting, threads, |unit| builder.add_unit(unit))?;
    builder.finish(
        &symbols,
        &Finish {
            arch: object.arch(),
            debug_id: object.debug_id(),
            decorated: object.file_format() == FileFormat::Pe,
            threads,
        },
    )
}

/// Reads all units with code and gives them to `add` in the order of the file.
fn read_all<'d>(
    setting: Setting<'_, 'd>,
    threads: usize,
    mut add: impl FnMut(UnitRows<'d>) -> Result<(), Error>,
) -> Result<(), Error> {
    let shares = shares(setting.index);
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(WAITING_SHARES);
        let workers: Vec<_> = (0..threads.min(shares.len()))
            .map(|_| {
                let sender = sender.clone();
                let (shares, next, stopped) = (&shares, &next, &stopped);
                scope.spawn(move || {
                    let mut names = Names::new(setting.dwarf, setting.index);
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(share) = shares.get(number) else {
                            return;
                        };
                        if stopped.load(Ordering::Relaxed) {
                            return;
                        }
                        let read = read_share(setting, &mut names, share);
                        // Nobody receives any more after an error.
                        if sender.send((number, read)).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        drop(sender);
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        let mut result = Ok(());
        'shares: for (number, read) in &receiver {
            early.insert(number, read);
            while let Some(read) = early.remove(&wanted) {
                wanted += 1;
                let added = read.and_then(|units| units.into_iter().try_for_each(&mut add));
                if let Err(error) = added {
                    result = Err(error);
                    break 'shares;
                }
            }
        }
        stopped.store(true, Ordering::Relaxed);
        drop(receiver);
        workers.into_iter().for_each(joined);
        result
    })
}

/// The units with code, in shares of about the same number of bytes.
fn shares(index: &UnitIndex) -> Vec<Vec<u32>> {
    let mut shares: Vec<Vec<u32>> = Vec::new();
    let mut bytes = SHARE_BYTES;
    for unit in index.with_code() {
        if bytes >= SHARE_BYTES {
            shares.push(Vec::new());
            bytes = 0;
        }
        bytes += index.span(unit).len;
        if let Some(share) = shares.last_mut() {
            share.push(unit);
        }
    }
    shares
}

fn read_share<'d>(
    setting: Setting<'_, 'd>,
    names: &mut Names<'_, 'd>,
    share: &[u32],
) -> Result<Vec<UnitRows<'d>>, Error> {
    let mut read = Vec::with_capacity(share.len());
    for number in share {
        let Some(unit) = OpenUnit::open(setting.dwarf, setting.index.span(*number))? else {
            continue;
        };
        let functions = Functions::scan(setting.dwarf, &unit, setting.budget)?;
        let rows = read_unit(setting, names, *number, &unit, &functions, |_| true)?;
        read.push(rows);
    }
    Ok(read)
}
