//! An object file as a Breakpad symbol file (`.sym`), which stack walkers of other makers read.
//!
//! Functions, lines and inlined calls are those of the object's [lookup table](crate::table), so that
//! whoever reads the file answers an address as we do; `STACK` records are those of its
//! [unwind table](crate::unwind_table). Format: `docs/symbol_files.md` of Breakpad, with the `INLINE`
//! records that have the file of the call.
//!
//! # What the format cannot say
//!
//! - The mangled name and the language of a function: names are demangled, as other writers give them.
//! - An address without a file: such a line has no record, such a call names a file that is not listed.
//! - The entry of a function whose pieces lie apart: each piece is a `FUNC` of its own.
//!
//! A function without lines and calls that reaches up to the next one is a `PUBLIC`, whose end readers
//! take from there; all others are `FUNC`, which have a size.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::io::Write;

use symbolic_cfi::CfiErrorKind;
use symbolic_debuginfo::Object;
use symbolic_debuginfo::breakpad::BreakpadModuleRecord;

use crate::bytes::SharedBytes;
use crate::counted::Counted;
use crate::error::{Code, Error};
use crate::object::{build_object_table, parse_single};
use crate::pdb_guard;
use crate::symcache_build::TableOptions;
use crate::table::{Function, Location, NONE, Table};
use crate::unwind_build::{UnwindLimits, unreadable, write_records};

/// Bytes of a name or path; the rest is cut off. The reader of rust-minidump gives up on a file with a
/// line of more than 80 KiB.
const MAX_NAME_BYTES: usize = 32 << 10;

/// Ranges that one `INLINE` line has, for the same reason; what is more has another line.
const MAX_LINE_RANGES: usize = 1024;

/// What stands where a function has no name, as in files of other writers.
const NO_NAME: &str = "<name omitted>";

/// How errors call what is written.
const WHAT: &str = "the symbol file";

/// The files of one module.
#[derive(Clone, Copy)]
pub struct ModuleFiles<'d> {
    /// Has the functions, or at least symbols.
    pub symbols: &'d [u8],
    /// Has the unwind information where `symbols` lacks it: the PE of a PDB, the stripped file of a
    /// `.debug` file.
    pub unwind: Option<&'d [u8]>,
    /// Name of the debug file, without folders. Readers only show it.
    pub name: &'d str,
}

/// What a written file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Size of the file.
    pub bytes: u64,
    /// `FUNC` records.
    pub functions: u64,
    /// `PUBLIC` records.
    pub publics: u64,
}

/// Writes the symbol file of a module; `threads` read its debug information. What was written before
/// an error is no whole file.
///
/// Call this on a thread with several megabytes of stack.
///
/// # Errors
/// As [`build_object_table`] and [`crate::unwind_build::build_unwind_table`];
/// [`Code::UnsupportedObject`] for files that belong to no system with minidumps, and for two files of
/// different modules; [`Code::OutputTooLarge`]; [`Code::Io`] for what `out` fails with.
pub fn write(
    files: ModuleFiles<'_>,
    threads: usize,
    limits: UnwindLimits,
    out: &mut dyn Write,
) -> Result<Written, Error> {
    let symbols = parse_single(files.symbols)?;
    let unwind = files.unwind.map(parse_single).transpose()?;
    let os = os(&symbols)?;
    if let Some(unwind) = &unwind {
        check_same_module(&symbols, unwind)?;
        if matches!(unwind, Object::Pdb(_)) {
            pdb_guard::check(files.unwind.unwrap_or_default())?;
        }
    }
    let options = TableOptions {
        threads,
        ..TableOptions::default()
    };
    let table = build_object_table(files.symbols, &options)?.to_vec();
    let table = Table::open(SharedBytes::new(table))?;
    let mut sym = SymWriter {
        table: &table,
        out: Counted::new(out, limits.max_bytes),
        files: HashMap::new(),
        origins: HashMap::new(),
    };
    sym.module(os, &symbols, unwind.as_ref(), files.name)?;
    sym.names()?;
    let (functions, publics) = sym.functions()?;
    sym.stack(unwind.as_ref().unwrap_or(&symbols), limits.max_chain)?;
    Ok(Written {
        bytes: sym.out.written(),
        functions,
        publics,
    })
}

/// The system in the `MODULE` line.
fn os<'d>(object: &Object<'d>) -> Result<Cow<'d, str>, Error> {
    match object {
        Object::Breakpad(sym) => {
            let first = sym.data().split(|byte| *byte == b'\n').next();
            BreakpadModuleRecord::parse(first.unwrap_or_default())
                .map(|record| record.os.into())
                .map_err(|error| Error::caused(Code::MalformedObject, &error))
        }
        Object::Elf(_) => Ok("Linux".into()),
        Object::MachO(_) => Ok("mac".into()),
        Object::Pe(_) | Object::Pdb(_) => Ok("windows".into()),
        _ => Err(Error::new(
            Code::UnsupportedObject,
            format!(
                "a file of the kind {} has no symbol file",
                object.file_format()
            ),
        )),
    }
}

