//! Unwind tables of real objects and of records that make trouble.

use framewright_core::bytes::SharedBytes;
use framewright_core::error::Code;
use framewright_core::unwind_build::{UnwindImage, UnwindLimits, build_unwind_table};
use framewright_core::unwind_table::UnwindTable;

const LIMITS: UnwindLimits = UnwindLimits {
    max_bytes: 16 << 20,
    max_chain: 128,
};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/tests/fixtures/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn open(image: &UnwindImage) -> UnwindTable {
    let bytes = image.to_vec();
    assert_eq!(bytes.len() as u64, image.file_bytes());
    UnwindTable::open(SharedBytes::new(bytes)).unwrap()
}

fn of_records(records: &str) -> UnwindTable {
    let text = format!("MODULE Linux x86_64 {} app\n{records}", "1".repeat(33));
    open(&build_unwind_table(text.as_bytes(), LIMITS).unwrap())
}

#[test]
fn table_of_an_object_answers_inside_its_functions_only() {
    let image = build_unwind_table(&fixture("elf-dwarf5.so"), LIMITS).unwrap();
    let table = open(&image);
    assert!(image.record_count() == 4 && !table.is_empty());
    assert_eq!(table.code_id(), image.code_id.as_deref());
    assert_eq!(table.debug_file(), None);
    let covered: Vec<u64> = (0..0x4000).filter(|rva| table.covers(*rva)).collect();
    assert!((100..0x3000).contains(&covered.len()));
    for rva in 0..0x4000 {
        let record = table.cfi(rva).unwrap();
        assert_eq!(record.is_some(), table.covers(rva));
        if let Some(record) = record {
            let start = record.strip_prefix("STACK CFI INIT ").unwrap();
            let start = u64::from_str_radix(start.split(' ').next().unwrap(), 16).unwrap();
            assert!(start <= rva && record.contains(".cfa: ") && record.ends_with('\n'));
        }
    }
}

#[test]
fn record_has_its_later_lines_and_no_others() {
    let table = of_records(
        "STACK CFI INIT 20 10 .cfa: $rsp 8 + .ra: .cfa -8 + ^
STACK CFI 24 .cfa: $rsp 16 +
STACK CFI INIT 10 10 .cfa: $rsp 24 + .ra: .cfa -8 + ^
",
    );
    let first = table.cfi(0x2f).unwrap().unwrap();
    assert_eq!(first.lines().count(), 2);
    assert!(
        table
            .cfi(0x1f)
            .unwrap()
            .unwrap()
            .starts_with("STACK CFI INIT 10 10")
    );
    assert_eq!((table.cfi(0xf), table.cfi(0x30)), (Ok(None), Ok(None)));
    assert_eq!(table.cfi(u64::MAX), Ok(None));
}

#[test]
fn overlaps_are_resolved_as_breakpads_reader_does() {
    let table = of_records(
        "STACK CFI INIT 10 10 .cfa: one .ra: one
STACK CFI INIT 18 10 .cfa: two .ra: two
STACK CFI INIT 20 8 .cfa: three .ra: three
STACK WIN 4 100 30 0 0 0 0 0 0 1 first
STACK WIN 4 110 20 0 0 0 0 0 0 1 second
STACK WIN 4 108 4 0 0 0 0 0 0 1 inside what came before
STACK WIN 0 200 10 0 0 8 0 0 0 0 1
STACK WIN 0 300 10 0 0 0 0 0 0 1 contradicts itself
STACK WIN 3 400 10 0 0 0 0 0 0 0 0
",
    );
    let rule = |rva| table.cfi(rva).unwrap().map(|record| record.to_owned());
    assert!(rule(0x18).unwrap().contains("one"));
    assert!(rule(0x20).unwrap().contains("three"));
    let win = |rva| table.win(rva).unwrap().map(str::trim_end);
    assert!(win(0x10f).unwrap().ends_with("first"));
    assert!(win(0x110).unwrap().ends_with("second"));
    assert!(win(0x20f).unwrap().starts_with("STACK WIN 0"));
    assert_eq!((win(0x300), win(0x400), win(0x130)), (None, None, None));
}

#[test]
fn object_without_unwind_information_gives_an_empty_table() {
    let table = of_records("");
    assert!(table.is_empty() && !table.covers(0));
    assert_eq!(table.debug_id().breakpad().to_string(), "1".repeat(33));
}

#[test]
fn table_that_would_be_too_large_is_a_limit() {
    for max_bytes in [0, 127, 500] {
        let limits = UnwindLimits {
            max_bytes,
            ..LIMITS
        };
        let error = build_unwind_table(&fixture("elf-dwarf5.so"), limits).unwrap_err();
        assert_eq!(error.code, Code::OutputTooLarge);
    }
}

#[test]
fn damaged_table_is_recognised_or_answers_within_its_bytes() {
    let whole = build_unwind_table(&fixture("elf-dwarf5.so"), LIMITS)
        .unwrap()
        .to_vec();
    for length in 0..whole.len() {
        let error = UnwindTable::open(SharedBytes::new(whole[..length].to_vec())).err();
        assert_eq!(error.unwrap().code, Code::MalformedTable, "{length}");
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x81;
        if let Ok(table) = UnwindTable::open(SharedBytes::new(bytes)) {
            for rva in (0..0x4000).step_by(0x100) {
                let _ = (table.cfi(rva), table.win(rva), table.covers(rva));
            }
        }
    }
}
