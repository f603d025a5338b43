//! Shared by the tests and benches of the lookup without conversion: files as the boundary maps
//! them, replies as rows, and the two ways to an answer.
#![allow(dead_code, reason = "each test uses a part of this")]

pub mod random;
pub mod synth;

use std::fs::File;
use std::path::{Path, PathBuf};

use framewright_core::bytes::SharedBytes;
use framewright_core::dwarf_lookup::LazyObject;
use framewright_core::error::Error;
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::symcache_lookup::lookup_table;
use framewright_core::table::Table;
use framewright_core::wire::{HEADER_BYTES, NONE, ROW_BYTES, ReplyBuilder};

/// Maps a file that nothing changes during a test.
pub fn map(path: &Path) -> SharedBytes {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // SAFETY: fixtures and the large files of a developer are not written to.
    SharedBytes::new(unsafe { memmap2::Mmap::map(&file) }.unwrap())
}

/// Opens a file for lookups.
pub fn open_lazy(path: &Path) -> Result<LazyObject, Error> {
    LazyObject::open(map(path), None)
}

/// Opens bytes for lookups.
pub fn open_lazy_bytes(bytes: Vec<u8>) -> Result<LazyObject, Error> {
    LazyObject::open(SharedBytes::new(bytes), None)
}

/// The table of a file, as it is built and opened everywhere else.
pub fn full_table(data: &[u8]) -> Result<Table, Error> {
    let options = TableOptions {
        threads: 2,
        ..TableOptions::default()
    };
    Table::open(SharedBytes::new(
        build_object_table(data, &options)?.to_vec(),
    ))
}

/// One row of a reply, without the ids that only tables have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub sym_addr: Option<u64>,
    pub line: u32,
    pub lang: u32,
    pub symbol: String,
    pub function: String,
    pub path: Option<String>,
    pub vars: Option<String>,
}

/// The rows of every address of a reply.
pub fn frames(reply: &[u8]) -> Vec<Vec<Frame>> {
    let word = |at: usize| u32::from_le_bytes(reply[at..at + 4].try_into().unwrap());
    assert_eq!(&reply[..4], b"FWL1");
    let addrs = word(8) as usize;
    let rows = HEADER_BYTES + (addrs + 1).next_multiple_of(2) * 4;
    let strings = rows + word(12) as usize * ROW_BYTES;
    let text = |at: usize| {
        let (start, len) = (word(at), word(at + 4) as usize);
        (start != NONE).then(|| {
            let start = strings + start as usize;
            String::from_utf8(reply[start..start + len].to_vec()).unwrap()
        })
    };
    let row = |index: u32| {
        let at = rows + index as usize * ROW_BYTES;
        let sym_addr = u64::from_le_bytes(reply[at..at + 8].try_into().unwrap());
        Frame {
            sym_addr: (sym_addr != u64::MAX).then_some(sym_addr),
            line: word(at + 8),
            lang: word(at + 12),
            symbol: text(at + 16).unwrap(),
            function: text(at + 24).unwrap(),
            path: text(at + 32),
            vars: text(at + 40),
        }
    };
    (0..addrs)
        .map(|addr| {
            let at = HEADER_BYTES + addr * 4;
            (word(at)..word(at + 4)).map(row).collect()
        })
        .collect()
}

/// Answers from a table.
pub fn from_table(table: &Table, addrs: &[u64]) -> Vec<Vec<Frame>> {
    let mut reply = ReplyBuilder::new();
    lookup_table(table, addrs, &mut reply).unwrap();
    frames(&reply.finish())
}

/// Answers without a table.
pub fn from_lazy(lazy: &LazyObject, addrs: &[u64], threads: usize) -> Vec<Vec<Frame>> {
    let mut reply = ReplyBuilder::new();
    lazy.lookup(addrs, threads, &mut reply)
        .unwrap_or_else(|error| panic!("{error}"));
    frames(&reply.finish())
}

/// The files named by `FRAMEWRIGHT_LARGE_FILES`, separated by colons.
pub fn large_files() -> Vec<PathBuf> {
    let files = std::env::var_os("FRAMEWRIGHT_LARGE_FILES").unwrap_or_default();
    std::env::split_paths(&files)
        .filter(|path| !path.as_os_str().is_empty())
        .collect()
}
