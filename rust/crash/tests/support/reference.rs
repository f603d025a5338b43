//! `minidump-processor` with `breakpad-symbols`, which is what the program `minidump-stackwalk` runs; it and ours
//! get the same unwind information.
#![allow(dead_code, reason = "tests and benchmarks each use their part")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use breakpad_symbols::{SimpleSymbolSupplier, Symbolizer};
use framewright_core::breakpad_sym::{self, ModuleFiles};
use framewright_core::bytes::SharedBytes;
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_crash::process;
use framewright_crash::protocol::{Image, What};
use minidump::Minidump;
use minidump_processor::ProcessState;
use symbolic_cfi::AsciiCfiWriter;
use symbolic_debuginfo::Object;

use super::support::{Files, request};

const LIMITS: UnwindLimits = UnwindLimits {
    max_bytes: 1 << 30,
    max_chain: 128,
};

/// Object files by debug id.
pub type Objects = HashMap<String, PathBuf>;

/// An object as Breakpad's text: its unwind information, and a function for each range of it, so that both
/// take the same addresses for code.
fn sym(object: &[u8]) -> Option<(String, String)> {
    let object = Object::parse(object).ok()?;
    let records = AsciiCfiWriter::<Vec<u8>>::transform(&object).ok()?;
    let records = String::from_utf8(records).ok()?;
    let id = object.debug_id().breakpad().to_string();
    let mut text = format!("MODULE Linux x86_64 {id} x\n");
    for record in records.lines() {
        let mut words = record.split(' ').skip(2);
        if words.next() == Some("INIT") {
            let (start, length) = (words.next()?, words.next()?);
            text.push_str(&format!("FUNC {start} {length} 0 f\n"));
        }
    }
    text.push_str(&records);
    Some((id, text))
}

/// Writes a text to where `minidump-stackwalk` looks for it.
fn write_sym(folder: &Path, image: &Image, id: &str, text: &str) -> Option<()> {
    let leaf = image.debug_file.as_deref()?.rsplit(['/', '\\']).next()?;
    let folder = folder.join(leaf).join(id);
    fs::create_dir_all(&folder).ok()?;
    fs::write(folder.join(format!("{leaf}.sym")), text).ok()
}

/// Our files for a dump; the same as text goes to `symbols`.
pub fn files(dump: &[u8], objects: &Objects, symbols: &Path) -> Files {
    let bytes = SharedBytes::new(dump.to_vec());
    let modules = process(&bytes, &request(), &mut Files::default())
        .unwrap()
        .modules;
    let mut files = Files::default();
    for row in &modules {
        let Some(path) = row.image.debug_id.as_ref().and_then(|id| objects.get(id)) else {
            continue;
        };
        let object = fs::read(path).unwrap();
        let (Ok(unwind), Some((id, text))) = (build_unwind_table(&object, LIMITS), sym(&object))
        else {
            continue;
        };
        let functions = build_object_table(text.as_bytes(), &TableOptions::default()).unwrap();
        let path = row.image.code_file.as_deref().unwrap();
        files.insert(What::Unwind, path, unwind.to_vec());
        files.insert(What::Symbols, path, functions.to_vec());
        write_sym(symbols, &row.image, &id, &text).unwrap();
    }
    files
}

/// Our symbol files for a dump, each with all that its object says, go to `symbols`.
pub fn write_symbol_files(dump: &[u8], objects: &Objects, symbols: &Path) {
    let bytes = SharedBytes::new(dump.to_vec());
    let done = process(&bytes, &request(), &mut Files::default()).unwrap();
    for row in &done.modules {
        let Some(path) = row.image.debug_id.as_ref().and_then(|id| objects.get(id)) else {
            continue;
        };
        let object = fs::read(path).unwrap();
        let files = ModuleFiles {
            symbols: &object,
            unwind: None,
            name: "x",
        };
        let mut text = Vec::new();
        breakpad_sym::write(files, 1, LIMITS, &mut text).unwrap();
        let id = Object::parse(&object).unwrap().debug_id();
        let text = String::from_utf8(text).unwrap();
        write_sym(symbols, &row.image, &id.breakpad().to_string(), &text).unwrap();
    }
}

/// What the reference makes of a dump, with nothing read before.
pub fn theirs(dump: &[u8], symbols: &Path) -> ProcessState {
    let dump = Minidump::read(dump.to_vec()).unwrap();
    let symbolizer = Symbolizer::new(SimpleSymbolSupplier::new(vec![symbols.to_owned()]));
    let mut processing = pin!(minidump_processor::process_minidump(&dump, &symbolizer));
    match processing
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(state) => state.unwrap(),
        Poll::Pending => panic!("files are read at once"),
    }
}

/// Every readable object among the code files of the dump, if it is the one that the dump means.
pub fn objects_on_this_machine(dump: &[u8]) -> Objects {
    let bytes = SharedBytes::new(dump.to_vec());
    let done = process(&bytes, &request(), &mut Files::default()).unwrap();
    let mut objects = Objects::new();
    for row in done.modules {
        let (Some(id), Some(path)) = (row.image.debug_id, row.image.code_file) else {
            continue;
        };
        let Ok(bytes) = fs::read(&path) else { continue };
        let same = Object::parse(&bytes).is_ok_and(|object| object.debug_id().to_string() == id);
        if same {
            objects.insert(id, path.into());
        }
    }
    objects
}

/// The dumps of a folder by name.
pub fn dumps_in(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "dmp"))
        .collect();
    paths.sort();
    paths
}
