//! Which functions have to be converted so that the addresses are answered as by the whole table.

use std::collections::{BTreeMap, HashSet};

use crate::dwarf_units::{Dwarf, UnitIndex, on_threads};
use crate::error::{Code, Error};

use super::near::Near;
use super::unit::{Budget, FunctionSpan, Functions, OpenUnit};

/// A unit that was read for a batch, with the functions that matter.
pub(crate) struct Selected<'a> {
    pub unit: OpenUnit<'a>,
    /// Offsets of functions in the unit, ascending and disjoint; nothing else of it is needed, except
    /// what these refer to.
    pub functions: Vec<(usize, usize)>,
}

/// What a batch needs.
pub(crate) struct Selection<'a> {
    /// By unit number.
    pub units: BTreeMap<u32, Selected<'a>>,
    /// Where the ranges of the selected functions begin, relative to the image; ascending. Symbols at
    /// these addresses give them their names.
    pub starts: Vec<u64>,
}

/// Rounds of reading more units before giving up. Two or three is usual.
const MAX_ROUNDS: usize = 32;

/// Bytes of units below which another thread costs more than it saves: a millisecond of reading.
const BYTES_PER_THREAD: u64 = 256 << 10;

/// Reads the units around the addresses and selects functions.
///
/// On return, `near` holds the floors that the selection was made with.
///
/// # Errors
/// As [`OpenUnit::open`] and [`Functions::scan`]; [`Code::LazyUnsupported`] if units keep leading to
/// other units.
pub(crate) fn select<'a>(
    dwarf: &Dwarf<'a>,
    index: &UnitIndex,
    load: u64,
    near: &mut Near,
    threads: usize,
) -> Result<Selection<'a>, Error> {
    let mut scan = Scan {
        dwarf,
        index,
        load,
        threads,
        budget: Budget::new(),
        units: BTreeMap::new(),
        passed_over: HashSet::new(),
        twins: HashSet::new(),
    };
    let mut wanted = Vec::new();
    for (addr, _) in near.addresses() {
        index.overlapping(addr, addr, &mut wanted);
    }
    scan.read(wanted, near)?;
    for round in 0..MAX_ROUNDS {
        let mut wanted = scan.units_between_floors(near, round == 0);
        if round > 0 && wanted.is_empty() {
            wanted = scan.mark(near);
            if wanted.is_empty() {
                return Ok(scan.finish());
            }
        }
        scan.read(wanted, near)?;
    }
    Err(Error::new(
        Code::LazyUnsupported,
        "functions in pieces lead from unit to unit",
    ))
}

struct Scanned<'a> {
    unit: OpenUnit<'a>,
    functions: Functions,
    marked: Vec<bool>,
}

struct Scan<'s, 'a> {
    dwarf: &'s Dwarf<'a>,
    index: &'s UnitIndex,
    load: u64,
    threads: usize,
    budget: Budget,
    units: BTreeMap<u32, Scanned<'a>>,
    /// Units without a root entry.
    passed_over: HashSet<u32>,
    /// Begin and end of the pieces of selected functions in pieces. Symbolic drops a piece that an
    /// earlier function had already and names the function after its first piece left, so the other
    /// functions with such a piece matter.
    twins: HashSet<(u64, u64)>,
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
        let starts = scanned.flat_map(|scanned| scanned.functions.starts());
        near.raise(starts.map(|start| start.wrapping_sub(self.load)));
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

    /// Marks the functions that matter, and gives the units that have to be read to know them all.
    fn mark(&mut self, near: &Near) -> Vec<u32> {
        loop {
            let mut pieces = Vec::new();
            for scanned in self.units.values_mut() {
                scanned.mark(near, self.load, &self.twins, &mut pieces);
            }
            let mut wanted = Vec::new();
            let known = self.twins.len();
            for piece in pieces {
                self.twins.insert(piece);
                if let Ok(start) = u32::try_from(piece.0.wrapping_sub(self.load)) {
                    self.index.overlapping(start, start, &mut wanted);
                }
            }
            let wanted = self.unread(wanted);
            if !wanted.is_empty() || self.twins.len() == known {
                return wanted;
            }
        }
    }

    fn finish(self) -> Selection<'a> {
        let mut selection = Selection {
            units: BTreeMap::new(),
            starts: Vec::new(),
        };
        for (number, scanned) in self.units {
            let mut functions: Vec<(usize, usize)> = Vec::new();
            for function in scanned.marked_functions() {
                for range in scanned.functions.ranges(function) {
                    selection.starts.push(range.0.wrapping_sub(self.load));
                }
                // One that is nested in the one before comes with it.
                if functions.last().is_none_or(|last| last.1 <= function.start) {
                    functions.push((function.start, function.end));
                }
            }
            if !functions.is_empty() {
                let unit = scanned.unit;
                selection.units.insert(number, Selected { unit, functions });
            }
        }
        selection.starts.sort_unstable();
        selection.starts.dedup();
        selection
    }
}

impl Scanned<'_> {
    /// Marks functions and adds the pieces of those that were not marked before and have several.
    fn mark(
        &mut self,
        near: &Near,
        load: u64,
        twins: &HashSet<(u64, u64)>,
        pieces: &mut Vec<(u64, u64)>,
    ) {
        for (function, marked) in self.functions.spans.iter().zip(&mut self.marked) {
            let ranges = self.functions.ranges(function);
            let matters = |range: &(u64, u64)| {
                let begin = range.0.wrapping_sub(load);
                near.touches(begin, begin.saturating_add(range.1 - range.0))
                    || (!twins.is_empty() && twins.contains(range))
            };
            if !*marked && ranges.iter().any(matters) {
                *marked = true;
                if ranges.len() > 1 {
                    pieces.extend(ranges);
                }
            }
        }
    }

    fn marked_functions(&self) -> impl Iterator<Item = &FunctionSpan> {
        let all = self.functions.spans.iter().zip(&self.marked);
        all.filter_map(|(function, marked)| marked.then_some(function))
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
                let marked = vec![false; functions.spans.len()];
                Some(Scanned {
                    unit,
                    functions,
                    marked,
                })
            }
            None => None,
        };
        read.push((*number, scanned));
    }
    Ok(read)
}
