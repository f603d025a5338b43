//! Portable PDBs: out of a PE file, into a lookup cache, and method offsets to lines. Windows PDBs of
//! managed code come to the same ([`crate::managed_pdb`]).
//!
//! The cache is symbolic's own (`PortablePdbCache`): it is a plain sorted table already, and a .NET
//! frame has no name to demangle and no path to join.

use std::io::Write;

use symbolic_common::DebugId;
use symbolic_debuginfo::pdb::PdbObject;
use symbolic_debuginfo::pe::PeObject;
use symbolic_ppdb::{CacheErrorKind, PortablePdb, PortablePdbCache, PortablePdbCacheConverter};

use crate::bytes::SharedBytes;
use crate::counted::Counted;
use crate::error::{Code, Error};
use crate::managed_pdb;
use crate::wire::{ReplyBuilder, Row, Text, language_index};

/// Writes the portable PDB that a PE file carries, and gives its size in bytes.
///
/// # Errors
/// [`Code::NoEmbeddedPdb`] when there is none, [`Code::UnsupportedObject`] when this is not a PE,
/// [`Code::MalformedObject`] when it is damaged, [`Code::OutputTooLarge`] beyond `max_bytes`,
/// [`Code::Io`] from `out`.
pub fn extract_embedded(pe: &[u8], out: &mut dyn Write, max_bytes: u64) -> Result<u64, Error> {
    if !PeObject::test(pe) {
        return Err(Error::new(Code::UnsupportedObject, "not a PE file"));
    }
    let damaged = |error| Error::caused(Code::MalformedObject, &error);
    let object = PeObject::parse(pe).map_err(damaged)?;
    let Some(embedded) = object.embedded_ppdb().map_err(damaged)? else {
        return Err(Error::new(
            Code::NoEmbeddedPdb,
            "the PE carries no portable PDB",
        ));
    };
    let size = embedded.get_size() as u64;
    if size > max_bytes {
        let message = format!("the embedded portable PDB has {size} bytes, more than {max_bytes}");
        return Err(Error::new(Code::OutputTooLarge, message));
    }
    let mut out = Counted::new(out, size);
    let decompressed = embedded.decompress_to(&mut out);
    if let Some(error) = out.failure("write the portable PDB") {
        return Err(error);
    }
    decompressed.map_err(damaged)?;
    if out.left() > 0 {
        let message = format!("the embedded portable PDB ends {} bytes early", out.left());
        return Err(Error::new(Code::MalformedObject, message));
    }
    Ok(size)
}

/// Converts a portable PDB, or a Windows PDB of managed code, to a lookup cache, and gives the size of
/// the cache in bytes.
///
/// # Errors
/// [`Code::UnsupportedObject`] for any other format, [`Code::MalformedObject`] when it is damaged, [`Code::OutputTooLarge`] beyond `max_bytes`,
/// [`Code::Io`] from `out`.
pub fn build_cache(pdb: &[u8], out: &mut dyn Write, max_bytes: u64) -> Result<u64, Error> {
    let mut counted = Counted::new(out, max_bytes);
    if PdbObject::test(pdb) {
        managed_pdb::build_cache(pdb, &mut counted)?;
        return Ok(counted.written());
    }
    if !PortablePdb::peek(pdb) {
        return Err(Error::new(Code::UnsupportedObject, "not a portable PDB"));
    }
    let parsed =
        PortablePdb::parse(pdb).map_err(|error| Error::caused(Code::MalformedObject, &error))?;
    let mut converter = PortablePdbCacheConverter::new();
    converter
        .process_portable_pdb(&parsed)
        .map_err(|error| Error::caused(Code::MalformedDebugInfo, &error))?;
    converter
        .serialize(&mut counted)
        .map_err(|_| counted.refused("the portable PDB cache"))?;
    Ok(counted.written())
}

/// An opened portable PDB cache.
pub struct MethodLines {
    bytes: SharedBytes,
    debug_id: DebugId,
}

impl MethodLines {
    /// Opens a cache written by [`build_cache`].
    ///
    /// # Errors
    /// [`Code::TableVersion`] for another version of the format, [`Code::MalformedTable`] for
    /// anything else.
    pub fn open(bytes: SharedBytes) -> Result<MethodLines, Error> {
        let debug_id = parse_cache(&bytes)?.debug_id();
        Ok(MethodLines { bytes, debug_id })
    }

    /// Debug identifier of the portable PDB.
    pub fn debug_id(&self) -> DebugId {
        self.debug_id
    }

    /// Answers pairs of method token row (1-based) and IL offset, in request order. At most one row
    /// each, with path, line and language; its symbol and function are empty.
    ///
    /// # Errors
    /// [`Code::MalformedTable`], or [`Code::ReplyTooLarge`] beyond the bounds of a reply.
    pub fn lookup(&self, pairs: &[(u32, u32)], reply: &mut ReplyBuilder) -> Result<(), Error> {
        let cache = parse_cache(&self.bytes)?;
        for (method, il_offset) in pairs {
            reply.begin_address()?;
            if let Some(line) = cache.lookup(*method, *il_offset) {
                reply.row(&Row {
                    sym_addr: None,
                    line: line.line,
                    lang: language_index(line.file_lang),
                    symbol: Text::plain(""),
                    function: Text::plain(""),
                    path: Some(Text::plain(line.file_name)),
                    vars: None,
                    generated: false,
                })?;
            }
        }
        Ok(())
    }
}

/// Finds the sections of a cache: a few bounds, no copies.
fn parse_cache(bytes: &[u8]) -> Result<PortablePdbCache<'_>, Error> {
    PortablePdbCache::parse(bytes).map_err(|error| {
        let code = match error.kind() {
            CacheErrorKind::WrongVersion(_) => Code::TableVersion,
            _ => Code::MalformedTable,
        };
        Error::caused(code, &error).with_remedy("build it again from the portable PDB")
    })
}
