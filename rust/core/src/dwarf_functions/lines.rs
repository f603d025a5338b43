//! The line program of a unit as one ascending list of rows.

use symbolic_debuginfo::dwarf::gimli;

use crate::dwarf_units::{Slice, too_many};
use crate::error::Error;

/// From `start` on, up to the next row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineRow {
    /// Address as the file states it.
    pub start: u64,
    /// Index of a file of the program, or [`NO_FILE`] where no sequence reaches.
    pub file: u64,
    /// Line, 0 = unknown.
    pub line: u32,
}

/// Between two sequences there is neither file nor line.
pub(crate) const NO_FILE: u64 = u64::MAX;

/// Rows that a unit may have. The largest units, of link-time optimisation, have some millions.
const MAX_ROWS: usize = 1 << 25;

/// A run of rows without a gap, as the program has it.
struct Sequence {
    /// Begin and end of its rows in the list.
    rows: std::ops::Range<usize>,
    end: u64,
}

/// Runs the line program of a unit; a program that breaks off gives the rows before that place, a
/// unit without one gives none.
///
/// Of rows with one address the last counts. Where sequences overlap, the one that ends first does, as
/// in LLVM's `DWARFDebugLine`, whose lookup is a search by end. Rows at address 0 are of code that the
/// linker dropped.
///
/// # Errors
/// [`Code::InputLimit`](crate::error::Code::InputLimit) for more rows than any compiler writes.
pub(crate) fn line_rows(unit: &gimli::Unit<Slice<'_>>) -> Result<Vec<LineRow>, Error> {
    let Some(program) = unit.line_program.clone() else {
        return Ok(Vec::new());
    };
    let mut rows: Vec<LineRow> = Vec::new();
    let mut sequences = Vec::new();
    let mut first = 0;
    let mut machine = program.rows();
    while let Ok(Some((_, row))) = machine.next_row() {
        let address = row.address();
        if address == 0 {
            continue;
        }
        let last = rows[first..].last().map(|row| row.start);
        if row.end_sequence() {
            if let Some(last) = last {
                let end = if address < last { last + 1 } else { address };
                sequences.push(Sequence {
                    rows: first..rows.len(),
                    end,
                });
            }
            first = rows.len();
            continue;
        }
        let row = LineRow {
            start: address,
            file: row.file_index(),
            line: row
                .line()
                .map_or(0, |line| u32::try_from(line.get()).unwrap_or(0)),
        };
        match last {
            // "Within a sequence, addresses only increase" (DWARF 5, 6.2.5).
            Some(last) if address < last => {}
            Some(last) if address == last => {
                if let Some(open) = rows.last_mut() {
                    *open = row;
                }
            }
            _ if rows.len() == MAX_ROWS => return Err(too_many("lines in one unit", MAX_ROWS)),
            _ => rows.push(row),
        }
    }
    if let Some(last) = rows[first..].last() {
        // A sequence without an end: its last row covers one byte.
        sequences.push(Sequence {
            end: last.start.saturating_add(1),
            rows: first..rows.len(),
        });
    }
    Ok(join(&rows, &mut sequences))
}

fn join(rows: &[LineRow], sequences: &mut [Sequence]) -> Vec<LineRow> {
    sequences.sort_by_key(|sequence| sequence.end);
    let mut joined: Vec<LineRow> = Vec::with_capacity(rows.len() + sequences.len());
    // Addresses below are decided.
    let mut decided = 0;
    for sequence in sequences {
        let own = &rows[sequence.rows.clone()];
        let Some(from) = own.first().map(|row| row.start.max(decided)) else {
            continue;
        };
        if from >= sequence.end {
            continue;
        }
        // The row that the sequence has at `from`: behind the first, since that starts there at most.
        let at = own.partition_point(|row| row.start <= from) - 1;
        joined.pop_if(|gap| gap.start == from);
        joined.push(LineRow {
            start: from,
            ..own[at]
        });
        joined.extend(&own[at + 1..]);
        joined.push(LineRow {
            start: sequence.end,
            file: NO_FILE,
            line: 0,
        });
        decided = sequence.end;
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(sequences: &[(&[u64], u64)]) -> Vec<(u64, u32)> {
        let mut rows = Vec::new();
        let mut list = Vec::new();
        for (starts, end) in sequences {
            let first = rows.len();
            rows.extend(starts.iter().map(|start| LineRow {
                start: *start,
                file: 1,
                line: list.len() as u32 + 1,
            }));
            list.push(Sequence {
                rows: first..rows.len(),
                end: *end,
            });
        }
        let rows = join(&rows, &mut list);
        rows.iter().map(|row| (row.start, row.line)).collect()
    }

    #[test]
    fn sequences_in_any_order_are_joined_with_gaps() {
        let rows = joined(&[(&[40, 45], 50), (&[10], 20), (&[20], 30)]);
        assert_eq!(rows, [(10, 2), (20, 3), (30, 0), (40, 1), (45, 1), (50, 0)]);
    }

    #[test]
    fn of_overlapping_sequences_the_one_that_ends_first_counts() {
        let rows = joined(&[(&[10, 15, 25, 35], 40), (&[12], 30)]);
        assert_eq!(rows, [(12, 2), (30, 1), (35, 1), (40, 0)]);
        assert_eq!(joined(&[(&[10], 20), (&[15], 20)]), [(10, 1), (20, 0)]);
        assert_eq!(joined(&[]), []);
    }
}
