//! The functions of one unit as rows: where each line and each inlined call begins.
//!
//! What an address is in comes from the entries (DIEs) of functions and inlined calls, its line from
//! the line program; the two are laid over each other. An inlined call counts where its entry says,
//! whether or not a line begins there, and its callers are the entries around it. This is how LLVM's
//! `DWARFUnit::getInlinedChainForAddress` answers, so both name the same frames.
//!
//! Each contiguous piece of a function is an outermost function of its own: a symbol that starts
//! exactly there names it (`f` and `f.cold`), and otherwise the debug information does. Symbol tables
//! hold the mangled names that some producers leave out of the debug information.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use symbolic_common::{Language, clean_path, join_path};
use symbolic_debuginfo::dwarf::gimli;
use symbolic_debuginfo::macho::BcSymbolMap;

use crate::dwarf_units::unit::{Budget, FunctionSpan, Functions, OpenUnit, join_overlapping};
use crate::dwarf_units::{Dwarf, Slice, UnitIndex, relative};
use crate::error::Error;
use crate::symbols::Symbols;

use self::calls::{Calls, InlinedCall};
use self::lines::{LineRow, NO_FILE, line_rows};
use self::names::{Names, unit_language};

use gimli::{AttributeValue, constants};

pub(crate) mod calls;
pub(crate) mod lines;
pub(crate) mod names;

/// What all units of one object are read with.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'s, 'd> {
    pub dwarf: &'s Dwarf<'d>,
    pub index: &'s UnitIndex,
    /// Address that the object wants to be loaded at.
    pub load: u64,
    pub symbols: &'s Symbols<'d>,
    pub budget: &'s Budget,
    pub hidden: Option<&'s BcSymbolMap<'s>>,
    /// The only addresses that rows are wanted for.
    pub wanted: Wanted<'s>,
}

/// Addresses that rows are wanted for, relative to the image.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'s> {
    All,
    /// Ascending; and of these the ones that are in no function.
    Some {
        all: &'s [u32],
        loose: &'s [u32],
    },
}

impl Wanted<'_> {
    fn any_in(self, first: u32, last: u32) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Some { all, .. } => has_any(all, first, last),
        }
    }

    fn any_loose_in(self, first: u32, last: u32) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Some { loose, .. } => has_any(loose, first, last),
        }
    }
}

fn has_any(addrs: &[u32], first: u32, last: u32) -> bool {
    let next = addrs.partition_point(|addr| *addr < first);
    addrs.get(next).is_some_and(|addr| *addr <= last)
}

/// The functions of one unit. Every index is one into a list of this unit.
#[derive(Default)]
pub(crate) struct UnitRows<'d> {
    pub names: Vec<Cow<'d, str>>,
    /// Full paths, cleaned.
    pub paths: Vec<String>,
    pub functions: Vec<FunctionName>,
    /// Call sites; what is inlined into another comes behind it.
    pub sites: Vec<Place>,
    pub rows: Vec<Row>,
    pub pieces: Vec<Piece>,
    pub loose: Vec<LooseLine>,
}

/// A line of code that is in no function of its unit: of a thunk, or of hand-written assembly. Both ends
/// inclusive, relative to the image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LooseLine {
    pub first: u32,
    pub last: u32,
    pub path: u32,
    /// Line, 0 = unknown.
    pub line: u32,
}

/// A function as it is named in frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FunctionName {
    pub name: u32,
    pub language: Language,
    /// Where it begins, relative to the image; `None` for one that was inlined.
    pub entry: Option<u32>,
}

/// A line of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub path: Option<u32>,
    /// Line, 0 = unknown.
    pub line: u32,
    pub function: u32,
    /// The call site that the function was inlined into.
    pub site: Option<u32>,
}

/// From `start` on, relative to the image, up to the next row or the end of the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub start: u32,
    pub place: Place,
}

/// A contiguous piece of a function, relative to the image, both ends inclusive.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub first: u32,
    pub last: u32,
    /// Its rows, ascending; none when nothing in it is wanted.
    pub rows: Range<usize>,
}

