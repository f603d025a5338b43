//! Symbol files of real objects answer as the objects do, and none is written of what is damaged.

mod support;

use framewright_core::breakpad_sym::{ModuleFiles, Written, write};
use framewright_core::bytes::SharedBytes;
use framewright_core::error::{Code, Error};
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::table::Table;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_core::unwind_table::UnwindTable;
use symbolic_debuginfo::breakpad::BreakpadObject;

use support::reply::Frame;
use support::{assert_golden, fixture, interesting_addresses, look_up, object_fixtures, table_of};

const LIMITS: UnwindLimits = UnwindLimits {
    max_bytes: 16 << 20,
    max_chain: 128,
};

fn written(symbols: &[u8], unwind: Option<&[u8]>) -> Result<(String, Written), Error> {
    let files = ModuleFiles {
        symbols,
        unwind,
        name: "app",
    };
    let mut text = Vec::new();
    let written = write(files, 1, LIMITS, &mut text)?;
    assert_eq!(written.bytes, text.len() as u64);
    Ok((String::from_utf8(text).unwrap(), written))
}

fn sym_of(name: &str) -> Result<String, Error> {
    Ok(written(&fixture(name), None)?.0)
}

fn table_of_sym(text: &str) -> Table {
    let image = build_object_table(text.as_bytes(), &TableOptions::default()).unwrap();
    Table::open(SharedBytes::new(image.to_vec())).unwrap()
}

/// What a symbol file can say of frames. Symbolic gives a file that is not listed an empty path.
fn told(frames: &[Frame]) -> Vec<(&str, &str, u32)> {
    frames
        .iter()
        .map(|frame| {
            let path = frame.path.as_deref().unwrap_or_default();
            (frame.function.as_str(), path, frame.line)
        })
        .collect()
}

#[test]
fn symbol_file_answers_as_its_object_for_every_fixture() {
    for name in object_fixtures() {
        let text = match sym_of(&name) {
            Ok(text) => text,
            Err(error) => {
                assert_eq!(error.code, Code::UnsupportedObject, "{name}");
                continue;
            }
        };
        let (of_object, of_sym) = (
            table_of(&name, &TableOptions::default()),
            table_of_sym(&text),
        );
        assert_eq!(of_sym.arch(), of_object.arch(), "{name}");
        assert_eq!(of_sym.debug_id(), of_object.debug_id(), "{name}");
        let addrs = interesting_addresses(&of_object);
        let (expected, found) = (look_up(&of_object, &addrs), look_up(&of_sym, &addrs));
        for ((addr, expected), found) in addrs.iter().zip(expected).zip(found) {
            assert_eq!(told(&found), told(&expected), "{name} at {addr:#x}");
        }
    }
}

#[test]
fn symbol_file_unwinds_as_its_object_for_every_fixture() {
    let table = |object: &[u8]| {
        let image = build_unwind_table(object, LIMITS).ok()?;
        Some(UnwindTable::open(SharedBytes::new(image.to_vec())).unwrap())
    };
    let mut records = 0;
    for name in object_fixtures() {
        let Ok(text) = sym_of(&name) else { continue };
        let of_sym = table(text.as_bytes()).unwrap();
        let Some(of_object) = table(&fixture(name.as_str())) else {
            assert!(of_sym.is_empty(), "{name}");
            continue;
        };
        for rva in 0..0x8000 {
            let expected = (of_object.cfi(rva).unwrap(), of_object.win(rva).unwrap());
            let found = (of_sym.cfi(rva).unwrap(), of_sym.win(rva).unwrap());
            assert_eq!(found, expected, "{name} at {rva:#x}");
            records += usize::from(expected != (None, None));
        }
    }
    assert!(records > 1000);
}

