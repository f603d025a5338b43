//! Which functions have to be read so that the addresses are answered as by the whole table.

use std::collections::{BTreeMap, HashSet};

use crate::dwarf_units::unit::{Budget, Functions, MAX_BATCH_RANGES, OpenUnit};
use crate::dwarf_units::{Dwarf, UnitIndex, on_threads};
use crate::error::Error;

use super::near::Near;

/// A unit that was read past for a batch.
pub(crate) struct Scanned<'a> {
    pub unit: OpenUnit<'a>,
    pub functions: Functions,
}

/// Reads past the units around the addresses; gives them by number.
///
/// On return, `near` holds the floors that are known with these units.
///
/// # Errors
/// As [`OpenUnit::open`] and [`Functions::scan`].
pub(crate) fn scan<'a>(
    dwarf: &Dwarf<'a>,
    index: &UnitIndex,
    load: u64,
    near: &mut Near,
    threads: usize,
) -> Result<BTreeMap<u32, Scanned<'a>>, Error> {
    let mut scan = Scan {
        dwarf,
        index,
        load,
        threads,
        budget: Budget::new(MAX_BATCH_RANGES),
        units: BTreeMap::new(),
        passed_over: HashSet::new(),
    };
    let mut wanted = Vec::new();
    for (addr, _) in near.addresses() {
        index.overlapping(addr, addr, &mut wanted);
    }
    scan.read(wanted, near)?;
    // What is read raises floors, so there is less to read each time.
    for nearest in [true, false] {
        let wanted = scan.units_between_floors(near, nearest);
        scan.read(wanted, near)?;
    }
    Ok(scan.units)
}

/// Bytes of units below which another thread costs more than it saves: a millisecond of reading.
const BYTES_PER_THREAD: u64 = 256 << 10;

struct Scan<'s, 'a> {
    dwarf: &'s Dwarf<'a>,
    index: &'s UnitIndex,
    load: u64,
    threads: usize,
    budget: Budget,
    units: BTreeMap<u32, Scanned<'a>>,
    /// Units without a root entry.
    passed_over: HashSet<u32>,
}

impl<'a> Scan<'_, 'a> {
    /// Units that reach between the floor of an address and the address, and were not read yet.
    ///
    /// Where there is no floor, `nearest` asks for the units that end last before the address, which
    /// will probably make one; without it everything below is asked for.
    fn units_between_floors(&self, near: &Near, nearest: bool) -> Vec<u32> {
        let mut wanted = Vec::new();
        for (addr, floor) in near.addresses() {
            let first = match floor {
                Some(floor) => floor,
                None if nearest => self.index.last_before(addr).unwrap_or(addr),
                None => 0,
            };
            self.index.overlapping(first, addr, &mut wanted);
        }
        self.unread(wanted)
    }

    fn unread(&self, mut units: Vec<u32>) -> Vec<u32> {
        units.sort_unstable();
        units.dedup();
        units.retain(|unit| !self.units.contains_key(unit) && !self.passed_over.contains(unit));
        units
    }

    /// Reads units on all threads and raises the floors by what is in them.
    fn read(&mut self, wanted: Vec<u32>, near: &mut Near) -> Result<(), Error> {
        let wanted = self.unread(wanted);
        let (dwarf, index, budget) = (self.dwarf, self.index, &self.budget);
        let parts = on_threads(self.shares(&wanted), |share| {
            read_units(dwarf, index, budget, &share)
        });
        let mut read = Vec::new();
        for part in parts {
            read.extend(part?);
        }
        let scanned = read.iter().filter_map(|(_, scanned)| scanned.as_ref());
        let ranges = scanned.flat_map(|scanned| scanned.functions.all_ranges());
        near.raise(ranges.map(|range| range.0.wrapping_sub(self.load)));
        for (number, scanned) in read {
            match scanned {
                Some(scanned) => {
                    self.units.insert(number, scanned);
                }
                None => {
                    self.passed_over.insert(number);
                }
            }
        }
        Ok(())
    }

    /// Splits units into shares of about the same number of bytes: each goes to the lightest so far,
    /// the largest first.
    fn shares(&self, units: &[u32]) -> Vec<Vec<u32>> {
        let mut units: Vec<_> = units
            .iter()
            .map(|unit| (self.index.span(*unit).len, *unit))
            .collect();
        units.sort_unstable_by(|a, b| b.cmp(a));
        let bytes: u64 = units.iter().map(|(len, _)| len).sum();
        let worth = usize::try_from(bytes / BYTES_PER_THREAD).unwrap_or(usize::MAX) + 1;
        let count = self.threads.min(units.len()).min(worth);
        let mut shares = vec![(0, Vec::new()); count];
        for (len, unit) in units {
            if let Some((weight, share)) = shares.iter_mut().min_by_key(|(weight, _)| *weight) {
                *weight += len;
                share.push(unit);
            }
        }
        shares.into_iter().map(|(_, share)| share).collect()
    }
}

type Numbered<'a> = (u32, Option<Scanned<'a>>);

fn read_units<'a>(
    dwarf: &Dwarf<'a>,
    index: &UnitIndex,
    budget: &Budget,
    units: &[u32],
) -> Result<Vec<Numbered<'a>>, Error> {
    let mut read = Vec::with_capacity(units.len());
    for number in units {
        let scanned = match OpenUnit::open(dwarf, index.span(*number))? {
            Some(unit) => {
                let functions = Functions::scan(dwarf, &unit, budget)?;
                Some(Scanned { unit, functions })
            }
            None => None,
        };
        read.push((*number, scanned));
    }
    Ok(read)
}
