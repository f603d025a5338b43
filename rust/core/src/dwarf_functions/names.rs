//! Names and languages of functions, which often stand in another entry, or another unit.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use symbolic_common::Language;
use symbolic_debuginfo::dwarf::gimli;

use crate::dwarf_units::unit::{OpenUnit, Value};
use crate::dwarf_units::{Dwarf, UnitIndex};

use gimli::{AttributeValue, constants};

/// Entries that may refer to each other in a chain; a longer one has no name. Compilers need three.
const MAX_CHAIN: usize = 32;

/// Foreign units and names kept at once: bounds memory where everything refers to everything.
const MAX_KEPT_UNITS: usize = 512;
const MAX_KEPT_ORIGINS: usize = 1 << 16;

/// What an entry says of the function it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin<'a> {
    /// The linkage name, or else the plain name.
    pub name: Option<Cow<'a, str>>,
    /// The language of the unit that an abstract origin led to, if that is another one. With
    /// link-time optimisation, code of one language can sit in a unit of another.
    pub language: Option<Language>,
}

/// Resolves names, and keeps what it found.
pub(crate) struct Names<'i, 'a> {
    dwarf: &'i Dwarf<'a>,
    index: &'i UnitIndex,
    units: HashMap<u32, Option<Rc<OpenUnit<'a>>>>,
    origins: HashMap<Place, Origin<'a>>,
}

/// An entry, by unit number and offset in the unit.
type Place = (u32, usize);

/// What one entry says itself.
#[derive(Default)]
struct Own<'a> {
    linkage_name: Option<Value<'a>>,
    name: Option<Value<'a>>,
    abstract_origin: Option<Value<'a>>,
    /// The last reference that a name can come from.
    reference: Option<Value<'a>>,
}

impl<'i, 'a> Names<'i, 'a> {
    pub(crate) fn new(dwarf: &'i Dwarf<'a>, index: &'i UnitIndex) -> Self {
        Names {
            dwarf,
            index,
            units: HashMap::new(),
            origins: HashMap::new(),
        }
    }

    /// What is known of the function or inlined call at `at` of unit `number`.
    ///
    /// An entry that cannot be read has neither name nor language: one bad reference does not spoil
    /// the addresses of a function.
    pub(crate) fn origin(&mut self, number: u32, unit: &OpenUnit<'a>, at: usize) -> Origin<'a> {
        let Ok(own) = read(unit, at) else {
            return Origin::default();
        };
        let mut origin = Origin::default();
        if let Some(place) = own.abstract_origin.and_then(|to| self.target(number, to)) {
            let found = self.origin_of(place, number, unit);
            origin.language = found.language.or_else(|| self.language_of(place.0, number));
            origin.name = found.name;
        }
        let value = own.linkage_name.or(own.name);
        if let Some(value) = value {
            origin.name = self.text(unit, value);
        } else if own.reference != own.abstract_origin {
            let place = own.reference.and_then(|to| self.target(number, to));
            origin.name = place.and_then(|place| self.origin_of(place, number, unit).name);
        }
        origin
    }

    /// What is known of an entry that another one refers to.
    fn origin_of(&mut self, place: Place, number: u32, unit: &OpenUnit<'a>) -> Origin<'a> {
        if let Some(known) = self.origins.get(&place) {
            return known.clone();
        }
        let found = Origin {
            name: self.name_from(place, number, unit),
            language: self.language_from(place, number, unit),
        };
        if self.origins.len() >= MAX_KEPT_ORIGINS {
            self.origins.clear();
        }
        self.origins.insert(place, found.clone());
        found
    }

    /// The name that the first named entry of a chain states.
    fn name_from(
        &mut self,
        mut place: Place,
        number: u32,
        unit: &OpenUnit<'a>,
    ) -> Option<Cow<'a, str>> {
        for _ in 0..MAX_CHAIN {
            let foreign = self.unit_of(place, number)?;
            let unit = foreign.as_deref().unwrap_or(unit);
            let own = read(unit, place.1).ok()?;
            if let Some(value) = own.linkage_name.or(own.name) {
                return self.text(unit, value);
            }
            place = self.target(place.0, own.reference?)?;
        }
        None
    }

    /// The language of the last other unit that a chain of abstract origins leads to.
    fn language_from(
        &mut self,
        mut place: Place,
        number: u32,
        unit: &OpenUnit<'a>,
    ) -> Option<Language> {
        let mut language = None;
        for _ in 0..MAX_CHAIN {
            let foreign = self.unit_of(place, number)?;
            let unit = foreign.as_deref().unwrap_or(unit);
            let next = read(unit, place.1).ok().and_then(|own| own.abstract_origin);
            let Some(next) = next.and_then(|to| self.target(place.0, to)) else {
                break;
            };
            language = self.language_of(next.0, place.0).or(language);
            place = next;
        }
        language
    }

    /// The language of unit `number`, if it is another one than `from`.
    fn language_of(&mut self, number: u32, from: u32) -> Option<Language> {
        let unit = (number != from).then(|| self.foreign(number)).flatten();
        unit_language(&*unit?)
    }

    /// The unit of a place: `Some(None)` for the one at hand, `None` if it cannot be opened.
    fn unit_of(&mut self, place: Place, number: u32) -> Option<Option<Rc<OpenUnit<'a>>>> {
        if place.0 == number {
            return Some(None);
        }
        self.foreign(place.0).map(Some)
    }