#[test]
fn symbol_files_are_their_golden_files() {
    for (symbols, unwind) in [
        ("elf-dwarf5.so", None),
        ("elf-aarch64.so", None),
        ("elf-symbols-only.so", None),
        ("elf-debug-only.debug", Some("elf-dwarf5.so")),
        ("macho-x86_64.dsym", Some("macho-x86_64.dylib")),
        ("pdb-x64.pdb", Some("pe-x64.dll")),
        ("pdb-x86.pdb", Some("pe-x86.exe")),
    ] {
        let unwind = unwind.map(fixture);
        let (text, counts) = written(&fixture(symbols), unwind.as_deref()).unwrap();
        let lines_of = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).count();
        assert_eq!(counts.functions, lines_of("FUNC ") as u64);
        assert_eq!(counts.publics, lines_of("PUBLIC ") as u64);
        assert_golden(&format!("{symbols}.sym"), &text);
    }
}

#[test]
fn files_of_two_modules_are_refused() {
    let error = written(&fixture("elf-dwarf5.so"), Some(&fixture("elf-aarch64.so"))).unwrap_err();
    assert_eq!(error.code, Code::UnsupportedObject);
}

#[test]
fn file_that_would_be_too_large_is_a_limit_wherever_it_ends() {
    let object = fixture("elf-dwarf5.so");
    let files = ModuleFiles {
        symbols: &object,
        unwind: None,
        name: "app",
    };
    let (text, _) = written(&object, None).unwrap();
    for max_bytes in 0..text.len() as u64 {
        let limits = UnwindLimits {
            max_bytes,
            ..LIMITS
        };
        let mut out = Vec::new();
        let error = write(files, 1, limits, &mut out).unwrap_err();
        assert_eq!(error.code, Code::OutputTooLarge);
        assert!(text.as_bytes().starts_with(&out) && out.len() as u64 <= max_bytes);
    }
}

#[test]
fn name_with_a_line_break_begins_no_record() {
    let mut object = fixture("elf-symbols-only.so");
    let at = |object: &[u8]| {
        object
            .windows(12)
            .position(|bytes| bytes == b"shapes_total")
    };
    while let Some(at) = at(&object) {
        object[at + 6] = b'\n';
    }
    let (text, _) = written(&object, None).unwrap();
    assert!(text.contains(" shapes total\n"), "{text}");
}

#[test]
fn lines_stay_short_however_long_names_are_and_many_the_ranges_of_a_call() {
    let name = "n".repeat(100_000);
    let ranges: String = (0..3000u32)
        .map(|range| format!(" {:x} 8", range * 16))
        .collect();
    let id = "1".repeat(33);
    let object = format!(
        "MODULE Linux x86_64 {id} x\nFILE 0 {name}\nINLINE_ORIGIN 0 {name}\nFUNC 0 c000 0 {name}\n\
         INLINE 0 7 0 0{ranges}\n0 c000 9 0\n"
    );
    let (text, _) = written(object.as_bytes(), None).unwrap();
    assert!(text.lines().all(|line| line.len() < 64 << 10));
    assert_eq!(text.matches("\nINLINE 0 7 0 0 ").count(), 3);
    let found = look_up(&table_of_sym(&text), &[0, 8, 2999 * 16, 2999 * 16 + 8]);
    assert!(found.iter().map(Vec::len).eq([2, 1, 2, 1]));
}

/// What is written of damaged objects is a symbol file all the same: readers find no line that they do not know.
#[test]
fn damaged_object_gives_a_readable_symbol_file_or_an_error() {
    for name in [
        "elf-dwarf5.so",
        "macho-x86_64.dsym",
        "pdb-x86.pdb",
        "breakpad.sym",
    ] {
        let whole = fixture(name);
        let mut read = 0;
        for step in 0..600 {
            let mut object = whole.clone();
            let at = step * 7919 % whole.len();
            object[at] ^= 1 << (step % 8);
            let Ok((text, _)) = written(&object, None) else {
                continue;
            };
            let sym = BreakpadObject::parse(text.as_bytes()).unwrap();
            let session = sym.debug_session().unwrap();
            for function in session.functions() {
                assert!(function.is_ok(), "{name}, step {step}: {function:?}");
            }
            assert!(sym.stack_records().all(|record| record.is_ok()) || name == "breakpad.sym");
            read += 1;
        }
        assert!(read > 300, "{name}: {read}");
        for length in (0..whole.len()).step_by(37) {
            let _ = written(&whole[..length], None);
        }
    }
}
