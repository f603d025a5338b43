//! Which units of a DWARF file an address can fall in.
//!
//! The index holds the address ranges that the root entry of each unit states, nothing from below
//! it: building it costs one look at the first bytes of every unit and is done once per open file.
//!
//! `.debug_aranges` is not read. It repeats the ranges of the root entries where a compiler writes
//! it, and clang and rustc write none.
//!
//! All addresses here are relative to the load address and 32 bits wide, as they are in a table;
//! what lies beyond is left out of tables as well.

use std::thread;

use symbolic_debuginfo::dwarf::gimli;

use crate::error::{Code, Error};

use self::root::{Buffers, Extent, read_root};

mod abbrev;
pub(crate) mod entries;
mod root;
pub(crate) mod sections;
pub(crate) mod unit;

/// The bytes of one DWARF section.
pub(crate) type Slice<'a> = gimli::EndianSlice<'a, gimli::RunTimeEndian>;
/// All sections of one file.
pub(crate) type Dwarf<'a> = gimli::Dwarf<Slice<'a>>;
/// The head of one unit.
pub(crate) type UnitHeader<'a> = gimli::UnitHeader<Slice<'a>>;

/// Units that a file may have. A browser has some fifty thousand, a file treated by dwz a few
/// hundred thousand.
const MAX_UNITS: usize = 1 << 20;

/// Range list entries that each thread reads. With one section per function, each function has one;
/// a unit whose list is too long counts as one that hides where its code is.
const MAX_RANGES: usize = 1 << 23;

/// Bytes between two ranges of one unit that still count as the unit's own: padding.
const PADDING: u32 = 15;

/// Units below which another thread costs more than it saves.
const UNITS_PER_THREAD: usize = 256;

/// Where a unit lies in `.debug_info`, in bytes; `len` counts the length field too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnitSpan {
    pub offset: u64,
    pub len: u64,
}

/// One range of one unit, both ends inclusive.
#[derive(Clone, Copy, Debug)]
struct UnitRange {
    begin: u32,
    last: u32,
    /// The greatest `last` of this range and all ranges before it.
    reach: u32,
    unit: u32,
}

/// The address ranges of all units of a file.
pub(crate) struct UnitIndex {
    units: Vec<UnitSpan>,
    /// By `begin`.
    ranges: Vec<UnitRange>,
    /// Unit, begin and last of the same ranges, ascending.
    by_unit: Vec<(u32, u32, u32)>,
    /// Units that hold code and do not say where, ascending.
    unbounded: Vec<u32>,
}

impl UnitIndex {
    /// Reads the root entries of all units, on up to `threads` threads.
    ///
    /// # Errors
    /// [`Code::MalformedDebugInfo`] for headers and root entries that symbolic refuses as well,
    /// [`Code::InputLimit`] beyond a million units.
    pub(crate) fn build(dwarf: &Dwarf<'_>, load: u64, threads: usize) -> Result<Self, Error> {
        let units = read_headers(dwarf)?;
        let threads = threads.clamp(1, units.len() / UNITS_PER_THREAD + 1);
        let share = units.len().div_ceil(threads).max(1);
        let shares = units.chunks(share).zip((0u32..).step_by(share));
        let parts = on_threads(shares, |(part, first)| read_roots(dwarf, load, part, first));
        let mut ranges = Vec::new();
        let mut unbounded = Vec::new();
        for part in parts {
            let part = part?;
            unbounded.extend(part.unbounded);
            ranges.extend(part.ranges);
        }
        Ok(UnitIndex::of(units, ranges, unbounded))
    }

    fn of(units: Vec<UnitSpan>, mut ranges: Vec<UnitRange>, unbounded: Vec<u32>) -> Self {
        ranges.sort_unstable_by_key(|range| (range.begin, range.unit));
        let mut reach = 0;
        for range in &mut ranges {
            reach = range.last.max(reach);
            range.reach = reach;
        }
        let by_unit = ranges
            .iter()
            .map(|range| (range.unit, range.begin, range.last));
        let mut by_unit: Vec<_> = by_unit.collect();
        by_unit.sort_unstable();
        UnitIndex {
            units,
            ranges,
            by_unit,
            unbounded,
        }
    }

    /// Where unit number `unit` lies.
    pub(crate) fn span(&self, unit: u32) -> UnitSpan {
        self.units[unit as usize]
    }

