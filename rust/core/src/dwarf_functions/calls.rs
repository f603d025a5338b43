//! The inlined calls of one function, and which of them an address is in.

use std::collections::BinaryHeap;
use std::ops::Range;

use crate::dwarf_units::entries::{FUNCTION, INLINED};
use crate::dwarf_units::unit::{Budget, CallSite, FunctionSpan, OpenUnit, join_overlapping};
use crate::dwarf_units::{Dwarf, malformed};
use crate::error::Error;

/// One inlined call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InlinedCall {
    /// Where its entry is in the unit.
    pub at: usize,
    /// The call that it was inlined into; `None` for the function itself.
    pub caller: Option<u32>,
    /// Where it was written.
    pub site: CallSite,
}

/// The inlined calls of one function, in the order of their entries: a caller before its callees.
#[derive(Default)]
pub(crate) struct Calls {
    pub list: Vec<InlinedCall>,
    covers: Vec<Cover>,
}

/// Addresses of one call, begin inclusive, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cover {
    begin: u64,
    call: u32,
    end: u64,
}

impl Calls {
    /// Reads what is nested in a function, apart from other functions.
    ///
    /// A call without addresses of its own can still be the caller of one that has some.
    ///
    /// # Errors
    /// As [`OpenUnit::code`].
    pub(crate) fn read<'a>(
        dwarf: &Dwarf<'a>,
        unit: &OpenUnit<'a>,
        function: &FunctionSpan,
        budget: &Budget,
    ) -> Result<Self, Error> {
        let mut calls = Calls::default();
        // Calls whose end is not reached yet, and how deep they are.
        let mut open: Vec<(u32, isize)> = Vec::new();
        let mut ranges = Vec::new();
        let mut depth = 0isize;
        // How deep the function is that is being passed over.
        let mut passing: Option<isize> = None;
        let mut at = function.start;
        while at < function.end {
            let entry = unit
                .shapes
                .entry(unit.bytes, at)
                .map_err(|error| malformed(error).at(unit.span.offset + at as u64))?;
            match entry.shape {
                None => {
                    depth -= 1;
                    passing = passing.filter(|own| *own < depth);
                    while open.pop_if(|(_, own)| *own >= depth).is_some() {}
                }
                Some(shape) => {
                    if passing.is_none() && at != function.start {
                        if shape.roles & FUNCTION != 0 && shape.children {
                            passing = Some(depth);
                        } else if shape.roles & INLINED != 0 {
                            budget.take(1)?;
                            ranges.clear();
                            let site = unit.code(dwarf, at, budget, &mut ranges)?;
                            let call = calls.list.len() as u32;
                            let kept = join_overlapping(&mut ranges);
                            let covers = ranges[..kept].iter();
                            calls.covers.extend(covers.map(|(begin, end)| Cover {
                                begin: *begin,
                                call,
                                end: *end,
                            }));
                            calls.list.push(InlinedCall {
                                at,
                                caller: open.last().map(|(call, _)| *call),
                                site,
                            });
                            if shape.children {
                                open.push((call, depth));
                            }
                        }
                    }
                    depth += isize::from(shape.children);
                }
            }
            at = entry.end;
        }
        calls.covers.sort_unstable();
        Ok(calls)
    }

    /// Calls `visit` with each part of the pieces, which are ascending and disjoint, and the call
    /// that it is in, if any.
    ///
    /// Of the calls that cover an address the last in the order of entries counts: a callee follows
    /// its caller. As in LLVM, it counts where its caller has no code, too.
    pub(crate) fn paint(
        &self,
        pieces: &[(u64, u64)],
        mut visit: impl FnMut(usize, Range<u64>, Option<u32>),
    ) {
        let mut covering: BinaryHeap<(u32, u64)> = BinaryHeap::new();
        let mut next = 0;
        for (index, piece) in pieces.iter().enumerate() {
            let mut at = piece.0;
            while at < piece.1 {
                while let Some(cover) = self.covers.get(next).filter(|cover| cover.begin <= at) {
                    covering.push((cover.call, cover.end));
                    next += 1;
                }
                while covering.peek().is_some_and(|(_, end)| *end <= at) {
                    covering.pop();
                }
                let mut end = piece.1;
                if let Some(cover) = self.covers.get(next) {
                    end = end.min(cover.begin);
                }
                let call = covering.peek().map(|(call, covered)| {
                    end = end.min(*covered);
                    *call
                });
                visit(index, at..end, call);
                at = end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(covers: &[(u64, u64)], pieces: &[(u64, u64)]) -> Vec<(usize, u64, Option<u32>)> {
        let mut calls = Calls::default();
        for (call, (begin, end)) in (0..).zip(covers) {
            calls.covers.push(Cover {
                begin: *begin,
                call,
                end: *end,
            });
        }
        calls.covers.sort_unstable();
        let mut parts = Vec::new();
        calls.paint(pieces, |piece, part, call| {
            parts.push((piece, part.start, call));
        });
        parts
    }

    #[test]
    fn callees_cover_their_callers_and_touching_calls_stay_apart() {
        let parts = painted(&[(10, 40), (20, 30), (40, 50)], &[(0, 60)]);
        assert_eq!(
            parts,
            [
                (0, 0, None),
                (0, 10, Some(0)),
                (0, 20, Some(1)),
                (0, 30, Some(0)),
                (0, 40, Some(2)),
                (0, 50, None)
            ]
        );
    }

    #[test]
    fn a_callee_counts_outside_its_caller_and_calls_reach_over_pieces() {
        let parts = painted(&[(10, 20), (15, 70)], &[(0, 30), (50, 80)]);
        assert_eq!(
            parts,
            [
                (0, 0, None),
                (0, 10, Some(0)),
                (0, 15, Some(1)),
                (1, 50, Some(1)),
                (1, 70, None)
            ]
        );
    }

    #[test]
    fn random_calls_are_painted_as_by_painting_each_address() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % bound
        };
        for _ in 0..500 {
            let covers: Vec<_> = (0..below(8))
                .map(|_| {
                    let begin = below(60);
                    (begin, begin + 1 + below(20))
                })
                .collect();
            let pieces = [(5, 20 + below(10)), (35, 64)];
            let parts = painted(&covers, &pieces);
            for (index, piece) in pieces.iter().enumerate() {
                for at in piece.0..piece.1 {
                    let wanted = (0..)
                        .zip(&covers)
                        .filter(|(_, cover)| cover.0 <= at && at < cover.1)
                        .map(|(call, _)| call)
                        .last();
                    let part = parts.iter().rfind(|part| part.0 == index && part.1 <= at);
                    assert_eq!(part.unwrap().2, wanted, "{at} of {covers:?}");
                }
            }
        }
    }
}
