//! One unit of `.debug_info`, opened, and the functions in it.

use std::sync::atomic::{AtomicUsize, Ordering};

use symbolic_debuginfo::dwarf::gimli;

use crate::error::{Code, Error};

use super::entries::{CODE, Shapes};
use super::root::root_entry;
use super::{Dwarf, Slice, UnitSpan, malformed, too_many};

use gimli::{AttributeValue, DebugInfoOffset, Reader, Section, UnitOffset, constants};

/// An attribute value of this file.
pub(crate) type Value<'a> = AttributeValue<Slice<'a>>;

/// A unit with its bytes and abbreviations.
pub(crate) struct OpenUnit<'a> {
    pub span: UnitSpan,
    /// From the length field on, so that offsets are those of DWARF references within the unit.
    pub bytes: &'a [u8],
    pub shapes: Shapes,
    /// Where the root entry begins.
    pub body: usize,
    pub unit: gimli::Unit<Slice<'a>>,
}

impl<'a> OpenUnit<'a> {
    /// Opens the unit at `span`; `None` if it has no root entry, which makes symbolic pass it over.
    ///
    /// # Errors
    /// [`Code::MalformedDebugInfo`] for what gimli refuses.
    pub(crate) fn open(dwarf: &Dwarf<'a>, span: UnitSpan) -> Result<Option<Self>, Error> {
        let refused = |error| malformed(error).at(span.offset);
        let header = dwarf
            .unit_header(DebugInfoOffset(span.offset as usize))
            .map_err(refused)?;
        let Some(root) = root_entry(&header) else {
            return Ok(None);
        };
        let unit = dwarf.unit(header).map_err(refused)?;
        let table = dwarf.debug_abbrev.reader();
        let shapes = table
            .slice()
            .get(header.debug_abbrev_offset().0..)
            .and_then(|table| Shapes::parse(table, header.encoding(), dwarf_endian(dwarf)))
            .ok_or_else(|| {
                Error::new(Code::MalformedDebugInfo, "damaged abbreviation table")
                    .in_section(".debug_abbrev")
                    .at(header.debug_abbrev_offset().0 as u64)
            })?;
        let start = span.offset as usize;
        let bytes = dwarf
            .debug_info
            .reader()
            .slice()
            .get(start..start + span.len as usize)
            .unwrap_or(&[]);
        Ok(Some(OpenUnit {
            span,
            bytes,
            shapes,
            body: root.0,
            unit,
        }))
    }

    /// Calls `visit` with each attribute of the entry at `at`, and gives the entry's tag; `None` for
    /// a null entry.
    pub(crate) fn attributes(
        &self,
        at: usize,
        mut visit: impl FnMut(gimli::DwAt, Value<'a>) -> Result<(), gimli::Error>,
    ) -> Result<Option<gimli::DwTag>, gimli::Error> {
        let mut entries = self.unit.entries_raw(Some(UnitOffset(at)))?;
        let Some(abbreviation) = entries.read_abbreviation()? else {
            return Ok(None);
        };
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec)?;
            visit(attribute.name(), attribute.value())?;
        }
        Ok(Some(abbreviation.tag()))
    }

    /// Appends the ranges of the function or inlined call at `at` as the file states them, in any
    /// order, and gives where the call was written.
    ///
    /// # Errors
    /// [`Code::MalformedDebugInfo`], [`Code::InputLimit`] when the budget is spent.
    pub(crate) fn code(
        &self,
        dwarf: &Dwarf<'a>,
        at: usize,
        budget: &Budget,
        ranges: &mut Vec<(u64, u64)>,
    ) -> Result<CallSite, Error> {
        let refused = |error| malformed(error).at(self.span.offset + at as u64);
        let first = ranges.len();
        let mut site = CallSite::default();
        let (mut low_pc, mut high_pc, mut size) = (None, None, None);
        let mut lists = Vec::new();
        self.attributes(at, |name, value| {
            match (name, value) {
                (constants::DW_AT_low_pc, value) => {
                    low_pc = dwarf.attr_address(&self.unit, value)?;
                }
                (constants::DW_AT_high_pc, AttributeValue::Udata(value)) => size = Some(value),
                (constants::DW_AT_high_pc, value) => {
                    high_pc = dwarf.attr_address(&self.unit, value)?;
                }
                (
                    constants::DW_AT_ranges
                    | constants::DW_AT_rnglists_base
                    | constants::DW_AT_start_scope,
                    value,
                ) => lists.push(value),
                (constants::DW_AT_call_file, AttributeValue::FileIndex(file)) => {
                    site.file = Some(file);
                }
                (constants::DW_AT_call_line, AttributeValue::Udata(line)) => site.line = line,
                _ => {}
            }
            Ok(())
        })
        .map_err(refused)?;
        for list in lists {
            let Some(mut list) = dwarf.attr_ranges(&self.unit, list).map_err(refused)? else {
                continue;
            };
            while let Some(entry) = list.next_raw().map_err(refused)? {
                budget.take(1)?;
                let range = list.convert_raw(entry).map_err(refused)?;
                // A range that begins at zero is code that the linker dropped.
                if let Some(range) = range.filter(|range| range.begin > 0) {
                    ranges.push((range.begin, range.end));
                }
            }
        }
        if ranges.len() == first
            && let Some(low_pc) = low_pc
            && let Some(high_pc) = high_pc.or(size.map(|size| low_pc.wrapping_add(size)))
            // Zero and the two highest addresses stand for dropped code too.
            && !matches!(low_pc, 0 | 0xffff_ffff_ffff_fffe | 0xffff_ffff_ffff_ffff)
        {
            ranges.push((low_pc, high_pc));
        }
        Ok(site)
    }
}

