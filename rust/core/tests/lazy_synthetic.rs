//! Files that no compiler writes: what overlaps, repeats, goes in circles or never ends.

mod lazy_support;

use std::path::Path;

use framewright_core::error::Code;
use framewright_core::wire::ReplyBuilder;
use lazy_support::random::Random;
use lazy_support::synth::{Dwarf, code};
use lazy_support::{from_lazy, from_table, full_table, open_lazy_bytes};

/// Each address alone and all at once, against the table.
fn assert_equal(file: &[u8], addrs: &[u64]) {
    let table = full_table(file).unwrap();
    let lazy = open_lazy_bytes(file.to_vec()).unwrap();
    let expected = from_table(&table, addrs);
    assert_eq!(from_lazy(&lazy, addrs, 2), expected);
    for (addr, expected) in addrs.iter().zip(expected) {
        let answer = from_lazy(&lazy, &[*addr], 1).remove(0);
        assert_eq!(answer, expected, "{addr:#x}");
    }
}

/// The symbol that a file answers an address with.
fn symbol(file: &[u8], addr: u64) -> Option<String> {
    let lazy = open_lazy_bytes(file.to_vec()).unwrap();
    let frames = from_lazy(&lazy, &[addr], 1).remove(0);
    frames.first().map(|frame| frame.symbol.clone())
}

fn error(file: &[u8], addr: u64) -> Code {
    let lazy = open_lazy_bytes(file.to_vec()).unwrap();
    let answer = lazy.lookup(&[addr], 1, &mut ReplyBuilder::new());
    answer.unwrap_err().code
}

const NO_SYMBOLS: &[(&str, u64, u64)] = &[];

#[test]
fn of_overlapping_functions_in_two_units_the_shorter_counts_and_the_longer_goes_on_behind_it() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x200).function("short", 0x100, 0x200);
    dwarf.unit_at(0x100, 0x250).function("long", 0x100, 0x250);
    let file = dwarf.elf(NO_SYMBOLS);
    assert_equal(&file, &[0xff, 0x100, 0x1ff, 0x200, 0x220, 0x24f, 0x250]);
    assert_eq!(symbol(&file, 0x220).as_deref(), Some("long"));
    assert_eq!(symbol(&file, 0x1ff).as_deref(), Some("short"));
}

#[test]
fn each_piece_of_a_function_is_named_by_the_symbol_that_begins_there() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x180).function("early", 0x100, 0x180);
    let pieces = [(0x100, 0x180), (0x800, 0x880)];
    dwarf.unit_in(&pieces).pieces("twin", &pieces);
    let file = dwarf.elf(&[("at_start", 0x100, 0x80), ("at_piece", 0x800, 0x80)]);
    assert_equal(&file, &[0x100, 0x17f, 0x180, 0x800, 0x87f, 0x880]);
    assert_eq!(symbol(&file, 0x810).as_deref(), Some("at_piece"));
}

#[test]
fn addresses_between_units_belong_to_symbols_or_to_nothing() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x180).function("first", 0x100, 0x170);
    dwarf.unit_at(0x400, 0x480).function("second", 0x400, 0x480);
    let addrs = [
        0x50, 0x100, 0x16f, 0x170, 0x17f, 0x180, 0x1ff, 0x200, 0x20f, 0x210, 0x3ff, 0x4ff,
    ];
    assert_equal(&dwarf.elf(NO_SYMBOLS), &addrs);
    assert_equal(&dwarf.elf(&[("asm", 0x200, 0x10)]), &addrs);
    assert_equal(
        &dwarf.elf(&[("endless", 0x200, 0), ("wide", 0x90, 0x300)]),
        &addrs,
    );
    assert_equal(
        &dwarf.elf(&[("twice", 0x200, 8), ("again", 0x200, 0x10)]),
        &addrs,
    );
}

#[test]
fn name_from_another_unit_through_a_chain() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x180).function("other", 0x100, 0x180);
    let named = dwarf.here();
    dwarf.named("far_name");
    let declared = dwarf
        .unit_at(0x900, 0x980)
        .function("more", 0x900, 0x980)
        .here();
    dwarf.declared(named);
    dwarf.unit_at(0x400, 0x480).instance(0x400, 0x480, declared);
    dwarf.unit_at(0x500, 0x580).function("last", 0x500, 0x580);
    let file = dwarf.elf(NO_SYMBOLS);
    assert_equal(&file, &[0x100, 0x400, 0x47f, 0x480, 0x500, 0x900]);
    assert_eq!(symbol(&file, 0x410).as_deref(), Some("far_name"));
}

#[test]
fn names_in_a_circle_or_outside_the_file_are_empty() {
    let mut dwarf = Dwarf::default();
    let own = dwarf.unit_at(0x100, 0x180).here();
    dwarf.instance(0x100, 0x180, own);
    let first = dwarf.unit_at(0x200, 0x280).here();
    // The second of the circle follows behind the first: 1 + 8 + 8 + 4 bytes.
    dwarf
        .instance(0x200, 0x240, first + 21)
        .instance(0x240, 0x280, first);
    dwarf
        .unit_at(0x300, 0x380)
        .instance(0x300, 0x380, 0xffff_fff0);
    dwarf.unit_at(0x400, 0x480).instance(0x400, 0x480, 0);
    dwarf.unit_at(0x500, 0x580).instance(0x500, 0x580, own + 3);
    let file = dwarf.elf(NO_SYMBOLS);
    assert_equal(&file, &[0x100, 0x210, 0x250, 0x310, 0x410, 0x510]);
    assert_eq!(symbol(&file, 0x110).as_deref(), Some(""));
}