    /// The unit that holds this offset into `.debug_info`.
    pub(crate) fn unit_at(&self, offset: u64) -> Option<u32> {
        let next = self.units.partition_point(|unit| unit.offset <= offset);
        let number = next.checked_sub(1)?;
        let span = self.units[number];
        (offset - span.offset < span.len).then_some(number as u32)
    }

    /// The units that hold code, ascending.
    pub(crate) fn with_code(&self) -> Vec<u32> {
        let mut units: Vec<u32> = self.ranges.iter().map(|range| range.unit).collect();
        units.extend(&self.unbounded);
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Adds to `into` every unit with code in `first..=last`, and those that hide where they have it.
    pub(crate) fn overlapping(&self, first: u32, last: u32, into: &mut Vec<u32>) {
        into.extend(&self.unbounded);
        let end = self.ranges.partition_point(|range| range.begin <= last);
        for range in self.ranges[..end].iter().rev() {
            if range.reach < first {
                break;
            }
            if range.last >= first {
                into.push(range.unit);
            }
        }
    }

    /// The parts of `first..=last` that are this unit's, both ends inclusive, ascending; all of it for
    /// a unit that hides where it has code.
    pub(crate) fn own_parts(
        &self,
        unit: u32,
        first: u32,
        last: u32,
    ) -> impl Iterator<Item = (u32, u32)> {
        let hidden = self.unbounded.binary_search(&unit).is_ok();
        let from = self
            .by_unit
            .partition_point(|range| (range.0, range.2) < (unit, first));
        let own = self.by_unit[from..].iter();
        own.take_while(move |range| range.0 == unit && range.1 <= last)
            .map(move |range| (first.max(range.1), last.min(range.2)))
            .chain(hidden.then_some((first, last)))
    }

    /// The last address before `addr` at which a unit has code, if no unit has code at `addr`.
    pub(crate) fn last_before(&self, addr: u32) -> Option<u32> {
        let end = self.ranges.partition_point(|range| range.begin <= addr);
        let reach = self.ranges[..end].last()?.reach;
        (reach < addr).then_some(reach)
    }
}

/// Does the work of each share on a thread of its own; that of the first on this one.
pub(crate) fn on_threads<T: Send, R: Send>(
    shares: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let mut shares = shares.into_iter();
    let Some(own) = shares.next() else {
        return Vec::new();
    };
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = shares
            .map(|share| scope.spawn(move || work(share)))
            .collect();
        let mut results = vec![work(own)];
        results.extend(workers.into_iter().map(joined));
        results
    })
}