/// Where an inlined call was written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CallSite {
    /// Index of a file of the unit's line program.
    pub file: Option<u64>,
    /// Line, 0 = unknown.
    pub line: u64,
}

/// A function and everything nested in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FunctionSpan {
    /// Offsets in the unit: from its entry to behind its last descendant.
    pub start: usize,
    pub end: usize,
    first_range: u32,
    ranges: u32,
}

/// The functions of one unit that have code, in the order of their entries.
#[derive(Default)]
pub(crate) struct Functions {
    pub spans: Vec<FunctionSpan>,
    ranges: Vec<(u64, u64)>,
}

/// Functions, calls, list entries and lines that may still be read. Many functions may share one long
/// list, so that the number of functions alone is no measure of the work.
pub(crate) struct Budget {
    left: AtomicUsize,
    limit: usize,
}

/// Functions, calls, range list entries and lines read for one batch; a browser has some two million
/// functions.
pub(crate) const MAX_BATCH_RANGES: usize = 1 << 23;
/// Functions, calls, range list entries and lines read to convert one object. A browser has some fifty
/// million lines.
pub(crate) const MAX_OBJECT_RANGES: usize = 1 << 27;

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Budget {
            left: AtomicUsize::new(limit),
            limit,
        }
    }

    /// # Errors
    /// [`Code::InputLimit`] when less is left.
    pub(crate) fn take(&self, count: usize) -> Result<(), Error> {
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(count)
            });
        match taken {
            Ok(_) => Ok(()),
            Err(_) => Err(too_many("functions, calls, ranges and lines", self.limit)),
        }
    }
}

impl Functions {
    /// Reads past all entries of a unit and notes the functions with code.
    pub(crate) fn scan<'a>(
        dwarf: &Dwarf<'a>,
        unit: &OpenUnit<'a>,
        budget: &Budget,
    ) -> Result<Self, Error> {
        let mut functions = Functions::default();
        // Functions whose end is not reached yet, and how deep they are.
        let mut open: Vec<(usize, isize)> = Vec::new();
        let mut depth = 0isize;
        let mut at = unit.body;
        while at < unit.bytes.len() {
            let entry = unit
                .shapes
                .entry(unit.bytes, at)
                .map_err(|error| malformed(error).at(unit.span.offset + at as u64))?;
            match entry.shape {
                None => {
                    depth -= 1;
                    while let Some((function, _)) = open.pop_if(|(_, own)| *own >= depth) {
                        functions.spans[function].end = entry.end;
                    }
                }
                Some(shape) => {
                    if shape.roles & CODE != 0
                        && functions.add(dwarf, unit, at, entry.end, budget)?
                        && shape.children
                    {
                        open.push((functions.spans.len() - 1, depth));
                    }
                    depth += isize::from(shape.children);
                }
            }
            at = entry.end;
        }
        for (function, _) in open {
            functions.spans[function].end = at;
        }
        Ok(functions)
    }

    /// The ranges of a function: begin and end as the file states them, disjoint, ascending.
    pub(crate) fn ranges(&self, function: &FunctionSpan) -> &[(u64, u64)] {
        let first = function.first_range as usize;
        &self.ranges[first..first + function.ranges as usize]
    }

    /// The ranges of all functions.
    pub(crate) fn all_ranges(&self) -> &[(u64, u64)] {
        &self.ranges
    }

    /// Notes the function at `at` unless it has no code.
    fn add<'a>(
        &mut self,
        dwarf: &Dwarf<'a>,
        unit: &OpenUnit<'a>,
        at: usize,
        end: usize,
        budget: &Budget,
    ) -> Result<bool, Error> {
        let first = self.ranges.len();
        unit.code(dwarf, at, budget, &mut self.ranges)?;
        let kept = join_overlapping(&mut self.ranges[first..]) + first;
        self.ranges.truncate(kept);
        if kept == first {
            return Ok(false);
        }
        budget.take(1)?;
        self.spans.push(FunctionSpan {
            start: at,
            end,
            first_range: first as u32,
            ranges: (kept - first) as u32,
        });
        Ok(true)
    }
}

/// Sorts ranges and joins those that overlap, not those that touch; gives how many are left in front.
pub(crate) fn join_overlapping(ranges: &mut [(u64, u64)]) -> usize {
    ranges.sort_unstable();
    let mut kept = 0;
    for next in 0..ranges.len() {
        let range = ranges[next];
        if range.1 <= range.0 {
            continue;
        }
        match ranges[..kept].last_mut() {
            Some(open) if range.0 < open.1 => open.1 = open.1.max(range.1),
            _ => {
                ranges[kept] = range;
                kept += 1;
            }
        }
    }
    kept
}

fn dwarf_endian(dwarf: &Dwarf<'_>) -> gimli::RunTimeEndian {
    dwarf.debug_info.reader().endian()
}
