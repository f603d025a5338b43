//! The exports' work on paths and handles: open files, call the core, tell the result as bytes.

use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use framewright_core::breakpad_sym::{self, ModuleFiles};
use framewright_core::dwarf_lookup::LazyObject;
use framewright_core::error::{Code, Error};
use framewright_core::inspect::{Wanted, inspect};
use framewright_core::options::{ObjectOptions, parse_bcsymbolmap, parse_il2cpp};
use framewright_core::portable_pdb::{self, MethodLines};
use framewright_core::proguard::{MappingFacts, MappingTable};
use framewright_core::proguard_build;
use framewright_core::proguard_remap::{RemapRequest, remap_in};
use framewright_core::source_bundle_build::build_source_bundle;
use framewright_core::sources::{FoundSource, Sources};
use framewright_core::symcache_build::TableOptions;
use framewright_core::symcache_lookup::lookup_table;
use framewright_core::table::Table;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_core::wire::ReplyBuilder;
use framewright_core::{decompress, elf_section, object};
use serde_json::json;

use crate::handles::{HANDLES, Opened};
use crate::{mapped, reply};

/// The answer of a task: the bytes of the reply.
pub(crate) type Answer = Result<Vec<u8>, Error>;

/// Threads that read units and demangle while a table is built.
const BUILD_THREADS: usize = 2;

/// Threads that one lookup may use, whatever the caller asks for.
const MAX_LOOKUP_THREADS: usize = 16;

fn json_bytes(value: &serde_json::Value) -> Answer {
    Ok(value.to_string().into_bytes())
}

pub(crate) fn inspect_file(path: &Path, wanted: &str) -> Answer {
    let inspection = inspect(&mapped::map(path)?, &Wanted::parse(wanted)?)?;
    serde_json::to_vec(&inspection).map_err(|error| Error::caused(Code::Internal, &error))
}

pub(crate) fn extract_embedded(path: &Path, out: &Path, max_bytes: u64) -> Answer {
    let pe = mapped::map(path)?;
    let bytes = mapped::write(out, |out| {
        portable_pdb::extract_embedded(&pe, out, max_bytes)
    })?;
    json_bytes(&json!({ "bytes": bytes }))
}

pub(crate) fn elf_section(path: &Path, name: &str) -> Answer {
    let place = elf_section::find_section(&mapped::map(path)?, name)?;
    json_bytes(&json!({
        "offset": place.map(|place| place.offset),
        "bytes": place.map(|place| place.bytes),
    }))
}

/// Sources are read from where the debug information says, which is where they were built: only whoever built the
/// object has them there, and only commands on that one's own files may ask for this.
pub(crate) fn bundle_sources(object: &Path, out: &Path, max_bytes: u64) -> Answer {
    let data = mapped::map(object)?;
    let name = object.file_name().unwrap_or_default().to_string_lossy();
    let mut left = max_bytes;
    let sources = mapped::write(out, |out| {
        build_source_bundle(&data, &name, out, |path| {
            let file = mapped::open(Path::new(path)).ok()?;
            let bytes = file.metadata().ok()?.len();
            left = left.checked_sub(bytes)?;
            Some(BufReader::new(file).take(bytes))
        })
    })?;
    json_bytes(&json!({ "bundled": sources.bundled, "missing": sources.missing }))
}

pub(crate) fn decompress_file(path: &Path, out: &Path, max_bytes: u64) -> Answer {
    let data = mapped::map(path)?;
    let mut opened = false;
    let result = decompress::decompress(&data, max_bytes, || {
        opened = true;
        mapped::create(out)
    });
    if opened && result.is_err() {
        mapped::remove(out);
    }
    let (packing, bytes) = result?;
    json_bytes(&json!({
        "compressed": packing != decompress::Packing::None,
        "format": packing.name(),
        "bytes": bytes,
    }))
}

pub(crate) fn table_build(path: &Path, options: &str, out: &Path, max_bytes: u64) -> Answer {
    let options = ObjectOptions::parse(options)?;
    let read = |path: &Option<String>| path.as_ref().map(|path| mapped::read(Path::new(path)));
    let bcsymbolmap = read(&options.bcsymbolmap).transpose()?;
    let bcsymbolmap = bcsymbolmap.as_deref().map(parse_bcsymbolmap).transpose()?;
    let il2cpp = read(&options.il2cpp).transpose()?;
    let il2cpp = il2cpp.as_deref().map(parse_il2cpp).transpose()?;
    let options = TableOptions {
        bcsymbolmap: bcsymbolmap.as_ref(),
        il2cpp: il2cpp.as_ref(),
        variables: options.variables,
        threads: BUILD_THREADS,
    };
    let image = object::build_object_table(&mapped::map(path)?, &options)?;
    let bytes = image.file_bytes();
    if bytes > max_bytes {
        let message = format!("the lookup table has {bytes} bytes, {max_bytes} are allowed");
        return Err(Error::new(Code::OutputTooLarge, message));
    }
    mapped::write(out, |out| {
        image
            .write_to(out)
            .map_err(|error| Error::io("write the lookup table", &error))
    })?;
    json_bytes(&json!({
        "bytes": bytes,
        "functions": image.function_count(),
        "ranges": image.range_count(),
        "arch": image.arch.name(),
        "debug_id": image.debug_id.to_string(),
    }))
}