/// Passes a panic of a worker on, since it is ours and has its own status at the boundary.
pub(crate) fn joined<T>(worker: thread::ScopedJoinHandle<'_, T>) -> T {
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Something in `.debug_info`, or a section it points into, that gimli refuses.
pub(crate) fn malformed(error: gimli::Error) -> Error {
    Error::caused(Code::MalformedDebugInfo, &error).in_section(".debug_info")
}

/// A bound that the debug information passes.
pub(crate) fn too_many(what: &str, limit: usize) -> Error {
    Error::new(
        Code::InputLimit,
        format!("the debug information has more than {limit} {what}"),
    )
}

/// Walks all unit headers.
fn read_headers(dwarf: &Dwarf<'_>) -> Result<Vec<UnitSpan>, Error> {
    let mut units = Vec::new();
    let mut headers = dwarf.units();
    while let Some(header) = headers.next().map_err(malformed)? {
        if units.len() == MAX_UNITS {
            return Err(too_many("units", MAX_UNITS));
        }
        units.push(UnitSpan {
            offset: header.offset().0 as u64,
            len: header.length_including_self() as u64,
        });
    }
    Ok(units)
}

#[derive(Default)]
struct Roots {
    ranges: Vec<UnitRange>,
    unbounded: Vec<u32>,
}

fn read_roots(dwarf: &Dwarf<'_>, load: u64, part: &[UnitSpan], first: u32) -> Result<Roots, Error> {
    let mut roots = Roots::default();
    let mut buffers = Buffers::new(MAX_RANGES);
    for (span, unit) in part.iter().zip(first..) {
        let extent = read_root(dwarf, span.offset, &mut buffers)
            .map_err(|error| malformed(error).at(span.offset))?;
        match extent {
            Extent::Skipped => {}
            Extent::Unbounded => roots.unbounded.push(unit),
            Extent::Ranges => join_ranges(&mut buffers.ranges, load, unit, &mut roots.ranges),
        }
    }
    Ok(roots)
}

/// Makes the ranges of a unit relative, joins neighbours, and adds the result to `into`.
fn join_ranges(
    ranges: &mut [std::ops::Range<u64>],
    load: u64,
    unit: u32,
    into: &mut Vec<UnitRange>,
) {
    ranges.sort_unstable_by_key(|range| range.start);
    let own = into.len();
    for range in ranges.iter() {
        let Some((begin, last)) = relative(range, load) else {
            continue;
        };
        match into[own..].last_mut() {
            Some(open) if begin <= open.last.saturating_add(PADDING + 1) => {
                open.last = open.last.max(last);
            }
            _ => into.push(UnitRange {
                begin,
                last,
                reach: 0,
                unit,
            }),
        }
    }
}

/// A range relative to the load address, clipped to 32 bits, both ends inclusive.
pub(crate) fn relative(range: &std::ops::Range<u64>, load: u64) -> Option<(u32, u32)> {
    let begin = u32::try_from(range.start.saturating_sub(load)).ok()?;
    let last = range.end.checked_sub(load)?.checked_sub(1)?;
    let last = u32::try_from(last).unwrap_or(u32::MAX);
    (begin <= last).then_some((begin, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(of: &[(u32, &[(u64, u64)])]) -> UnitIndex {
        let mut ranges = Vec::new();
        for (unit, list) in of {
            let mut list: Vec<_> = list.iter().map(|(start, end)| *start..*end).collect();
            join_ranges(&mut list, 0x1000, *unit, &mut ranges);
        }
        UnitIndex::of(Vec::new(), ranges, Vec::new())
    }

    fn units(index: &UnitIndex, first: u32, last: u32) -> Vec<u32> {
        let mut units = Vec::new();
        index.overlapping(first, last, &mut units);
        units.sort_unstable();
        units
    }

    #[test]
    fn overlapping_finds_a_long_range_behind_short_ones() {
        let index = index(&[
            (0, &[(0x1000, 0x3000)]),
            (1, &[(0x1100, 0x1110), (0x1200, 0x1210)]),
        ]);
        assert_eq!(units(&index, 0x205, 0x205), [0, 1]);
        assert_eq!(units(&index, 0x1fff, 0x1fff), [0]);
        assert!(units(&index, 0x2000, 0x2000).is_empty());
        assert_eq!(units(&index, 0, u32::MAX), [0, 1, 1]);
    }

    #[test]
    fn own_parts_are_those_of_the_unit_alone() {
        let index = index(&[
            (0, &[(0x1000, 0x1100), (0x1200, 0x1300)]),
            (1, &[(0x1080, 0x1280)]),
        ]);
        let parts = |unit, first, last| index.own_parts(unit, first, last).collect::<Vec<_>>();
        assert_eq!(parts(0, 0xf0, 0x20f), [(0xf0, 0xff), (0x200, 0x20f)]);
        assert_eq!(parts(1, 0, 0xfff), [(0x80, 0x27f)]);
        assert_eq!(parts(1, 0x280, 0x300), []);
        assert_eq!(parts(2, 0, 0xfff), []);
    }

    #[test]
    fn join_ranges_joins_over_padding_only() {
        let index = index(&[(0, &[(0x1020, 0x1030), (0x1000, 0x1011), (0x1040, 0x1041)])]);
        assert_eq!(index.ranges.len(), 2);
        assert!(units(&index, 0x35, 0x36).is_empty());
        assert_eq!(index.last_before(0x35), Some(0x2f));
        assert_eq!(index.last_before(0x40), None);
    }

    #[test]
    fn ranges_outside_the_image_are_left_out_and_clipped() {
        let index = index(&[(0, &[(0x0fff, 0x1fff)]), (1, &[(0x1000, u64::MAX)])]);
        assert_eq!(units(&index, u32::MAX, u32::MAX), [1]);
        assert_eq!(units(&index, 0, 0), [0, 1]);
        assert_eq!(units(&index, 0xfff, 0xfff), [1]);
    }
}
