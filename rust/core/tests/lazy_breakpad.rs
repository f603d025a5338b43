//! Symbol files of Breakpad: the lookup of an excerpt answers what the table of the whole file answers.

mod lazy_support;

use std::path::Path;

use framewright_core::breakpad_sym::{self, ModuleFiles};
use framewright_core::error::Code;
use framewright_core::unwind_build::UnwindLimits;
use lazy_support::random::Random;
use lazy_support::{from_lazy, from_table, full_table, map, open_lazy_bytes};

/// The symbol file that we write of a fixture.
fn symbol_file(fixture: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let object = map(&folder.join(fixture));
    let files = ModuleFiles {
        symbols: &object,
        unwind: None,
        name: fixture,
    };
    let limits = UnwindLimits {
        max_bytes: 1 << 30,
        max_chain: 32,
    };
    let mut out = Vec::new();
    breakpad_sym::write(files, 1, limits, &mut out).unwrap();
    out
}

/// Asks for each address alone and for all at once.
fn assert_equal(name: &str, file: &[u8], addrs: &[u64]) {
    let table = full_table(file).unwrap();
    let expected = from_table(&table, addrs);
    let lazy = open_lazy_bytes(file.to_vec()).unwrap();
    assert_eq!(lazy.arch(), table.arch());
    assert_eq!(lazy.debug_id(), table.debug_id());
    assert_eq!(from_lazy(&lazy, addrs, 1), expected, "{name}");
    for (addr, expected) in addrs.iter().zip(expected) {
        let answer = from_lazy(&lazy, &[*addr], 1).remove(0);
        assert_eq!(answer, expected, "{name} {addr:#x}");
    }
}

/// The addresses around the starts of some two hundred ranges of a file's table.
fn edges(file: &[u8]) -> Vec<u64> {
    let table = full_table(file).unwrap();
    let step = (table.range_starts().count() / 200).max(1);
    let starts = table.range_starts().step_by(step).map(u64::from);
    starts
        .flat_map(|at| [at.saturating_sub(1), at, at + 1])
        .chain([0, u64::from(u32::MAX), 1 << 32, u64::MAX])
        .collect()
}

#[test]
fn real_symbol_files_are_answered_as_by_their_tables() {
    for fixture in [
        "breakpad.sym",
        "elf-dwarf5.so",
        "elf-rust-v0.so",
        "elf-symbols-only.so",
        "macho-arm64.dsym",
        "pdb-x86.pdb",
    ] {
        let file = symbol_file(fixture);
        assert_equal(fixture, &file, &edges(&file));
    }
}

/// Functions that overlap, end at each other, are empty or far away; public symbols inside, between and behind
/// them; inlined calls whose names are defined late, twice, or within another function.
#[test]
fn records_in_any_order_are_answered_as_by_their_table() {
    let mut random = Random(0x1234_5678_9abc_def1);
    for round in 0..60 {
        let newline = if round % 7 == 0 { "\r\n" } else { "\n" };
        let mut lines = vec![
            "MODULE Linux x86_64 492E2DD23CC306CA9C494EEF1533A3810 app".to_owned(),
            "INFO CODE_ID 492E2DD2".to_owned(),
        ];
        for file in 0..4 {
            lines.push(format!("FILE {file} /src/{file}-{round}.c"));
        }
        for _ in 0..random.below(12) {
            let start = 0x100 + random.below(0x80);
            match random.below(4) {
                0 => lines.push(format!("PUBLIC {start:x} 0 public_{start:x}")),
                1 => lines.push(format!(
                    "INLINE_ORIGIN {} inlined_{start:x}",
                    random.below(3)
                )),
                _ => {
                    let size = random.below(0x20);
                    let multiple = if random.below(3) == 0 { "m " } else { "" };
                    lines.push(format!("FUNC {multiple}{start:x} {size:x} 0 f_{start:x}"));
                    if random.below(2) == 0 && size > 4 {
                        let (origin, file) = (random.below(3), random.below(5));
                        lines.push(format!("INLINE 0 7 {file} {origin} {:x} 3", start + 1));
                    }
                    for line in 0..random.below(3) * u64::from(size > 0) {
                        let at = start + line * size / 2;
                        lines.push(format!("{at:x} {:x} {line} {}", size / 2, random.below(5)));
                    }
                    if random.below(4) == 0 {
                        lines.push(format!("INLINE_ORIGIN {} late_{start:x}", random.below(3)));
                    }
                }
            }
        }
        lines.push("FUNC 100000000 10 0 beyond".to_owned());
        lines.push("STACK CFI INIT 100 10 .cfa: $rsp 8 + .ra: .cfa -8 + ^".to_owned());
        lines.push("FUNC 100 80 0 behind_the_records_of_the_stack".to_owned());
        let file = lines.join(newline);
        let addrs: Vec<u64> = (0xf8..0x1b0).collect();
        assert_equal(&file, file.as_bytes(), &addrs);
    }
}

#[test]
fn functions_that_cannot_be_looked_up_alone_are_left_to_the_conversion() {
    let head = "MODULE Linux x86_64 492E2DD23CC306CA9C494EEF1533A3810 app\n";
    for (line, code) in [
        ("FUNC fffffff0 20 0 too_far", Code::InputLimit),
        ("FUNC 10 x 0 no_size", Code::MalformedDebugInfo),
    ] {
        let lazy = open_lazy_bytes(format!("{head}{line}\n").into_bytes()).unwrap();
        let mut reply = framewright_core::wire::ReplyBuilder::new();
        let error = lazy.lookup(&[0x10], 1, &mut reply).unwrap_err();
        assert_eq!(error.code, code, "{line}");
    }
}
