//! Frame by frame against `minidump-processor` with `breakpad-symbols`, which is what the program
//! `minidump-stackwalk` runs, on dumps of real programs.
//!
//! Both get the same unwind information: of each module's file on this machine, as text. The fixtures are
//! made by `dumps/make.sh`; [`all_dumps_of_a_folder`] takes any others.

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use breakpad_symbols::{SimpleSymbolSupplier, Symbolizer};
use framewright_core::bytes::SharedBytes;
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_crash::process;
use framewright_crash::protocol::{Done, Image, What};
use minidump::Minidump;
use minidump_processor::ProcessState;
use minidump_unwind::FrameTrust;
use support::{Files, request};
use symbolic_cfi::AsciiCfiWriter;
use symbolic_debuginfo::Object;

const LIMITS: UnwindLimits = UnwindLimits {
    max_bytes: 1 << 30,
    max_chain: 128,
};

/// Object files by debug id.
type Objects = HashMap<String, PathBuf>;

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

fn ours(dump: &[u8], objects: &Objects, symbols: &Path) -> Done {
    let bytes = SharedBytes::new(dump.to_vec());
    // The first pass tells the modules.
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
    process(&bytes, &request(), &mut files).unwrap()
}

fn theirs(dump: &[u8], symbols: &Path) -> ProcessState {
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

fn trust(trust: FrameTrust) -> &'static str {
    match trust {
        FrameTrust::Context => "context",
        FrameTrust::CallFrameInfo => "cfi",
        FrameTrust::CfiScan => "cfiscan",
        FrameTrust::FramePointer => "fp",
        FrameTrust::Scan => "scan",
        FrameTrust::PreWalked => "prewalked",
        FrameTrust::None => "none",
    }
}

/// Differences between the two, one text for each thread that differs; and the frames compared.
fn differences(dump: &[u8], objects: &Objects) -> (Vec<String>, usize) {
    let symbols = tempfile::tempdir().unwrap();
    let ours = ours(dump, objects, symbols.path());
    let theirs = theirs(dump, symbols.path());
    assert_eq!(ours.threads.len(), theirs.threads.len());
    assert_eq!(ours.requesting_thread, theirs.requesting_thread);
    let mut count = 0;
    let mut differences = Vec::new();
    for (our, their) in ours.threads.iter().zip(&theirs.threads) {
        assert_eq!(our.thread_id, their.thread_id);
        assert_eq!(our.thread_name, their.thread_name);
        let ours: Vec<_> = our
            .frames
            .iter()
            .map(|frame| (frame.instruction_addr.0, frame.trust))
            .collect();
        let theirs: Vec<_> = their
            .frames
            .iter()
            .map(|frame| (frame.resume_address, trust(frame.trust)))
            .take(256)
            .collect();
        count += ours.len();
        if ours != theirs {
            let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            differences.push(format!(
                "thread {}: {} and {} frames; at {at}: {:x?} and {:x?}",
                our.thread_id,
                ours.len(),
                theirs.len(),
                &ours[at..ours.len().min(at + 3)],
                &theirs[at..theirs.len().min(at + 3)],
            ));
        }
    }
    (differences, count)
}

/// Every readable object among the code files of the dump, if it is the one that the dump means.
fn objects_on_this_machine(dump: &[u8]) -> Objects {
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

#[test]
fn fixtures_have_the_frames_of_the_reference() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut objects = Objects::new();
    let mut dumps = Vec::new();
    for entry in fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("dmp") => dumps.push((path, bytes)),
            Some("elf") => {
                let id = Object::parse(&bytes).unwrap().debug_id().to_string();
                objects.insert(id, path);
            }
            _ => {}
        }
    }
    assert!(dumps.len() >= 5);
    for (path, dump) in dumps {
        let (differences, frames) = differences(&dump, &objects);
        assert!(
            differences.is_empty(),
            "{}: {differences:#?}",
            path.display()
        );
        assert!(frames > 3, "{}: {frames} frames", path.display());
    }
}

#[test]
#[ignore = "needs a folder with dumps, DUMPS, made on this machine"]
fn all_dumps_of_a_folder() {
    let folder = std::env::var("DUMPS").unwrap();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "dmp"))
        .collect();
    paths.sort();
    for path in paths {
        let dump = fs::read(&path).unwrap();
        let objects = objects_on_this_machine(&dump);
        let (differences, frames) = differences(&dump, &objects);
        println!(
            "{} {} frames, {} objects, {} threads differ",
            path.file_name().unwrap().to_string_lossy(),
            frames,
            objects.len(),
            differences.len()
        );
        for difference in differences {
            println!("    {difference}");
        }
    }
}
