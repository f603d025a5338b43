//! What the selected functions refer to: entries that give them names, languages and types.

use std::collections::{BTreeMap, HashMap, HashSet};

use symbolic_debuginfo::dwarf::gimli;

use crate::dwarf_units::{Dwarf, UnitIndex, malformed, too_many};
use crate::error::Error;

use super::entries::{REFERS, TYPED};
use super::select::Selection;
use super::unit::{OpenUnit, Value};

use gimli::{AttributeValue, UnitType, constants};

/// Entries that may be referred to. Each costs a few dozen bytes here.
const MAX_REFERENCES: usize = 1 << 22;

/// Steps of a type that the converter follows: pointers to pointers.
const MAX_TYPE_STEPS: usize = 5;

/// The units that are only referred to, and the entries referred to in all of them.
#[derive(Default)]
pub(crate) struct References<'a> {
    /// By unit number; none of them is in the selection.
    pub units: BTreeMap<u32, OpenUnit<'a>>,
    /// By unit number: begin and end of entries in the unit, ascending and disjoint.
    pub entries: HashMap<u32, Vec<(usize, usize)>>,
}

/// An entry, by unit number and offset in the unit.
type Place = (u32, usize);

/// Follows all references of the selected functions, those of types if `types` says so.
///
/// # Errors
/// As [`OpenUnit::open`]; [`crate::error::Code::InputLimit`] beyond four million entries.
pub(crate) fn follow<'a>(
    dwarf: &Dwarf<'a>,
    index: &UnitIndex,
    selection: &Selection<'a>,
    types: bool,
) -> Result<References<'a>, Error> {
    let mut follower = Follower {
        dwarf,
        index,
        selection,
        units: BTreeMap::new(),
        names: HashSet::new(),
        types: HashSet::new(),
        waiting: Vec::new(),
    };
    for (number, selected) in &selection.units {
        for (start, end) in &selected.functions {
            follower.function(*number, &selected.unit, *start, *end, types)?;
        }
    }
    follower.names()?;
    follower.finish()
}

struct Follower<'s, 'a> {
    dwarf: &'s Dwarf<'a>,
    index: &'s UnitIndex,
    selection: &'s Selection<'a>,
    units: BTreeMap<u32, OpenUnit<'a>>,
    names: HashSet<Place>,
    types: HashSet<Place>,
    waiting: Vec<Place>,
}

