//! Every address of small files: the lookup without conversion answers what the table answers.
//!
//! `tests/fixtures/lazy/build.sh` tells how the files were made and what each is for.

mod lazy_support;

use std::path::{Path, PathBuf};

use framewright_core::error::Code;
use lazy_support::{from_lazy, from_table, full_table, map, open_lazy};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lazy");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("elf" | "dsym" | "exe"))
        })
        .collect();
    files.sort();
    assert!(files.len() >= 17, "{files:?}");
    files
}

/// Every address from a little before the first range of the table to a little behind the last, and
/// a few that no table has.
fn addresses(table: &framewright_core::table::Table) -> Vec<u64> {
    let first = u64::from(table.range_starts().next().unwrap());
    let last = u64::from(table.range_starts().last().unwrap());
    (first.saturating_sub(16)..last + 64)
        .chain([
            0,
            1,
            u64::from(u32::MAX),
            1 << 32,
            (1 << 32) + first,
            u64::MAX,
        ])
        .collect()
}

#[test]
fn all_addresses_at_once_are_answered_as_by_the_table() {
    for path in fixtures() {
        let table = full_table(&map(&path)).unwrap();
        let addrs = addresses(&table);
        let lazy = open_lazy(&path).unwrap();
        assert_eq!(lazy.arch(), table.arch());
        let expected = from_table(&table, &addrs);
        assert!(expected.iter().any(|frames| frames.len() > 1), "{path:?}");
        assert!(expected.iter().any(Vec::is_empty), "{path:?}");
        for threads in [1, 3] {
            let answer = from_lazy(&lazy, &addrs, threads);
            for ((addr, answer), expected) in addrs.iter().zip(answer).zip(&expected) {
                assert_eq!(&answer, expected, "{path:?} {addr:#x}");
            }
        }
    }
}

#[test]
fn single_addresses_around_each_range_are_answered_as_by_the_table() {
    for path in fixtures() {
        let table = full_table(&map(&path)).unwrap();
        let lazy = open_lazy(&path).unwrap();
        let addrs: Vec<u64> = table
            .range_starts()
            .flat_map(|start| [start.wrapping_sub(1), start, start.wrapping_add(1)])
            .map(u64::from)
            .collect();
        for (addr, expected) in addrs.iter().zip(from_table(&table, &addrs)) {
            let answer = from_lazy(&lazy, &[*addr], 1).remove(0);
            assert_eq!(answer, expected, "{path:?} {addr:#x}");
        }
    }
}

#[test]
fn fixtures_of_all_formats_are_answered_as_by_the_table_or_unsupported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut answered = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let lazy = match open_lazy(&path) {
            Ok(lazy) => lazy,
            Err(error) if error.code == Code::LazyUnsupported => continue,
            // Not every fixture is one object.
            Err(error) => {
                assert!(full_table(&map(&path)).is_err(), "{path:?}: {error}");
                continue;
            }
        };
        let table = full_table(&map(&path)).unwrap();
        let addrs = addresses(&table);
        let expected = from_table(&table, &addrs);
        assert_eq!(from_lazy(&lazy, &addrs, 2), expected, "{path:?}");
        for (addr, expected) in addrs.iter().zip(expected).step_by(37) {
            let answer = from_lazy(&lazy, &[*addr], 1).remove(0);
            assert_eq!(answer, expected, "{path:?} {addr:#x}");
        }
        answered += 1;
    }
    assert!(answered >= 15, "{answered}");
}

#[test]
fn answers_come_in_request_order_with_repeated_addresses() {
    let path = &fixtures()[0];
    let table = full_table(&map(path)).unwrap();
    let mut addrs = addresses(&table);
    addrs.reverse();
    addrs.extend(addrs[..200].to_vec());
    let lazy = open_lazy(path).unwrap();
    assert_eq!(from_lazy(&lazy, &addrs, 2), from_table(&table, &addrs));
    assert!(from_lazy(&lazy, &[], 2).is_empty());
}

#[test]
fn a_file_without_linked_dwarf_is_unsupported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lazy");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let symbols = open_lazy(&fixtures.join("elf-symbols-only.so"));
    assert_eq!(symbols.err().unwrap().code, Code::LazyUnsupported);
    // The type of an ELF file is at 16; 1 is one that was not linked.
    let mut object = std::fs::read(folder.join("gcc5.elf")).unwrap();
    object[16] = 1;
    let opened = lazy_support::open_lazy_bytes(object);
    assert_eq!(opened.err().unwrap().code, Code::LazyUnsupported);
}

#[test]
fn a_symbol_without_a_size_ends_with_its_section() {
    /// Relative to the image; nothing else is there for a while.
    const SIZELESS: u64 = 0x1240;
    /// Of the size of `.text` in the file.
    const TEXT_SIZE: usize = 0x4f88 + 2 * 64 + 32;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lazy");
    let mut object = std::fs::read(folder.join("gcc5.elf")).unwrap();
    let names = |object: &[u8], addr: u64| {
        let table = from_table(&full_table(object).unwrap(), &[addr]).remove(0);
        let lazy = lazy_support::open_lazy_bytes(object.to_vec()).unwrap();
        assert_eq!(from_lazy(&lazy, &[addr], 1).remove(0), table);
        let names = table.into_iter().map(|frame| frame.symbol);
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&object, SIZELESS + 3), ["sizeless"]);
    assert_eq!(names(&object, SIZELESS + 4), ["sizeless"]);
    object[TEXT_SIZE..TEXT_SIZE + 8].copy_from_slice(&0x244_u64.to_le_bytes());
    assert_eq!(names(&object, SIZELESS + 3), ["sizeless"]);
    assert!(names(&object, SIZELESS + 4).is_empty());
}