    /// What a reference in unit `number` points to. References to other files are not followed.
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

    fn foreign(&mut self, number: u32) -> Option<Rc<OpenUnit<'a>>> {
        if self.units.len() >= MAX_KEPT_UNITS && !self.units.contains_key(&number) {
            self.units.clear();
        }
        let (dwarf, index) = (self.dwarf, self.index);
        let unit = self.units.entry(number).or_insert_with(|| {
            let opened = OpenUnit::open(dwarf, index.span(number));
            opened.ok().flatten().map(Rc::new)
        });
        unit.clone()
    }

    fn text(&self, unit: &OpenUnit<'a>, value: Value<'a>) -> Option<Cow<'a, str>> {
        let text = self.dwarf.attr_string(&unit.unit, value).ok()?;
        Some(String::from_utf8_lossy(text.slice()))
    }
}

fn read<'a>(unit: &OpenUnit<'a>, at: usize) -> Result<Own<'a>, gimli::Error> {
    let mut own = Own::default();
    unit.attributes(at, |name, value| {
        match name {
            constants::DW_AT_linkage_name | constants::DW_AT_MIPS_linkage_name => {
                own.linkage_name.get_or_insert(value);
            }
            constants::DW_AT_name => own.name = Some(value),
            constants::DW_AT_abstract_origin => {
                own.abstract_origin = Some(value);
                own.reference = Some(value);
            }
            constants::DW_AT_specification => own.reference = Some(value),
            _ => {}
        }
        Ok(())
    })?;
    Ok(own)
}

/// The language that the root entry of a unit states.
pub(crate) fn unit_language(unit: &OpenUnit<'_>) -> Option<Language> {
    let mut language = None;
    unit.attributes(unit.body, |name, value| {
        if let (constants::DW_AT_language, AttributeValue::Language(stated)) = (name, value) {
            language = Some(language_of(stated));
        }
        Ok(())
    })
    .ok()?;
    language
}

fn language_of(stated: gimli::DwLang) -> Language {
    match stated {
        constants::DW_LANG_C
        | constants::DW_LANG_C89
        | constants::DW_LANG_C99
        | constants::DW_LANG_C11
        | constants::DW_LANG_C17 => Language::C,
        constants::DW_LANG_C_plus_plus
        | constants::DW_LANG_C_plus_plus_03
        | constants::DW_LANG_C_plus_plus_11
        | constants::DW_LANG_C_plus_plus_14
        | constants::DW_LANG_C_plus_plus_17
        | constants::DW_LANG_C_plus_plus_20 => Language::Cpp,
        constants::DW_LANG_D => Language::D,
        constants::DW_LANG_Go => Language::Go,
        constants::DW_LANG_ObjC => Language::ObjC,
        constants::DW_LANG_ObjC_plus_plus => Language::ObjCpp,
        constants::DW_LANG_Rust => Language::Rust,
        constants::DW_LANG_Swift => Language::Swift,
        _ => Language::Unknown,
    }
}