impl<'a> Follower<'_, 'a> {
    /// Collects the references of one function and all that is nested in it.
    fn function(
        &mut self,
        number: u32,
        unit: &OpenUnit<'a>,
        start: usize,
        end: usize,
        types: bool,
    ) -> Result<(), Error> {
        let mut at = start;
        while at < end {
            let refused = |error| malformed(error).at(unit.span.offset + at as u64);
            let entry = unit.shapes.entry(unit.bytes, at).map_err(refused)?;
            let roles = entry.shape.map_or(0, |shape| shape.roles);
            if roles & REFERS != 0 {
                let targets = self.origins(number, unit, at).map_err(refused)?;
                self.add_names(targets)?;
            }
            if types && roles & TYPED != 0 {
                self.follow_type((number, at))?;
            }
            at = entry.end;
        }
        Ok(())
    }

    /// The entries that the one at `at` takes its name or language from.
    fn origins(
        &self,
        number: u32,
        unit: &OpenUnit<'a>,
        at: usize,
    ) -> Result<Vec<Place>, gimli::Error> {
        let mut targets = Vec::new();
        unit.attributes(at, |name, value| {
            if matches!(
                name,
                constants::DW_AT_abstract_origin | constants::DW_AT_specification
            ) {
                targets.extend(self.target(number, value));
            }
            Ok(())
        })?;
        Ok(targets)
    }

    /// What a reference in unit `number` points to; references to other files are not followed by
    /// symbolic either.
    fn target(&self, number: u32, value: Value<'a>) -> Option<Place> {
        match value {
            AttributeValue::UnitRef(offset) => Some((number, offset.0)),
            AttributeValue::DebugInfoRef(offset) => {
                let unit = self.index.unit_at(offset.0 as u64)?;
                Some((unit, offset.0 - self.index.span(unit).offset as usize))
            }
            _ => None,
        }
    }

    fn add_names(&mut self, targets: Vec<Place>) -> Result<(), Error> {
        for target in targets {
            if self.names.insert(target) {
                self.waiting.push(target);
            }
        }
        self.check()
    }

    fn check(&self) -> Result<(), Error> {
        if self.names.len() + self.types.len() > MAX_REFERENCES {
            return Err(too_many("references", MAX_REFERENCES));
        }
        Ok(())
    }

    /// Follows names to names. Where an entry cannot be read, symbolic has no name either.
    fn names(&mut self) -> Result<(), Error> {
        while let Some((number, at)) = self.waiting.pop() {
            self.open(number)?;
            let targets = match self.unit(number) {
                Some(unit) => self.origins(number, unit, at).unwrap_or_default(),
                None => Vec::new(),
            };
            self.add_names(targets)?;
        }
        Ok(())
    }

    /// Follows the type of the entry at `from` through pointers.
    fn follow_type(&mut self, from: Place) -> Result<(), Error> {
        let mut place = from;
        for _ in 0..MAX_TYPE_STEPS {
            self.open(place.0)?;
            let mut next = None;
            if let Some(unit) = self.unit(place.0) {
                let tag = unit.attributes(place.1, |name, value| {
                    if name == constants::DW_AT_type {
                        next = self.type_target(place.0, value);
                    }
                    Ok(())
                });
                let leads_on = place == from
                    || matches!(
                        tag,
                        Ok(Some(
                            constants::DW_TAG_pointer_type
                                | constants::DW_TAG_reference_type
                                | constants::DW_TAG_rvalue_reference_type
                        ))
                    );
                next = next.filter(|_| leads_on);
            }
            let Some(next) = next else { break };
            self.types.insert(next);
            place = next;
        }
        self.check()
    }

    fn type_target(&self, number: u32, value: Value<'a>) -> Option<Place> {
        match value {
            AttributeValue::DebugTypesRef(signature) => {
                let unit = self.index.type_unit(signature.0)?;
                let offset = self.index.span(unit).offset as usize;
                let header = self
                    .dwarf
                    .unit_header(gimli::DebugInfoOffset(offset))
                    .ok()?;
                match header.type_() {
                    UnitType::Type { type_offset, .. } => Some((unit, type_offset.0)),
                    _ => None,
                }
            }
            value => self.target(number, value),
        }
    }

    fn unit(&self, number: u32) -> Option<&OpenUnit<'a>> {
        match self.selection.units.get(&number) {
            Some(selected) => Some(&selected.unit),
            None => self.units.get(&number),
        }
    }

    fn open(&mut self, number: u32) -> Result<(), Error> {
        if self.unit(number).is_none()
            && let Some(unit) = OpenUnit::open(self.dwarf, self.index.span(number))?
        {
            self.units.insert(number, unit);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<References<'a>, Error> {
        let mut entries: HashMap<u32, Vec<(usize, usize)>> = HashMap::new();
        let places: Vec<_> = self.names.drain().chain(self.types.drain()).collect();
        for (number, at) in places {
            if let Some(unit) = self.unit(number) {
                // Of an entry that cannot be read, the bytes that are there stay.
                let end = unit.shapes.entry(unit.bytes, at).map(|entry| entry.end);
                let end = end.unwrap_or(at.saturating_add(1));
                entries.entry(number).or_default().push((at, end));
            }
        }
        for list in entries.values_mut() {
            list.sort_unstable();
            list.dedup_by(|next, open| {
                let overlaps = next.0 < open.1;
                if overlaps {
                    open.1 = open.1.max(next.1);
                }
                overlaps
            });
        }
        Ok(References {
            units: self.units,
            entries,
        })
    }
}