fn check_same_module(symbols: &Object<'_>, unwind: &Object<'_>) -> Result<(), Error> {
    let (ours, other) = (symbols.debug_id(), unwind.debug_id());
    if ours == other {
        return Ok(());
    }
    Err(Error::new(
        Code::UnsupportedObject,
        format!("unwind information of {other} for symbols of {ours}"),
    ))
}

struct SymWriter<'t, 'o> {
    table: &'t Table,
    out: Counted<'o>,
    /// Numbers of files, by offset of the path.
    files: HashMap<u32, u32>,
    /// Numbers of inlined functions, by offset of the demangled name.
    origins: HashMap<u32, u32>,
}

impl SymWriter<'_, '_> {
    fn line(&mut self, line: fmt::Arguments<'_>) -> Result<(), Error> {
        writeln!(self.out, "{line}").map_err(|_| self.out.refused(WHAT))
    }

    fn module(
        &mut self,
        os: Cow<'_, str>,
        symbols: &Object<'_>,
        unwind: Option<&Object<'_>>,
        name: &str,
    ) -> Result<(), Error> {
        let (arch, id, name) = (symbols.arch().name(), symbols.debug_id(), one_line(name));
        self.line(format_args!("MODULE {os} {arch} {} {name}", id.breakpad()))?;
        // A PDB does not know the id of its PE.
        let code_id = symbols
            .code_id()
            .or_else(|| unwind.and_then(Object::code_id));
        if let Some(code_id) = code_id {
            let code_id = code_id.as_str().to_ascii_uppercase();
            self.line(format_args!("INFO CODE_ID {code_id}"))?;
        }
        Ok(())
    }

    /// Writes and numbers the paths, then the names of inlined functions.
    fn names(&mut self) -> Result<(), Error> {
        let table = self.table;
        let locations = 0..table.location_count() as u32;
        for index in locations.clone() {
            let path = table.location(index)?.path;
            if let Some(number) = numbered(&mut self.files, path) {
                let path = one_line(table.string(path)?);
                self.line(format_args!("FILE {number} {path}"))?;
            }
        }
        for index in locations {
            let location = table.location(index)?;
            if location.inlined_into == NONE {
                continue;
            }
            let name = table.function(location.function)?.function;
            if let Some(number) = numbered(&mut self.origins, name) {
                let name = name_line(table.string(name)?);
                self.line(format_args!("INLINE_ORIGIN {number} {name}"))?;
            }
        }
        Ok(())
    }

    /// Writes `FUNC` records, then `PUBLIC` ones; tells how many.
    fn functions(&mut self) -> Result<(u64, u64), Error> {
        let table = self.table;
        let mut publics = Vec::new();
        let mut functions = 0;
        let mut open: Option<FunctionLines> = None;
        let mut calls = Vec::new();
        let mut ranges = table.ranges().peekable();
        while let Some((start, location)) = ranges.next() {
            let end = ranges.peek().map_or(1 << 32, |(next, _)| u64::from(*next));
            let innermost = table.location(location)?;
            self.outermost_first(innermost, &mut calls)?;
            let outermost = calls.first().map_or(innermost, |(_, site)| *site);
            let goes_on = |open: &FunctionLines| open.function == outermost.function;
            if let Some(done) = open.take_if(|open| !goes_on(open)) {
                let abuts = outermost.function != NONE;
                functions += self.function(done, abuts, &mut publics)?;
            }
            if outermost.function == NONE {
                continue;
            }
            open.get_or_insert_with(|| FunctionLines::new(outermost.function, start))
                .add(self, start.into()..end, innermost, &calls)?;
        }
        if let Some(done) = open {
            functions += self.function(done, true, &mut publics)?;
        }
        for (start, function) in &publics {
            let name = name_line(table.string(table.function(*function)?.function)?);
            self.line(format_args!("PUBLIC {start:x} 0 {name}"))?;
        }
        Ok((functions, publics.len() as u64))
    }

    /// The calls that a location was inlined by, outermost first: what was called, and from where.
    fn outermost_first(
        &self,
        innermost: Location,
        calls: &mut Vec<(Call, Location)>,
    ) -> Result<(), Error> {
        calls.clear();
        let mut callee = innermost;
        let mut bound = u32::MAX;
        while callee.inlined_into != NONE {
            let site = callee.inlined_into;
            if site >= bound {
                return Err(Error::new(Code::Internal, "calls that lead in a circle"));
            }
            bound = site;
            let caller = self.table.location(site)?;
            let name = self.table.function(callee.function)?.function;
            calls.push((Call { name, site }, caller));
            callee = caller;
        }
        calls.reverse();
        Ok(())
    }

