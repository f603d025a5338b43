//! Windows PDBs of managed code: what `<DebugType>full</DebugType>` gives, in place of a portable PDB.
//!
//! Each method is a managed procedure (`S_GMANPROC`, `S_LMANPROC`) with its metadata token. Code is
//! laid out as if the intermediate code of all methods followed each other, so that a line's offset
//! less that of its procedure is the offset within the method.
//!
//! The result has the format of symbolic's cache of a portable PDB ([`crate::portable_pdb`]), since
//! the questions are the same: a method's row and an offset to a line.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use pdb2::{FallibleIterator, LineProgram, ModuleInfo, PDB, SymbolData};
use symbolic_common::{DebugId, Language, Uuid};
use symbolic_ppdb::PortablePdbCacheConverter;
use watto::StringTable;

use crate::counted::Counted;
use crate::error::{Code, Error};
use crate::table_build::intern;

/// First byte of the tokens of methods (ECMA-335, II.22.26); the rest is the row.
const METHOD_TABLE: u32 = 0x06;

/// Lines from here on hide code from debuggers: `0xfeefee` and, of old compilers, `0xf00f00`.
const FIRST_HIDDEN_LINE: u32 = 0xf0_0f00;

/// Lines that a file may have; each takes some 50 bytes until it is written.
const MAX_LINES: usize = 16 << 20;

/// Where the counts of files, of lines and of bytes of strings are in the cache's header.
const COUNTS_AT: usize = 40;
/// Where the debug id is in the cache's header: UUID, then the age.
const ID_AT: usize = 8;

/// A method's place in the code, in its section.
struct Method {
    section: u16,
    start: u32,
    size: u32,
    row: u32,
}

/// What has been read so far.
#[derive(Default)]
struct Lines {
    /// By row of the method and offset in it: line, and index of the file.
    places: BTreeMap<(u32, u32), (u32, u32)>,
    /// By string offset of its path, in the order of their indexes.
    files: Vec<(u32, Language)>,
    indexes: BTreeMap<u32, u32>,
    strings: StringTable,
}

/// Converts a Windows PDB to a lookup cache.
///
/// # Errors
/// [`Code::UnsupportedObject`] when no managed code is in it, [`Code::MalformedObject`] when it is
/// damaged, [`Code::InputLimit`] when it has too many lines, [`Code::OutputTooLarge`] beyond the
/// bound of `out`, [`Code::Io`] from it.
pub(crate) fn build_cache(data: &[u8], out: &mut Counted<'_>) -> Result<(), Error> {
    let mut pdb = PDB::open(Cursor::new(data)).map_err(malformed)?;
    let id = debug_id(&mut pdb)?;
    let names = pdb.string_table().map_err(malformed)?;
    let information = pdb.debug_information().map_err(malformed)?;
    let mut modules = information.modules().map_err(malformed)?;
    let mut lines = Lines::default();
    let mut any = false;
    while let Some(module) = modules.next().map_err(malformed)? {
        let Some(module) = pdb.module_info(&module).map_err(malformed)? else {
            continue;
        };
        let methods = methods(&module)?;
        if !methods.is_empty() {
            any = true;
            let program = module.line_program().map_err(malformed)?;
            lines.add(&methods, &program, &names)?;
        }
    }
    if !any {
        return Err(Error::new(
            Code::UnsupportedObject,
            "a Windows PDB without managed code",
        ));
    }
    lines
        .write(id, out)
        .map_err(|_| out.refused("the lines of a Windows PDB"))
}

fn debug_id<'d>(pdb: &mut PDB<'d, Cursor<&'d [u8]>>) -> Result<DebugId, Error> {
    let information = pdb.pdb_information().map_err(malformed)?;
    let age = pdb
        .debug_information()
        .map_err(malformed)?
        .age()
        .unwrap_or(information.age);
    Ok(DebugId::from_parts(
        Uuid::from_bytes(*information.guid.as_bytes()),
        age,
    ))
}

