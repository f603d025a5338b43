//! What the tests share: the fixtures, a reader of replies that is independent of the writer, and
//! golden files.

#![allow(dead_code, reason = "each test binary uses its part")]

pub mod msf;
pub mod portable;
pub mod reply;

use std::fs;
use std::path::{Path, PathBuf};

use framewright_core::bytes::SharedBytes;
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::symcache_lookup::lookup_table;
use framewright_core::table::Table;
use framewright_core::wire::ReplyBuilder;

use reply::Frame;

fn tests_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The bytes of one fixture.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = tests_dir().join("fixtures").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of all fixtures that are object files, sorted.
pub fn object_fixtures() -> Vec<String> {
    let kinds = [
        "so", "debug", "dll", "exe", "pdb", "dylib", "dsym", "wasm", "sym",
    ];
    let mut names: Vec<_> = fs::read_dir(tests_dir().join("fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| kinds.iter().any(|kind| name.ends_with(&format!(".{kind}"))))
        .collect();
    names.sort();
    assert!(names.len() > 20, "fixtures are missing: {names:?}");
    names
}

/// A table built from a fixture, as written and opened again.
pub fn table_of(name: &str, options: &TableOptions<'_>) -> Table {
    let image = build_object_table(&fixture(name), options).unwrap();
    Table::open(SharedBytes::new(image.to_vec())).unwrap()
}

/// The frames of each address.
pub fn look_up(table: &Table, addrs: &[u64]) -> Vec<Vec<Frame>> {
    let mut reply = ReplyBuilder::new();
    lookup_table(table, addrs, &mut reply).unwrap();
    reply::decode(&reply.finish())
}

/// Every range boundary, and the addresses beside it.
pub fn interesting_addresses(table: &Table) -> Vec<u64> {
    let mut addrs = vec![0, u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX];
    for start in table.range_starts().map(u64::from) {
        addrs.extend([start.saturating_sub(1), start, start + 1]);
    }
    addrs
}

/// Compares bytes that a test has written with a fixture; with `FRAMEWRIGHT_UPDATE=1` writes the file.
pub fn assert_fixture(name: &str, actual: &[u8]) {
    if updates() {
        fs::write(tests_dir().join("fixtures").join(name), actual).unwrap();
    }
    assert!(
        fixture(name) == actual,
        "{name} is another; see FRAMEWRIGHT_UPDATE"
    );
}

fn updates() -> bool {
    std::env::var_os("FRAMEWRIGHT_UPDATE").is_some_and(|value| value == "1")
}

/// Compares `actual` with a file under `golden`; with `FRAMEWRIGHT_UPDATE=1` writes the file.
pub fn assert_golden(name: &str, actual: &str) {
    let path = tests_dir().join("golden").join(name);
    if updates() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    for (number, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(actual, expected, "{name}, line {}", number + 1);
    }
    assert_eq!(
        actual.lines().count(),
        expected.lines().count(),
        "{name} has another length; FRAMEWRIGHT_UPDATE=1 rewrites it"
    );
}
