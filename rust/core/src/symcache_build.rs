//! Objects to tables: symbolic collects functions, lines and inlining; we transcode its result.
//!
//! Two steps. [`convert`] runs symbolic's converter over anything that is
//! [`ObjectLike`], which gives a SymCache in memory. [`transcode`] reads that format's fixed-size
//! records (version 9) and writes a [`TableImage`]: each path joined and cleaned once, each name
//! demangled once. [`build_table`] is both.

use std::collections::HashMap;
use std::io::{self, Write};

use symbolic_common::{Arch, DebugId, Language, Uuid, clean_path, join_path};
use symbolic_debuginfo::ObjectLike;
use symbolic_debuginfo::elf::ElfObject;
use symbolic_debuginfo::macho::BcSymbolMap;
use symbolic_il2cpp::LineMapping;
use symbolic_symcache::{SYMCACHE_VERSION, SymCacheConverter};
use watto::StringTable;

use crate::error::{Code, Error};
use crate::symbols::CodeSections;
use crate::table::{self, Location, NONE, TableImage};
use crate::table_build::{encode_functions, intern};
use crate::transform::{HiddenNames, ManagedLines};

/// What to do with an object on the way into a table.
#[derive(Clone, Copy, Default)]
pub struct TableOptions<'m> {
    /// Restores names and paths that bitcode compilation hid.
    pub bcsymbolmap: Option<&'m BcSymbolMap<'m>>,
    /// Replaces generated C++ lines by the C# lines they came from.
    pub il2cpp: Option<&'m LineMapping>,
    /// Keeps names and types of variables.
    pub variables: bool,
    /// Threads that demangle, each with its own large stack; 0 counts as 1.
    pub threads: usize,
}

/// Converts an object to a table.
///
/// Call this on a thread with several megabytes of stack.
///
/// # Errors
/// As [`convert`] and [`transcode`].
pub fn build_table<'d, 'o, O>(
    object: &'o O,
    options: &TableOptions<'_>,
) -> Result<TableImage, Error>
where
    O: ObjectLike<'d, 'o>,
    O::Error: std::error::Error + Send + Sync + 'static,
{
    let symcache = convert(object, options)?;
    transcode(symcache, options)
}

/// Runs symbolic's converter over an object and gives its SymCache.
///
/// # Errors
/// [`Code::MalformedDebugInfo`] when the debug information cannot be read,
/// [`Code::OutputTooLarge`] when the result would not fit the format's 32-bit offsets.
pub fn convert<'d, 'o, O>(object: &'o O, options: &TableOptions<'_>) -> Result<Vec<u8>, Error>
where
    O: ObjectLike<'d, 'o>,
    O::Error: std::error::Error + Send + Sync + 'static,
{
    let mut converter = new_converter(options);
    converter
        .process_object(object)
        .map_err(|error| Error::caused(Code::MalformedDebugInfo, &error))?;
    serialize(converter)
}

/// Converts an ELF object that has nothing but symbols. One without a size reaches to the end of its section at most.
///
/// # Errors
/// As [`convert`] and [`transcode`].
pub(crate) fn build_symbol_table(
    object: &ElfObject<'_>,
    sections: &CodeSections,
    options: &TableOptions<'_>,
) -> Result<TableImage, Error> {
    let mut converter = new_converter(options);
    converter.set_arch(object.arch());
    converter.set_debug_id(object.debug_id());
    for mut symbol in object.symbols() {
        if symbol.size == 0 {
            let end = sections.end(symbol.address);
            symbol.size = end.map_or(0, |end| end - symbol.address);
        }
        converter.process_symbolic_symbol(&symbol);
    }
    transcode(serialize(converter)?, options)
}

fn new_converter<'m>(options: &TableOptions<'m>) -> SymCacheConverter<'m> {
    let mut converter = SymCacheConverter::new();
    converter.set_collect_variables(options.variables);
    if let Some(map) = options.bcsymbolmap {
        converter.add_transformer(HiddenNames(map));
    }
    if let Some(map) = options.il2cpp {
        converter.add_transformer(ManagedLines(map));
    }
    converter
}