pub(crate) fn table_open(path: &Path) -> Answer {
    let table = Table::open(mapped::map(path)?)?;
    let (arch, debug_id, bytes) = (table.arch(), table.debug_id(), table.file_bytes());
    json_bytes(&json!({
        "handle": HANDLES.insert(Opened::Table(table))?,
        "arch": arch.name(),
        "debug_id": debug_id.to_string(),
        "bytes": bytes,
    }))
}

pub(crate) fn table_lookup(handle: i64, addrs: &[u64]) -> Answer {
    let opened = HANDLES.get(handle)?;
    let Opened::Table(table) = &*opened else {
        return Err(other_kind("a lookup table"));
    };
    let mut reply = ReplyBuilder::new();
    lookup_table(table, addrs, &mut reply)?;
    Ok(reply.finish())
}

pub(crate) fn lazy_open(path: &Path, options: &str) -> Answer {
    let options = ObjectOptions::parse(options)?;
    if options.bcsymbolmap.is_some() || options.variables {
        let message = "hidden names and variables are read while converting only";
        return Err(Error::new(Code::LazyUnsupported, message));
    }
    let il2cpp = match &options.il2cpp {
        Some(path) => Some(Arc::new(parse_il2cpp(&mapped::read(Path::new(path))?)?)),
        None => None,
    };
    let data = mapped::map(path)?;
    let bytes = data.len();
    let lazy = LazyObject::open(data, il2cpp)?;
    let (arch, debug_id) = (lazy.arch(), lazy.debug_id());
    json_bytes(&json!({
        "handle": HANDLES.insert(Opened::Lazy(lazy))?,
        "arch": arch.name(),
        "debug_id": debug_id.to_string(),
        "bytes": bytes,
    }))
}

pub(crate) fn lazy_lookup(handle: i64, addrs: &[u64], threads: i32) -> Answer {
    let opened = HANDLES.get(handle)?;
    let Opened::Lazy(lazy) = &*opened else {
        return Err(other_kind("a lazy object"));
    };
    let threads = usize::try_from(threads)
        .unwrap_or(1)
        .clamp(1, MAX_LOOKUP_THREADS);
    let mut reply = ReplyBuilder::new();
    lazy.lookup(addrs, threads, &mut reply)?;
    Ok(reply.finish())
}

pub(crate) fn ppdb_build(path: &Path, out: &Path, max_bytes: u64) -> Answer {
    let pdb = mapped::map(path)?;
    let bytes = mapped::write(out, |out| portable_pdb::build_cache(&pdb, out, max_bytes))?;
    json_bytes(&json!({ "bytes": bytes }))
}

pub(crate) fn ppdb_open(path: &Path) -> Answer {
    let lines = MethodLines::open(mapped::map(path)?)?;
    let debug_id = lines.debug_id();
    json_bytes(&json!({
        "handle": HANDLES.insert(Opened::MethodLines(lines))?,
        "debug_id": debug_id.to_string(),
    }))
}

/// `numbers` holds method token rows and IL offsets by turns; both are cut to 32 bits.
pub(crate) fn ppdb_lookup(handle: i64, numbers: &[u64]) -> Answer {
    let opened = HANDLES.get(handle)?;
    let Opened::MethodLines(lines) = &*opened else {
        return Err(other_kind("a portable PDB cache"));
    };
    let pairs: Vec<_> = numbers
        .chunks_exact(2)
        .map(|pair| (pair[0] as u32, pair[1] as u32))
        .collect();
    let mut reply = ReplyBuilder::new();
    lines.lookup(&pairs, &mut reply)?;
    Ok(reply.finish())
}

pub(crate) fn unwind_build(path: &Path, out: &Path, limits: UnwindLimits) -> Answer {
    let image = build_unwind_table(&mapped::map(path)?, limits)?;
    mapped::write(out, |out| {
        image
            .write_to(out)
            .map_err(|error| Error::io("write the unwind table", &error))
    })?;
    json_bytes(&json!({
        "bytes": image.file_bytes(),
        "records": image.record_count(),
        "debug_id": image.debug_id.to_string(),
        "debug_file": image.debug_file,
        "code_id": image.code_id,
    }))
}

