//! Functions of units and symbols into one table.
//!
//! What an address is in, as [`TableBuilder::finish`] decides it:
//!
//! 1. Of the pieces of functions that cover it, the one that begins last; of these the shortest; of
//!    these the first in the order of the object. Several units may hold the same function.
//! 2. Where no piece covers it, the last symbol that begins at or before it, as far as its size
//!    reaches; a symbol without a size reaches to the next function or symbol, or to the end of its
//!    section. Its line is that of
//!    whatever unit has one there; of several the one that begins first.
//! 3. Otherwise nothing.
//!
//! So an answer depends on what is around its address and on nothing else, which is what lets
//! `dwarf_lookup` give the same one from a table of a few functions.

use std::borrow::Cow;
use std::collections::HashMap;

use symbolic_common::{Arch, DebugId, Language};
use symbolic_il2cpp::LineMapping;
use watto::StringTable;

use crate::demangle::demangle_all;
use crate::dwarf_functions::{LooseLine, Place, UnitRows};
use crate::error::{Code, Error};
use crate::symbols::{KnownSymbol, Symbols, undecorated};
use crate::table::{Function, Location, NONE, RECORD_BYTES, TableImage};
use crate::wire;

/// A table in the making.
pub(crate) struct TableBuilder<'m, 'd> {
    managed: Option<&'m LineMapping>,
    strings: StringTable,
    /// Names with their languages, each once: what has to be demangled.
    names: Vec<(Cow<'d, str>, Language)>,
    name_ids: HashMap<(Cow<'d, str>, Language), u32>,
    /// By index of the name and entry address, [`NONE`] for an inlined function.
    functions: Vec<(u32, u32)>,
    function_ids: HashMap<(u32, u32), u32>,
    sites: Vec<Location>,
    site_ids: HashMap<Location, u32>,
    rows: Vec<(u32, Location)>,
    pieces: Vec<BuiltPiece>,
    /// With paths as string offsets.
    loose: Vec<LooseLine>,
}

/// A piece of a function, both ends inclusive, with its rows.
#[derive(Clone, Copy)]
struct BuiltPiece {
    first: u32,
    last: u32,
    /// Begin and end in [`TableBuilder::rows`].
    rows: (usize, usize),
}

/// What a table says of the object as a whole, and how to finish it.
pub(crate) struct Finish {
    pub arch: Arch,
    pub debug_id: DebugId,
    /// Whether symbols carry the decorations of 32-bit Windows.
    pub decorated: bool,
    /// Threads that demangle.
    pub threads: usize,
}

impl<'m, 'd> TableBuilder<'m, 'd> {
    /// An empty table; `managed` replaces lines of generated C++.
    pub(crate) fn new(managed: Option<&'m LineMapping>) -> Self {
        TableBuilder {
            managed,
            strings: StringTable::new(),
            names: Vec::new(),
            name_ids: HashMap::new(),
            functions: Vec::new(),
            function_ids: HashMap::new(),
            sites: Vec::new(),
            site_ids: HashMap::new(),
            rows: Vec::new(),
            pieces: Vec::new(),
            loose: Vec::new(),
        }
    }

    /// Adds the functions of a unit. Units come in the order of the object.
    ///
    /// # Errors
    /// [`Code::OutputTooLarge`] when the strings pass 4 GiB.
    pub(crate) fn add_unit(&mut self, unit: UnitRows<'d>) -> Result<(), Error> {
        let mut paths = Vec::with_capacity(unit.paths.len());
        for path in &unit.paths {
            paths.push(intern(&mut self.strings, path)?);
        }
        let functions: Vec<u32> = unit
            .functions
            .iter()
            .map(|function| {
                let name = unit.names[function.name as usize].clone();
                self.function_id(name, function.language, function.entry)
            })
            .collect();
        let mut sites: Vec<u32> = Vec::with_capacity(unit.sites.len());
        for site in &unit.sites {
            let location = self.location(site, &unit, &paths, &functions, &sites)?;
            let id = self.site_id(location);
            sites.push(id);
        }
        let base = self.rows.len();
        self.rows.reserve(unit.rows.len());
        for row in &unit.rows {
            let location = self.location(&row.place, &unit, &paths, &functions, &sites)?;
            self.rows.push((row.start, location));
        }
        self.pieces
            .extend(unit.pieces.iter().map(|piece| BuiltPiece {
                first: piece.first,
                last: piece.last,
                rows: (base + piece.rows.start, base + piece.rows.end),
            }));
        for own in &unit.loose {
            let (path, line) = self.source(own.path, own.line, &unit, &paths)?;
            self.loose.push(LooseLine { path, line, ..*own });
        }
        Ok(())
    }

    fn location(
        &mut self,
        place: &Place,
        unit: &UnitRows<'d>,
        paths: &[u32],
        functions: &[u32],
        sites: &[u32],
    ) -> Result<Location, Error> {
        let (path, line) = match place.path {
            Some(path) => self.source(path, place.line, unit, paths)?,
            None => (NONE, place.line),
        };
        Ok(Location {
            path,
            line,
            function: functions[place.function as usize],
            inlined_into: place.site.map_or(NONE, |site| sites[site as usize]),
        })
    }

    /// The string offset of a path, and the line, of which il2cpp may know better ones.
    fn source(
        &mut self,
        path: u32,
        line: u32,
        unit: &UnitRows<'d>,
        paths: &[u32],
    ) -> Result<(u32, u32), Error> {
        let text = &unit.paths[path as usize];
        match self.managed.and_then(|map| map.lookup(text, line)) {
            Some((source, source_line)) => Ok((intern(&mut self.strings, source)?, source_line)),
            None => Ok((paths[path as usize], line)),
        }
    }

    fn function_id(&mut self, name: Cow<'d, str>, language: Language, entry: Option<u32>) -> u32 {
        let names = &mut self.names;
        let key = (name, language);
        let name = *self.name_ids.entry(key).or_insert_with_key(|key| {
            names.push(key.clone());
            names.len() as u32 - 1
        });
        let functions = &mut self.functions;
        let key = (name, entry.unwrap_or(NONE));
        *self.function_ids.entry(key).or_insert_with(|| {
            functions.push(key);
            functions.len() as u32 - 1
        })
    }

    fn site_id(&mut self, site: Location) -> u32 {
        let sites = &mut self.sites;
        *self.site_ids.entry(site).or_insert_with(|| {
            sites.push(site);
            sites.len() as u32 - 1
        })
    }

    /// Adds the symbols and gives the table.
    ///
    /// # Errors
    /// [`Code::OutputTooLarge`] when the strings pass 4 GiB or there are more locations than 32 bits
    /// can count.
    pub(crate) fn finish(
        mut self,
        symbols: &Symbols<'d>,
        finish: &Finish,
    ) -> Result<TableImage, Error> {
        // What is only needed to add more goes first: the rest needs the memory.
        self.site_ids = HashMap::new();
        let out = self.lay_out(symbols, finish.decorated);
        self.rows = Vec::new();
        self.pieces = Vec::new();
        self.name_ids = HashMap::new();
        self.function_ids = HashMap::new();
        let mut locations =
            Vec::with_capacity((self.sites.len() + out.starts.len()) * RECORD_BYTES);
        for location in self.sites.iter().chain(&out.locations) {
            locations.extend_from_slice(&location.to_bytes());
        }
        if locations.len() / RECORD_BYTES >= NONE as usize {
            return Err(Error::new(
                Code::OutputTooLarge,
                "the object has more lines and calls than 32 bits can count",
            ));
        }
        Ok(TableImage {
            arch: finish.arch,
            debug_id: finish.debug_id,
            ranges: out.starts.iter().flat_map(|at| at.to_le_bytes()).collect(),
            locations,
            functions: encode_functions(
                &self.names,
                self.functions.iter().copied(),
                &mut self.strings,
                finish.threads,
            )?,
            strings: self.strings.into_bytes(),
            symcache: None,
        })
    }

    /// Walks all pieces in ascending order, with the symbols between them.
    fn lay_out(&mut self, symbols: &Symbols<'d>, decorated: bool) -> Ranges {
        self.cut_loose_lines();
        // Where two begin at one address the longer comes first, and of the same ones the later: what
        // comes last here hides what came before.
        let mut order: Vec<u32> = (0..self.pieces.len() as u32).collect();
        order.sort_unstable_by_key(|index| {
            let piece = &self.pieces[*index as usize];
            (piece.first, u32::MAX - piece.last, u32::MAX - index)
        });
        let mut walk = Walk {
            symbols,
            decorated,
            at: 0,
            open: Vec::new(),
            out: Ranges::default(),
        };
        for index in order {
            let piece = self.pieces[index as usize];
            self.until(piece.first.into(), &mut walk);
            walk.open.push(piece);
        }
        self.until(1 << 32, &mut walk);
        walk.out
    }

    /// Of loose lines that overlap, leaves each address to the one that begins first.
    fn cut_loose_lines(&mut self) {
        self.loose.sort_by_key(|line| line.first);
        let mut reached = None;
        self.loose.retain_mut(|line| {
            if let Some(last) = reached {
                if line.last <= last {
                    return false;
                }
                line.first = line.first.max(last + 1);
            }
            reached = Some(line.last);
            true
        });
    }

    /// Lays out everything up to `to`, before which no other piece begins.
    fn until(&mut self, to: u64, walk: &mut Walk<'_, 'd>) {
        while walk.at < to {
            let at = walk.at;
            while walk
                .open
                .pop_if(|piece| u64::from(piece.last) < at)
                .is_some()
            {}
            match walk.open.last() {
                Some(piece) => {
                    let end = to.min(u64::from(piece.last) + 1);
                    let rows = &self.rows[piece.rows.0..piece.rows.1];
                    copy_rows(rows, at, end, &mut walk.out);
                    walk.at = end;
                }
                None => {
                    self.symbols_until(to, walk);
                    walk.at = to;
                }
            }
        }
    }

    /// Lays out everything up to `to`, where there is no function.
    fn symbols_until(&mut self, to: u64, walk: &mut Walk<'_, 'd>) {
        let from = walk.at;
        let list = walk.symbols.list();
        let next = list.partition_point(|symbol| u64::from(symbol.start) <= from);
        let before = next.checked_sub(1).map(|index| &list[index]);
        // Without a size, one that begins before the gap ends with the function in front of it.
        let before = before.filter(|symbol| symbol.size > 0 || u64::from(symbol.start) == from);
        let within = list[next..].iter();
        let within = within.take_while(|symbol| u64::from(symbol.start) < to);
        let mut parts = before.into_iter().chain(within).peekable();
        let mut covered = from;
        while let Some(symbol) = parts.next() {
            let start = u64::from(symbol.start).max(from);
            if covered < start {
                walk.out.push(covered, gap());
            }
            let limit = parts.peek().map_or(to, |next| u64::from(next.start));
            let end = match symbol.size {
                0 => symbol.section_end.map_or(limit, |end| limit.min(end)),
                size => limit.min(u64::from(symbol.start).saturating_add(size)),
            };
            if start < end {
                let location = self.symbol_location(symbol, walk.decorated);
                self.with_lines(start, end, location, &mut walk.out);
            }
            covered = end.max(start);
        }
        if covered < to {
            walk.out.push(covered, gap());
        }
    }

    /// Lays out a symbol at `from..to`, with lines where there are some.
    fn with_lines(&self, from: u64, to: u64, symbol: Location, out: &mut Ranges) {
        let mut at = from;
        let next = self
            .loose
            .partition_point(|line| u64::from(line.last) < from);
        for line in &self.loose[next..] {
            let start = u64::from(line.first).max(from);
            if start >= to {
                break;
            }
            if at < start {
                out.push(at, symbol);
            }
            let Location { function, .. } = symbol;
            out.push(
                start,
                Location {
                    path: line.path,
                    line: line.line,
                    function,
                    inlined_into: NONE,
                },
            );
            at = (u64::from(line.last) + 1).min(to);
        }
        if at < to {
            out.push(at, symbol);
        }
    }

    fn symbol_location(&mut self, symbol: &KnownSymbol<'d>, decorated: bool) -> Location {
        let name = match (decorated, &symbol.name) {
            (false, name) => name.clone(),
            (true, Cow::Borrowed(name)) => Cow::Borrowed(undecorated(name)),
            (true, Cow::Owned(name)) => Cow::Owned(undecorated(name).to_owned()),
        };
        Location {
            function: self.function_id(name, Language::Unknown, Some(symbol.start)),
            ..gap()
        }
    }
}

/// The function section: of each function the index of its name and its entry address. Each name is
/// demangled once.
///
/// # Errors
/// [`Code::OutputTooLarge`] when the strings pass 4 GiB.
pub(crate) fn encode_functions<T: AsRef<str> + Sync>(
    names: &[(T, Language)],
    functions: impl ExactSizeIterator<Item = (u32, u32)>,
    strings: &mut StringTable,
    threads: usize,
) -> Result<Vec<u8>, Error> {
    let mut offsets = Vec::with_capacity(names.len());
    for batch in names.chunks(DEMANGLE_BATCH) {
        for ((symbol, _), demangled) in batch.iter().zip(demangle_all(batch, threads)) {
            let symbol = intern(strings, symbol.as_ref())?;
            let function = match demangled {
                Some(demangled) => intern(strings, &demangled)?,
                None => symbol,
            };
            offsets.push((symbol, function));
        }
    }
    let mut section = Vec::with_capacity(functions.len() * RECORD_BYTES);
    for (name, entry_pc) in functions {
        let (symbol, function) = offsets[name as usize];
        let record = Function {
            symbol,
            function,
            entry_pc,
            lang: wire::language_index(names[name as usize].1),
        };
        section.extend_from_slice(&record.to_bytes());
    }
    Ok(section)
}

/// Where the walk over all addresses is.
struct Walk<'w, 'd> {
    symbols: &'w Symbols<'d>,
    decorated: bool,
    /// Everything below is laid out.
    at: u64,
    /// Pieces that were begun; the last one that reaches further counts.
    open: Vec<BuiltPiece>,
    out: Ranges,
}

/// Names demangled between two visits to the string table: bounds what waits in memory.
const DEMANGLE_BATCH: usize = 1 << 16;

/// Copies the rows that reach into `from..to`.
fn copy_rows(rows: &[(u32, Location)], from: u64, to: u64, out: &mut Ranges) {
    let next = rows.partition_point(|row| u64::from(row.0) <= from);
    // Rows that are not wanted are left out, so that the first can begin later.
    if let Some(index) = next.checked_sub(1) {
        out.push(from, rows[index].1);
    }
    for (start, location) in &rows[next..] {
        if u64::from(*start) >= to {
            break;
        }
        out.push((*start).into(), *location);
    }
}

fn gap() -> Location {
    Location {
        path: NONE,
        line: 0,
        function: NONE,
        inlined_into: NONE,
    }
}

/// Ranges with their locations, ascending; neighbours differ.
#[derive(Default)]
struct Ranges {
    starts: Vec<u32>,
    locations: Vec<Location>,
}

impl Ranges {
    fn push(&mut self, start: u64, location: Location) {
        if self.locations.last() == Some(&location) {
            return;
        }
        // Before the first range there is nothing to end.
        if self.starts.is_empty() && location.function == NONE {
            return;
        }
        self.starts.push(start as u32);
        self.locations.push(location);
    }
}

/// The offset of a string in the table.
pub(crate) fn intern(strings: &mut StringTable, text: &str) -> Result<u32, Error> {
    // NONE is not an offset.
    match u32::try_from(strings.insert(text)) {
        Ok(offset) if offset != NONE => Ok(offset),
        _ => Err(Error::new(
            Code::OutputTooLarge,
            "the strings of the object pass 4 GiB",
        )),
    }
}