fn serialize(converter: SymCacheConverter<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Bounded(Vec::new());
    converter.serialize(&mut out).map_err(|_| {
        Error::new(
            Code::OutputTooLarge,
            format!("the SymCache would be larger than {MAX_SYMCACHE_BYTES} bytes"),
        )
    })?;
    Ok(out.0)
}

/// Bytes that a SymCache may have: its string offsets are 32 bits and wrap without notice, and the
/// records of a file with so many strings are smaller than the strings.
const MAX_SYMCACHE_BYTES: usize = 8 << 30;

struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() > MAX_SYMCACHE_BYTES - self.0.len() {
            return Err(io::Error::other("bound reached"));
        }
        self.0.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Turns a SymCache into a table image.
///
/// # Errors
/// [`Code::Internal`] when the input is not a whole SymCache of the version we know (it was written
/// by [`convert`] a moment ago), [`Code::OutputTooLarge`] when the strings pass 4 GiB.
pub fn transcode(symcache: Vec<u8>, options: &TableOptions<'_>) -> Result<TableImage, Error> {
    let raw = RawSymCache::parse(&symcache, options.variables)?;
    let mut strings = StringTable::new();
    let paths = intern_paths(&raw, &mut strings)?;
    let functions = intern_functions(&raw, &mut strings, options.threads.max(1))?;
    let locations = rewrite_locations(&raw, &paths)?;
    if !raw.ranges.is_sorted_by(|a, b| number(a) < number(b)) {
        return Err(unexpected("ranges out of order"));
    }
    Ok(TableImage {
        arch: raw.arch,
        debug_id: raw.debug_id,
        ranges: raw.ranges.as_flattened().to_vec(),
        locations,
        functions,
        strings: strings.into_bytes(),
        symcache: options.variables.then_some(symcache),
    })
}

/// The sections of a version 9 SymCache, by record.
///
/// Records as symbolic's `v9/raw.rs` defines them: a file is comp_dir, directory, name and three
/// source server offsets; a function is name, unused, entry_pc, language; a location is file, line,
/// function, inlined_into.
struct RawSymCache<'a> {
    arch: Arch,
    debug_id: DebugId,
    files: &'a [[u8; 24]],
    functions: &'a [[u8; 16]],
    locations: &'a [[u8; 16]],
    ranges: &'a [[u8; 4]],
    strings: &'a [u8],
}

/// Preamble (magic, version) and header of a SymCache, in bytes.
const SYMCACHE_HEADER_BYTES: usize = 80;

impl<'a> RawSymCache<'a> {
    fn parse(bytes: &'a [u8], with_variables: bool) -> Result<Self, Error> {
        let header = bytes
            .get(..SYMCACHE_HEADER_BYTES)
            .ok_or_else(|| unexpected("shorter than its header"))?;
        if &header[..4] != b"SYMC" || field(header, 4) != SYMCACHE_VERSION || SYMCACHE_VERSION != 9
        {
            return Err(unexpected("another magic or version"));
        }
        let mut cursor = Cursor {
            bytes,
            at: SYMCACHE_HEADER_BYTES,
        };
        let sections = RawSymCache {
            arch: Arch::from_u32(field(header, 40)),
            debug_id: debug_id(&header[8..40]),
            files: cursor.records(field(header, 44))?,
            functions: cursor.records(field(header, 48))?,
            locations: cursor.records(field(header, 52))?,
            ranges: cursor.records(field(header, 56))?,
            strings: cursor.records::<1>(field(header, 60))?.as_flattened(),
        };
        // Counts are 32 bits and wrap when an object is too large for the format: then the sections
        // do not add up to the file.
        if !with_variables && cursor.at != bytes.len() {
            return Err(Error::new(
                Code::OutputTooLarge,
                "the object is too large for the 32-bit counts of a SymCache",
            ));
        }
        if sections.ranges.len() > sections.locations.len() {
            return Err(unexpected("more ranges than locations"));
        }
        Ok(sections)
    }