/// The methods of a module, by where they begin.
fn methods(module: &ModuleInfo<'_>) -> Result<Vec<Method>, Error> {
    let mut methods = Vec::new();
    let mut symbols = module.symbols().map_err(malformed)?;
    while let Some(symbol) = symbols.next().map_err(malformed)? {
        // kinds that nobody knows are none of ours
        if let Ok(SymbolData::ManagedProcedure(procedure)) = symbol.parse()
            && procedure.token.0 >> 24 == METHOD_TABLE
        {
            methods.push(Method {
                section: procedure.offset.section,
                start: procedure.offset.offset,
                size: procedure.len,
                row: procedure.token.0 & 0xff_ffff,
            });
        }
    }
    methods.sort_by_key(|method| (method.section, method.start));
    Ok(methods)
}

impl Lines {
    fn add(
        &mut self,
        methods: &[Method],
        program: &LineProgram<'_>,
        names: &pdb2::StringTable<'_>,
    ) -> Result<(), Error> {
        let mut lines = program.lines();
        while let Some(line) = lines.next().map_err(malformed)? {
            let place = (line.offset.section, line.offset.offset);
            let after = methods.partition_point(|method| (method.section, method.start) <= place);
            let Some(method) = after.checked_sub(1).map(|index| &methods[index]) else {
                continue;
            };
            let offset = place.1.wrapping_sub(method.start);
            if method.section != place.0
                || offset >= method.size
                || line.line_start >= FIRST_HIDDEN_LINE
            {
                continue;
            }
            let file = program.get_file_info(line.file_index).map_err(malformed)?;
            let path = names.get(file.name).map_err(malformed)?.to_string();
            let file = self.file(&path)?;
            self.places
                .insert((method.row, offset), (line.line_start, file));
            if self.places.len() > MAX_LINES {
                let message = format!("the PDB has more than {MAX_LINES} lines of managed code");
                return Err(Error::new(Code::InputLimit, message));
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &str) -> Result<u32, Error> {
        let offset = intern(&mut self.strings, path)?;
        let files = &mut self.files;
        Ok(*self.indexes.entry(offset).or_insert_with(|| {
            files.push((offset, language(path)));
            files.len() as u32 - 1
        }))
    }

    /// Writes the cache behind the header of an empty one, which gives the version that the reader
    /// wants.
    fn write(self, id: DebugId, out: &mut Counted<'_>) -> std::io::Result<()> {
        let mut cache = Vec::new();
        PortablePdbCacheConverter::new().serialize(&mut cache)?;
        let strings = self.strings.into_bytes();
        cache[ID_AT..ID_AT + 16].copy_from_slice(id.uuid().as_bytes());
        cache[ID_AT + 16..ID_AT + 20].copy_from_slice(&id.appendix().to_le_bytes());
        let counts = [self.files.len(), self.places.len(), strings.len()];
        let mut at = COUNTS_AT;
        for count in counts {
            cache[at..at + 4].copy_from_slice(&(count as u32).to_le_bytes());
            at += 4;
        }
        // pairs of words, hence always at a multiple of eight
        cache.extend(pairs(
            self.files.iter().map(|(name, lang)| (*name, *lang as u32)),
        ));
        cache.extend(pairs(self.places.values().copied()));
        cache.extend(pairs(self.places.keys().copied()));
        out.write_all(&cache)?;
        out.write_all(&strings)
    }
}

fn pairs(pairs: impl Iterator<Item = (u32, u32)>) -> impl Iterator<Item = u8> {
    pairs.flat_map(|(one, other)| {
        let [one, other] = [one, other].map(u32::to_le_bytes);
        one.into_iter().chain(other)
    })
}

/// A Windows PDB says nothing of languages where only the names of files are read.
fn language(path: &str) -> Language {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "cs" => Language::CSharp,
        "vb" => Language::VisualBasic,
        "fs" => Language::FSharp,
        _ => Language::Unknown,
    }
}

fn malformed(error: pdb2::Error) -> Error {
    Error::caused(Code::MalformedObject, &error)
}
