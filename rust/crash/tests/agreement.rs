//! Frame by frame against `minidump-processor` with `breakpad-symbols`, which is what the program
//! `minidump-stackwalk` runs, on dumps of real programs.
//!
//! Both get the same unwind information: of each module's file on this machine, as text. The fixtures are
//! made by `dumps/make.sh`; [`all_dumps_of_a_folder`] takes any others.

#[path = "support/reference.rs"]
mod reference;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use framewright_core::bytes::SharedBytes;
use framewright_crash::process;
use minidump_unwind::FrameTrust;
use reference::{Objects, dumps_in, objects_on_this_machine, theirs};
use support::request;
use symbolic_debuginfo::Object;

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
    let mut files = reference::files(dump, objects, symbols.path());
    let ours = process(&SharedBytes::new(dump.to_vec()), &request(), &mut files).unwrap();
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

/// The dumps of the fixtures with their paths, and the objects that they are of.
fn fixtures() -> (Vec<(PathBuf, Vec<u8>)>, Objects) {
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
    (dumps, objects)
}

#[test]
fn fixtures_have_the_frames_of_the_reference() {
    let (dumps, objects) = fixtures();
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

/// As far as rules lead: what scanning takes for code depends on symbols, which only the reference has here.
#[test]
fn reference_walks_as_far_with_our_symbol_files_as_we_with_the_objects() {
    let (dumps, objects) = fixtures();
    let mut by_rules = 0;
    for (path, dump) in dumps {
        let symbols = tempfile::tempdir().unwrap();
        reference::write_symbol_files(&dump, &objects, symbols.path());
        let theirs = theirs(&dump, symbols.path());
        let mut files = reference::files(&dump, &objects, &symbols.path().join("unused"));
        let ours = process(&SharedBytes::new(dump), &request(), &mut files).unwrap();
        for (our, their) in ours.threads.iter().zip(&theirs.threads) {
            let ours = our.frames.iter();
            let ours = ours.map(|frame| (frame.instruction_addr.0, frame.trust));
            let ours: Vec<_> = ours.take_while(|(_, trust)| *trust != "scan").collect();
            let theirs = their.frames.iter().take(ours.len());
            let theirs: Vec<_> = theirs
                .map(|frame| (frame.resume_address, trust(frame.trust)))
                .collect();
            assert_eq!(theirs, ours, "{}", path.display());
            by_rules += ours.iter().filter(|(_, trust)| *trust == "cfi").count();
        }
    }
    assert!(by_rules > 60, "{by_rules}");
}

#[test]
#[ignore = "needs a folder with dumps, DUMPS, made on this machine"]
fn all_dumps_of_a_folder() {
    let folder = std::env::var("DUMPS").unwrap();
    for path in dumps_in(Path::new(&folder)) {
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