/// Reads the functions of a unit, all of them or those that `pick` picks.
///
/// # Errors
/// [`MalformedDebugInfo`](crate::error::Code::MalformedDebugInfo) for entries that cannot be read,
/// [`InputLimit`](crate::error::Code::InputLimit) when the budget is spent.
pub(crate) fn read_unit<'d>(
    setting: Setting<'_, 'd>,
    names: &mut Names<'_, 'd>,
    number: u32,
    unit: &OpenUnit<'d>,
    functions: &Functions,
    pick: impl Fn(&FunctionSpan) -> bool,
) -> Result<UnitRows<'d>, Error> {
    let loose = match setting.wanted {
        Wanted::All => true,
        Wanted::Some { loose, .. } => !loose.is_empty(),
    };
    if !loose && !functions.spans.iter().any(&pick) {
        return Ok(UnitRows::default());
    }
    let mut reader = UnitReader {
        setting,
        names,
        number,
        unit,
        lines: line_rows(&unit.unit)?,
        language: unit_language(unit).unwrap_or(Language::Unknown),
        trusts_symbols: !is_dart(setting.dwarf, unit),
        name_ids: HashMap::new(),
        path_ids: HashMap::new(),
        function_ids: HashMap::new(),
        piece_rows: 0,
        passed: 0,
        out: UnitRows::default(),
    };
    for span in functions.spans.iter().filter(|span| pick(span)) {
        reader.function(span, functions.ranges(span))?;
    }
    if loose {
        reader.loose_lines(functions);
    }
    Ok(reader.out)
}

/// Whether names come from the debug information alone: the symbols of Dart's compiler are mangled in
/// a way that loses a part of the name.
fn is_dart(dwarf: &Dwarf<'_>, unit: &OpenUnit<'_>) -> bool {
    let mut dart = false;
    // A root entry that cannot be read has been refused before.
    let _ = unit.attributes(unit.body, |name, value| {
        if name == constants::DW_AT_producer
            && let Ok(text) = dwarf.attr_string(&unit.unit, value)
        {
            dart = text.slice() == b"Dart VM";
        }
        Ok(())
    });
    dart
}

struct UnitReader<'s, 'i, 'd> {
    setting: Setting<'s, 'd>,
    names: &'s mut Names<'i, 'd>,
    number: u32,
    unit: &'s OpenUnit<'d>,
    lines: Vec<LineRow>,
    language: Language,
    trusts_symbols: bool,
    name_ids: HashMap<Cow<'d, str>, u32>,
    /// By file index of the line program.
    path_ids: HashMap<u64, Option<u32>>,
    function_ids: HashMap<FunctionName, u32>,
    /// Where the rows of the piece at hand begin.
    piece_rows: usize,
    /// Lines that the function at hand was laid over: many functions may share many lines.
    passed: usize,
    out: UnitRows<'d>,
}

/// The piece of a function at hand. Pieces are outermost functions of their own, so each has its own
/// chain of call sites.
struct OpenPiece {
    function: u32,
    language: Language,
    /// By call, as far as they were asked for.
    known: HashMap<u32, KnownCall>,
}

/// One inlined call of the piece at hand.
#[derive(Clone, Copy)]
struct KnownCall {
    function: u32,
    language: Language,
    site: u32,
}