    fn string(&self, offset: u32) -> Option<&'a str> {
        table::read_string(self.strings, offset)
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn records<const N: usize>(&mut self, count: u32) -> Result<&'a [[u8; N]], Error> {
        let start = self.at.next_multiple_of(8);
        let end = (count as usize)
            .checked_mul(N)
            .and_then(|len| start.checked_add(len));
        let section = end
            .and_then(|end| self.bytes.get(start..end))
            .ok_or_else(|| unexpected("a section ends behind the file"))?;
        self.at = start + section.len();
        Ok(section.as_chunks().0)
    }
}

/// Offset of each file's full path: the same joins and the same cleaning as symbolic's
/// `File::full_path`.
fn intern_paths(raw: &RawSymCache<'_>, strings: &mut StringTable) -> Result<Vec<u32>, Error> {
    let text = |offset: u32| raw.string(offset).unwrap_or_default();
    let mut paths = Vec::with_capacity(raw.files.len());
    for file in raw.files {
        let [comp_dir, directory, name] = [0, 4, 8].map(|at| text(field(file, at)));
        let path = join_path(&join_path(comp_dir, directory), name);
        paths.push(intern(strings, &clean_path(&path))?);
    }
    Ok(paths)
}

/// The function section. Each distinct pair of name and language is demangled once.
fn intern_functions(
    raw: &RawSymCache<'_>,
    strings: &mut StringTable,
    threads: usize,
) -> Result<Vec<u8>, Error> {
    let mut index_of: HashMap<(u32, u32), u32> = HashMap::new();
    let mut names: Vec<(&str, Language)> = Vec::new();
    let mut name_of_function = Vec::with_capacity(raw.functions.len());
    for function in raw.functions {
        let (name, lang) = (field(function, 0), field(function, 12));
        let index = *index_of.entry((name, lang)).or_insert_with(|| {
            // "?" is what symbolic answers for a name it cannot read.
            names.push((raw.string(name).unwrap_or("?"), Language::from_u32(lang)));
            names.len() as u32 - 1
        });
        name_of_function.push(index);
    }
    let entries = raw.functions.iter().map(|function| field(function, 8));
    encode_functions(
        &names,
        name_of_function.into_iter().zip(entries),
        strings,
        threads,
    )
}

/// The location section: file indexes become path offsets, every index is checked.
fn rewrite_locations(raw: &RawSymCache<'_>, paths: &[u32]) -> Result<Vec<u8>, Error> {
    let mut section = Vec::with_capacity(raw.locations.len() * table::RECORD_BYTES);
    for (index, location) in raw.locations.iter().enumerate() {
        let [file, line, function, inlined_into] = [0, 4, 8, 12].map(|at| field(location, at));
        if function == NONE {
            let gap = Location {
                path: NONE,
                line: 0,
                function: NONE,
                inlined_into: NONE,
            };
            section.extend_from_slice(&gap.to_bytes());
            continue;
        }
        if function as usize >= raw.functions.len() {
            return Err(unexpected("a location names a function that is not there"));
        }
        if inlined_into != NONE && inlined_into as usize >= index {
            return Err(unexpected("a call site behind what was inlined there"));
        }
        let path = match file {
            NONE => NONE,
            file => *paths
                .get(file as usize)
                .ok_or_else(|| unexpected("a location names a file that is not there"))?,
        };
        let location = Location {
            path,
            line,
            function,
            inlined_into,
        };
        section.extend_from_slice(&location.to_bytes());
    }
    Ok(section)
}

/// The debug id field of a SymCache: 16 bytes of UUID, the age, and in the last byte the kind (1 = the
/// timestamp of a PDB 2.0 in the first four bytes, big endian).
fn debug_id(field_bytes: &[u8]) -> DebugId {
    let mut uuid = [0; 16];
    uuid.copy_from_slice(&field_bytes[..16]);
    let age = field(field_bytes, 16);
    if field_bytes[31] == 1 {
        DebugId::from_pdb20(
            u32::from_be_bytes([uuid[0], uuid[1], uuid[2], uuid[3]]),
            age,
        )
    } else {
        DebugId::from_parts(Uuid::from_bytes(uuid), age)
    }
}

fn unexpected(what: &str) -> Error {
    Error::new(
        Code::Internal,
        format!("the SymCache just written is odd: {what}"),
    )
}

fn field(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn number(bytes: &[u8; 4]) -> u32 {
    u32::from_le_bytes(*bytes)
}