pub(crate) fn breakpad_write(
    path: &Path,
    unwind: Option<&Path>,
    name: &str,
    out: &Path,
    limits: UnwindLimits,
) -> Answer {
    let (symbols, unwind) = (mapped::map(path)?, unwind.map(mapped::map).transpose()?);
    let files = ModuleFiles {
        symbols: &symbols,
        unwind: unwind.as_deref(),
        name,
    };
    let written = mapped::write(out, |out| {
        breakpad_sym::write(files, BUILD_THREADS, limits, out)
    })?;
    json_bytes(&json!({
        "bytes": written.bytes,
        "functions": written.functions,
        "publics": written.publics,
    }))
}

pub(crate) fn sources_open(path: &Path) -> Answer {
    let sources = Sources::open(mapped::map(path)?)?;
    let (files, kind, debug_id) = (sources.file_count(), sources.kind(), sources.debug_id());
    json_bytes(&json!({
        "handle": HANDLES.insert(Opened::Sources(sources))?,
        "files": files,
        "kind": kind.name(),
        "debug_id": debug_id.to_string(),
    }))
}

/// The reply: u32 kind (bit 0: text, bit 1: URL), u32 length of the URL, URL, text.
pub(crate) fn source_get(handle: i64, path: &str) -> Answer {
    let opened = HANDLES.get(handle)?;
    let Opened::Sources(sources) = &*opened else {
        return Err(other_kind("a container of sources"));
    };
    let FoundSource { text, url } = sources.get(path)?.unwrap_or_default();
    let kind = u32::from(text.is_some()) | u32::from(url.is_some()) << 1;
    let (text, url) = (text.unwrap_or_default(), url.unwrap_or_default());
    let mut reply = Vec::with_capacity(8 + url.len() + text.len());
    reply.extend_from_slice(&kind.to_le_bytes());
    reply.extend_from_slice(&(url.len() as u32).to_le_bytes());
    reply.extend_from_slice(url.as_bytes());
    reply.extend_from_slice(text.as_bytes());
    Ok(reply)
}

pub(crate) fn proguard_build(path: &Path, out: &Path, max_bytes: u64) -> Answer {
    let mapping = mapped::map(path)?;
    let (facts, bytes) = mapped::write(out, |out| proguard_build::build(&mapping, out, max_bytes))?;
    json_bytes(&json!({ "bytes": bytes, "classes": facts.classes, "methods": facts.methods }))
}

pub(crate) fn proguard_open(path: &Path) -> Answer {
    let table = MappingTable::open(mapped::map_near(path)?)?;
    let MappingFacts {
        classes,
        methods,
        has_lines,
        has_source_files,
        map_id,
    } = table.facts().clone();
    json_bytes(&json!({
        "handle": HANDLES.insert(Opened::Mapping(table))?,
        "classes": classes,
        "methods": methods,
        "has_lines": has_lines,
        "has_source_files": has_source_files,
        "map_id": map_id,
    }))
}

/// The request: JSON, then the stack traces that are texts. The reply: the texts, JSON, and its length as
/// a u32, so that nothing that is long has to be moved.
pub(crate) fn proguard_remap(handles: &[u64], request: &[&str]) -> Answer {
    let (json, texts) = request.split_first().unwrap_or((&"", &[]));
    let mut request: RemapRequest<'_> = serde_json::from_str(json)
        .map_err(|error| Error::new(Code::InvalidArgument, format!("bad request: {error}")))?;
    request.texts = texts.to_vec();
    let opened = handles
        .iter()
        .map(|handle| HANDLES.get(*handle as i64))
        .collect::<Result<Vec<_>, _>>()?;
    let tables = opened
        .iter()
        .map(|opened| match &**opened {
            Opened::Mapping(table) => Ok(table),
            _ => Err(other_kind("the table of a mapping")),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let is_long = request.text_bytes() >= reply::MIN_SPARE_BYTES;
    let memory = if is_long { reply::spare() } else { Vec::new() };
    let reply = remap_in(memory, &tables, &request)?;
    let json = serde_json::to_vec(&reply).map_err(|error| Error::caused(Code::Internal, &error))?;
    let mut bytes = reply.text;
    bytes.extend_from_slice(&json);
    bytes.extend_from_slice(&(json.len() as u32).to_le_bytes());
    Ok(bytes)
}

pub(crate) fn counters() -> Answer {
    json_bytes(&json!({
        "panics": crate::guard::panic_count(),
        "open_handles": HANDLES.open_count(),
    }))
}

fn other_kind(expected: &str) -> Error {
    let message = format!("the handle does not stand for {expected}");
    Error::new(Code::InvalidArgument, message)
}