impl<'d> UnitReader<'_, '_, 'd> {
    fn function(&mut self, span: &FunctionSpan, ranges: &[(u64, u64)]) -> Result<(), Error> {
        let setting = self.setting;
        let own = self.names.origin(self.number, self.unit, span.start);
        let language = own.language.unwrap_or(self.language);
        let pieces: Vec<_> = ranges
            .iter()
            .filter_map(|range| Some((*range, relative(&(range.0..range.1), setting.load)?)))
            .filter(|(range, _)| range.0 >= setting.load)
            .collect();
        let calls = Calls::read(setting.dwarf, self.unit, span, setting.budget)?;
        let first_piece = self.out.pieces.len();
        let bounds: Vec<_> = pieces.iter().map(|(range, _)| *range).collect();
        for (_, (first, last)) in &pieces {
            self.out.pieces.push(Piece {
                first: *first,
                last: *last,
                rows: 0..0,
            });
        }
        let mut at_hand: Option<(usize, OpenPiece)> = None;
        calls.paint(&bounds, |piece, part, call| {
            let Some((from, to)) = relative(&part, setting.load) else {
                return;
            };
            if !setting.wanted.any_in(from, to) {
                return;
            }
            let (_, open) = match at_hand.take() {
                Some(open) if open.0 == piece => at_hand.insert(open),
                _ => {
                    let start = pieces[piece].1.0;
                    let open = self.open_piece(start, own.name.as_ref(), language);
                    at_hand.insert((piece, open))
                }
            };
            let (function, site) = match call {
                None => (open.function, None),
                Some(call) => {
                    let call = self.call(&calls.list, call, open);
                    (call.function, Some(call.site))
                }
            };
            self.lines_of(part, function, site);
            self.out.pieces[first_piece + piece].rows = self.piece_rows..self.out.rows.len();
        });
        setting.budget.take(std::mem::take(&mut self.passed))
    }

    /// Adds a row for each line in `part`.
    fn lines_of(&mut self, part: Range<u64>, function: u32, site: Option<u32>) {
        let mut next = self.lines.partition_point(|row| row.start <= part.start);
        let mut start = part.start;
        while start < part.end {
            let end = self
                .lines
                .get(next)
                .map_or(part.end, |row| row.start.min(part.end));
            let row = next.checked_sub(1).map(|at| self.lines[at]);
            let (file, line) = row.map_or((NO_FILE, 0), |row| (row.file, row.line));
            self.add_row(start..end, file, line, function, site);
            self.passed += 1;
            start = end;
            next += 1;
        }
    }

    fn add_row(
        &mut self,
        part: Range<u64>,
        file: u64,
        line: u32,
        function: u32,
        site: Option<u32>,
    ) {
        let Some((start, last)) = relative(&part, self.setting.load) else {
            return;
        };
        if !self.setting.wanted.any_in(start, last) {
            return;
        }
        let place = Place {
            path: self.path_id(file),
            line,
            function,
            site,
        };
        let same = self.out.rows[self.piece_rows..].last();
        if same.is_none_or(|row| row.place != place) {
            self.out.rows.push(Row { start, place });
        }
    }

    /// Adds the lines between the functions of the unit.
    fn loose_lines(&mut self, functions: &Functions) {
        let mut covered = functions.all_ranges().to_vec();
        let kept = join_overlapping(&mut covered);
        let mut covered = covered[..kept].iter().peekable();
        let lines = std::mem::take(&mut self.lines);
        for pair in lines.windows(2) {
            let (row, end) = (pair[0], pair[1].start);
            let mut at = row.start;
            while at < end {
                while covered.next_if(|range| range.1 <= at).is_some() {}
                let next = covered.peek().map_or(u64::MAX, |range| range.0);
                if next > at && row.file != NO_FILE {
                    self.add_loose(at..end.min(next), &row);
                }
                at = covered
                    .peek()
                    .map_or(end, |range| range.1.max(end.min(next)));
            }
        }
    }

    fn add_loose(&mut self, part: Range<u64>, row: &LineRow) {
        let Some((first, last)) = relative(&part, self.setting.load) else {
            return;
        };
        if part.start < self.setting.load || !self.setting.wanted.any_loose_in(first, last) {
            return;
        }
        let Some(path) = self.path_id(row.file) else {
            return;
        };
        // Line programs also have sequences for code that the linker took from another unit.
        for (first, last) in self.setting.index.own_parts(self.number, first, last) {
            self.out.loose.push(LooseLine {
                first,
                last,
                path,
                line: row.line,
            });
        }
    }

    /// Begins the piece at `start`, which the symbol there names, or else what is `stated`.
    fn open_piece(
        &mut self,
        start: u32,
        stated: Option<&Cow<'d, str>>,
        language: Language,
    ) -> OpenPiece {
        self.piece_rows = self.out.rows.len();
        let symbol = self
            .trusts_symbols
            .then(|| self.setting.symbols.name_at(start))
            .flatten();
        let name = self.name_id(symbol.or(stated).cloned().unwrap_or_default());
        OpenPiece {
            function: self.function_id(FunctionName {
                name,
                language,
                entry: Some(start),
            }),
            language,
            known: HashMap::new(),
        }
    }