#[test]
fn functions_take_their_names_from_small_entries_before_and_behind_them() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x400);
    let names: Vec<usize> = ["a", "b", "c", "d", "e"]
        .iter()
        .map(|name| {
            let here = dwarf.here();
            dwarf.named(name);
            here
        })
        .collect();
    for (index, name) in names.iter().enumerate() {
        let start = 0x100 + 0x40 * index as u64;
        dwarf.instance(start, start + 0x40, *name);
        dwarf.named("x").named("y");
    }
    let file = dwarf.elf(NO_SYMBOLS);
    let addrs: Vec<u64> = (0..6).map(|index| 0x110 + 0x40 * index).collect();
    assert_equal(&file, &addrs);
    assert_eq!(symbol(&file, 0x150).as_deref(), Some("b"));
}

#[test]
fn unit_that_hides_where_it_ends_is_read_for_every_address() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x180).function("first", 0x100, 0x180);
    dwarf.unit();
    dwarf.info.push(code::OPEN_UNIT);
    dwarf.number(0x100, 8).function("hidden", 0x600, 0x680);
    // Symbolic passes over units without an address, whatever is in them.
    dwarf.unit();
    dwarf.info.push(code::OPEN_UNIT);
    dwarf.number(0, 8).function("never", 0x700, 0x780);
    let file = dwarf.elf(NO_SYMBOLS);
    assert_equal(&file, &[0x110, 0x610, 0x680, 0x710]);
    assert_eq!(symbol(&file, 0x610).as_deref(), Some("hidden"));
}

#[test]
fn units_without_entries_between_others_are_passed_over() {
    let mut dwarf = Dwarf::default();
    for start in [0x100, 0x200, 0x300] {
        // A unit that is all header, and one of nothing but null entries.
        dwarf
            .end_unit()
            .info
            .extend([7, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8]);
        dwarf.unit().number(0, 3);
        dwarf
            .unit_at(start, start + 0x80)
            .function("f", start, start + 0x80);
    }
    assert_equal(&dwarf.elf(NO_SYMBOLS), &[0x110, 0x210, 0x310, 0x190]);
}

#[test]
fn functions_that_share_one_endless_list_reach_the_limit() {
    let mut dwarf = Dwarf::default();
    let pieces: Vec<(u64, u64)> = (1..4000)
        .map(|at| (at * 0x100, at * 0x100 + 0x10))
        .collect();
    dwarf.unit_in(&pieces);
    for _ in 0..3000 {
        dwarf.info.push(code::PIECES);
        dwarf.info.extend(b"f\0");
        dwarf.number(0, 4);
    }
    assert_eq!(error(&dwarf.elf(NO_SYMBOLS), 0x105), Code::InputLimit);
}

#[test]
fn damage_is_noticed_only_where_it_is_read() {
    let mut dwarf = Dwarf::default();
    dwarf.unit_at(0x100, 0x180).function("good", 0x100, 0x180);
    dwarf.unit_at(0x200, 0x280).function("bad", 0x200, 0x280);
    // No abbreviation has this code.
    dwarf.number(0x63, 1);
    let file = dwarf.elf(NO_SYMBOLS);
    assert!(full_table(&file).is_err());
    assert_eq!(symbol(&file, 0x110).as_deref(), Some("good"));
    assert_eq!(error(&file, 0x210), Code::MalformedDebugInfo);
}

#[test]
fn unit_longer_than_its_section_is_malformed() {
    let mut dwarf = Dwarf::default();
    dwarf
        .unit_at(0x100, 0x180)
        .function("f", 0x100, 0x180)
        .end_unit();
    dwarf.info[0] += 1;
    assert_eq!(
        error(&dwarf.elf(NO_SYMBOLS), 0x105),
        Code::MalformedDebugInfo
    );
}

#[test]
fn damaged_files_are_answered_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lazy");
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for name in [
        "gcc5_dwz.elf",
        "gcc4_types.elf",
        "clang_lto.elf",
        "clang_mips.elf",
        "clang_mac.dsym",
        "clang_pe.exe",
    ] {
        let original = std::fs::read(folder.join(name)).unwrap();
        let table = full_table(&original).unwrap();
        let starts: Vec<u32> = table.range_starts().collect();
        for _ in 0..150 {
            let mut file = original.clone();
            for _ in 0..1 + random.below(8) {
                // Most of such a small file is debug information.
                let at = random.below(file.len() as u64) as usize;
                file[at] = random.below(256) as u8;
            }
            let Ok(lazy) = open_lazy_bytes(file) else {
                continue;
            };
            let addrs: Vec<u64> = (0..8)
                .map(|_| u64::from(starts[random.below(starts.len() as u64) as usize]))
                .collect();
            // A panic would pass through here; an error is a good answer.
            let _ = lazy.lookup(&addrs, 1, &mut ReplyBuilder::new());
        }
    }
}