    /// Writes a function, or leaves it to be written as `PUBLIC`; tells how many were written.
    fn function(
        &mut self,
        done: FunctionLines,
        abuts: bool,
        publics: &mut Vec<(u32, u32)>,
    ) -> Result<u64, Error> {
        let Function {
            function: name,
            entry_pc,
            ..
        } = self.table.function(done.function)?;
        if abuts && entry_pc == done.start && done.lines.is_empty() && done.calls.is_empty() {
            publics.push((done.start, done.function));
            return Ok(0);
        }
        let name = name_line(self.table.string(name)?);
        let size = done.end - u64::from(done.start);
        self.line(format_args!("FUNC {:x} {size:x} 0 {name}", done.start))?;
        for call in &done.calls {
            for ranges in call.ranges.chunks(MAX_LINE_RANGES) {
                self.inline(call, ranges)?;
            }
        }
        for line in &done.lines {
            let SourceLine {
                start,
                end,
                line,
                file,
            } = line;
            let size = end - start;
            self.line(format_args!("{start:x} {size:x} {line} {file}"))?;
        }
        Ok(1)
    }

    fn inline(&mut self, call: &InlinedCall, ranges: &[(u64, u64)]) -> Result<(), Error> {
        let InlinedCall {
            depth,
            line,
            file,
            origin,
            ..
        } = call;
        let head = write!(self.out, "INLINE {depth} {line} {file} {origin}");
        head.and_then(|()| {
            ranges
                .iter()
                .try_for_each(|(start, end)| write!(self.out, " {start:x} {:x}", end - start))
        })
        .and_then(|()| writeln!(self.out))
        .map_err(|_| self.out.refused(WHAT))
    }

    /// The number of a file; that of none is not listed.
    fn file(&self, path: u32) -> u32 {
        let none = self.files.len() as u32;
        self.files.get(&path).copied().unwrap_or(none)
    }

    /// Writes the `STACK` records. An object whose format or machine nobody unwinds has none.
    fn stack(&mut self, object: &Object<'_>, max_chain: usize) -> Result<(), Error> {
        let Err(error) = write_records(object, &mut self.out, max_chain) else {
            return Ok(());
        };
        match error.kind() {
            CfiErrorKind::UnsupportedArch | CfiErrorKind::UnsupportedDebugFormat => Ok(()),
            CfiErrorKind::WriteFailed => Err(self.out.refused(WHAT)),
            _ => Err(unreadable(&error, max_chain)),
        }
    }
}

/// The next number for a string that has none yet; none for no string.
fn numbered(numbers: &mut HashMap<u32, u32>, string: u32) -> Option<u32> {
    let next = numbers.len() as u32;
    match numbers.entry(string) {
        Entry::Vacant(entry) if string != NONE => Some(*entry.insert(next)),
        _ => None,
    }
}

/// An inlined call: offset of the name of what is called, index of the location it is called from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Call {
    name: u32,
    site: u32,
}

/// A function, or a piece of it, as it is collected.
struct FunctionLines {
    function: u32,
    start: u32,
    end: u64,
    lines: Vec<SourceLine>,
    calls: Vec<InlinedCall>,
    call_numbers: HashMap<(usize, Call), usize>,
}

struct SourceLine {
    start: u64,
    end: u64,
    line: u32,
    file: u32,
}

struct InlinedCall {
    depth: usize,
    line: u32,
    file: u32,
    origin: u32,
    ranges: Vec<(u64, u64)>,
}

impl FunctionLines {
    fn new(function: u32, start: u32) -> FunctionLines {
        FunctionLines {
            function,
            start,
            end: start.into(),
            lines: Vec::new(),
            calls: Vec::new(),
            call_numbers: HashMap::new(),
        }
    }

    fn add(
        &mut self,
        sym: &SymWriter<'_, '_>,
        range: std::ops::Range<u64>,
        innermost: Location,
        calls: &[(Call, Location)],
    ) -> Result<(), Error> {
        let std::ops::Range { start, end } = range;
        self.end = end;
        if innermost.path != NONE || innermost.line != 0 {
            self.lines.push(SourceLine {
                start,
                end,
                line: innermost.line,
                file: sym.file(innermost.path),
            });
        }
        for (depth, (call, caller)) in calls.iter().enumerate() {
            let number = match self.call_numbers.entry((depth, *call)) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    let origin = *sym.origins.get(&call.name).ok_or_else(|| {
                        Error::new(Code::Internal, "an inlined function without a number")
                    })?;
                    self.calls.push(InlinedCall {
                        depth,
                        line: caller.line,
                        file: sym.file(caller.path),
                        origin,
                        ranges: Vec::new(),
                    });
                    *entry.insert(self.calls.len() - 1)
                }
            };
            let ranges = &mut self.calls[number].ranges;
            match ranges.last_mut() {
                Some((_, last)) if *last == start => *last = end,
                _ => ranges.push((start, end)),
            }
        }
        Ok(())
    }
}

fn name_line(name: &str) -> Cow<'_, str> {
    match one_line(name) {
        name if name.is_empty() => NO_NAME.into(),
        name => name,
    }
}

/// A text that is one field at the end of a line: no text may begin a record of its own.
fn one_line(text: &str) -> Cow<'_, str> {
    let mut end = text.len().min(MAX_NAME_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text[..end].trim_matches(|c: char| c.is_ascii_whitespace());
    if text.contains(|c: char| c.is_control()) {
        return text.replace(|c: char| c.is_control(), " ").into();
    }
    text.into()
}