    /// The function and call site of an inlined call, after those of its callers.
    fn call(&mut self, calls: &[InlinedCall], call: u32, piece: &mut OpenPiece) -> KnownCall {
        // Up to a caller that is known, then down again.
        let mut chain = Vec::new();
        let mut next = Some(call);
        let mut caller = None;
        while let Some(call) = next {
            if let Some(found) = piece.known.get(&call) {
                caller = Some(*found);
                break;
            }
            chain.push(call);
            next = calls[call as usize].caller;
        }
        for call in chain.into_iter().rev() {
            let inlined = calls[call as usize];
            let (function, inherited, site) = match caller {
                Some(caller) => (caller.function, caller.language, Some(caller.site)),
                None => (piece.function, piece.language, None),
            };
            let place = Place {
                path: inlined.site.file.and_then(|file| self.path_id(file)),
                line: u32::try_from(inlined.site.line).unwrap_or(0),
                function,
                site,
            };
            self.out.sites.push(place);
            let origin = self.names.origin(self.number, self.unit, inlined.at);
            let language = origin.language.unwrap_or(inherited);
            let name = self.name_id(origin.name.unwrap_or_default());
            let found = KnownCall {
                function: self.function_id(FunctionName {
                    name,
                    language,
                    entry: None,
                }),
                language,
                site: self.out.sites.len() as u32 - 1,
            };
            piece.known.insert(call, found);
            caller = Some(found);
        }
        caller.expect("the chain holds the call or the call is known")
    }

    fn name_id(&mut self, name: Cow<'d, str>) -> u32 {
        let next = self.out.names.len() as u32;
        match self.name_ids.entry(name) {
            std::collections::hash_map::Entry::Occupied(known) => *known.get(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let name = place.key().clone();
                self.out.names.push(unhidden(self.setting.hidden, name));
                *place.insert(next)
            }
        }
    }

    fn function_id(&mut self, function: FunctionName) -> u32 {
        let functions = &mut self.out.functions;
        *self.function_ids.entry(function).or_insert_with(|| {
            functions.push(function);
            functions.len() as u32 - 1
        })
    }

    /// The path of a file of the line program.
    fn path_id(&mut self, file: u64) -> Option<u32> {
        if file == NO_FILE {
            return None;
        }
        if let Some(known) = self.path_ids.get(&file) {
            return *known;
        }
        let path = self.path(file);
        let id = path.map(|path| {
            self.out.paths.push(path);
            self.out.paths.len() as u32 - 1
        });
        self.path_ids.insert(file, id);
        id
    }

    fn path(&self, file: u64) -> Option<String> {
        let header = self.unit.unit.line_program.as_ref()?.header();
        let entry = header.file(file)?;
        let directory = entry.directory(header).map(|value| self.text(value));
        let name = self.text(entry.path_name());
        let comp_dir = self.unit.unit.comp_dir.map(|dir| self.shown(dir));
        let path = join_path(
            &join_path(
                &comp_dir.unwrap_or_default(),
                &directory.unwrap_or_default(),
            ),
            &name,
        );
        Some(clean_path(&path).into_owned())
    }

    fn text(&self, value: AttributeValue<Slice<'d>>) -> Cow<'_, str> {
        match self.setting.dwarf.attr_string(&self.unit.unit, value) {
            Ok(text) => self.shown(text),
            Err(_) => Cow::Borrowed(""),
        }
    }

    fn shown(&self, text: Slice<'d>) -> Cow<'d, str> {
        unhidden(self.setting.hidden, String::from_utf8_lossy(text.slice()))
    }
}

/// A name or path as it was before bitcode compilation hid it.
fn unhidden<'t>(map: Option<&BcSymbolMap<'_>>, text: Cow<'t, str>) -> Cow<'t, str> {
    match map {
        Some(map) => Cow::Owned(map.resolve(&text).to_owned()),
        None => text,
    }
}
