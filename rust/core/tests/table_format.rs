//! The table file by its description: counts, bounds, damage, and chains that bite their tail.

mod support;

use framewright_core::bytes::SharedBytes;
use framewright_core::error::{Code, Error};
use framewright_core::symcache_build::TableOptions;
use framewright_core::symcache_lookup::lookup_table;
use framewright_core::table::{Function, Location, NONE, Table, TableImage, VERSION};
use framewright_core::wire::ReplyBuilder;

use support::{interesting_addresses, look_up, table_of};

/// The example of the module's documentation.
fn example() -> TableImage {
    let location = |path, line, function, inlined_into| Location {
        path,
        line,
        function,
        inlined_into,
    };
    let locations = [
        location(0, 7, 0, NONE),
        location(0, 7, 0, NONE),
        location(4, 3, 1, 0),
        location(0, 7, 0, NONE),
        location(NONE, 0, NONE, NONE),
    ];
    let function = |symbol, entry_pc| Function {
        symbol,
        function: symbol,
        entry_pc,
        lang: 1,
    };
    let functions = [function(8, 0x10), function(12, NONE)];
    TableImage {
        ranges: [0x10_u32, 0x18, 0x20, 0x30]
            .iter()
            .flat_map(|at| at.to_le_bytes())
            .collect(),
        locations: locations
            .iter()
            .flat_map(|location| location.to_bytes())
            .collect(),
        functions: functions
            .iter()
            .flat_map(|function| function.to_bytes())
            .collect(),
        strings: b"\x03a.c\x03b.c\x03run\x04step".to_vec(),
        ..TableImage::default()
    }
}

fn open(bytes: Vec<u8>) -> Result<Table, Error> {
    Table::open(SharedBytes::new(bytes))
}

#[test]
fn documented_example_answers_as_documented() {
    let table = open(example().to_vec()).unwrap();
    let names = |addr| -> Vec<String> {
        look_up(&table, &[addr])[0]
            .iter()
            .map(|frame| {
                format!(
                    "{} {}:{}",
                    frame.function,
                    frame.path.as_ref().unwrap(),
                    frame.line
                )
            })
            .collect()
    };
    assert_eq!(names(0x1a), ["step b.c:3", "run a.c:7"]);
    assert_eq!(names(0x10), ["run a.c:7"]);
    assert_eq!(names(0x2f), ["run a.c:7"]);
    assert!(names(0xf).is_empty() && names(0x30).is_empty() && names(1 << 32).is_empty());
    let frames = look_up(&table, &[0x1a]);
    let entries: Vec<_> = frames[0].iter().map(|frame| frame.sym_addr).collect();
    assert_eq!(entries, [None, Some(0x10)]);
}

#[test]
fn open_every_shorter_or_longer_file_is_refused() {
    let whole = example().to_vec();
    assert_eq!(example().file_bytes(), whole.len() as u64);
    for length in 0..whole.len() {
        let error = open(whole[..length].to_vec()).err().unwrap();
        assert_eq!(error.code, Code::MalformedTable, "{length}");
    }
    let longer = [&whole[..], &[0]].concat();
    assert_eq!(open(longer).err().unwrap().code, Code::MalformedTable);
}

#[test]
fn open_another_version_says_so() {
    let mut bytes = example().to_vec();
    bytes[4..8].copy_from_slice(&(VERSION + 1).to_le_bytes());
    assert_eq!(open(bytes).err().unwrap().code, Code::TableVersion);
}

#[test]
fn open_counts_beyond_the_file_are_refused() {
    for at in [64, 68, 72, 80, 84, 88, 92] {
        let mut bytes = example().to_vec();
        bytes[at..at + 4].copy_from_slice(&[0xff; 4]);
        assert_eq!(
            open(bytes).err().unwrap().code,
            Code::MalformedTable,
            "{at}"
        );
    }
}

#[test]
fn lookup_in_a_damaged_table_ends_with_rows_or_an_error() {
    let whole = example().to_vec();
    for at in 128..whole.len() {
        for value in [0, 1, 2, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let table = open(bytes).unwrap();
            let mut reply = ReplyBuilder::new();
            let result = lookup_table(&table, &[0, 0x10, 0x1a, 0x2f, 0x30], &mut reply);
            if let Err(error) = result {
                assert_eq!(error.code, Code::MalformedTable);
            }
        }
    }
}

#[test]
fn lookup_call_site_that_names_itself_or_a_later_one_ends_the_chain() {
    for inlined_into in [2, 3, 4] {
        let mut image = example();
        image.locations[2 * 16 + 12..][..4].copy_from_slice(&u32::to_le_bytes(inlined_into));
        let table = open(image.to_vec()).unwrap();
        assert_eq!(look_up(&table, &[0x1a])[0].len(), 1);
    }
}

#[test]
fn lookup_more_addresses_than_a_reply_holds_is_a_limit() {
    let table = open(example().to_vec()).unwrap();
    let addrs = vec![0x10; (1 << 20) + 1];
    let error = lookup_table(&table, &addrs, &mut ReplyBuilder::new()).unwrap_err();
    assert_eq!(error.code, Code::ReplyTooLarge);
}

#[test]
fn strings_of_a_reply_are_written_once() {
    let table = table_of("elf-dwarf5.so", &TableOptions::default());
    let addrs = interesting_addresses(&table);
    let twice = [&addrs[..], &addrs[..]].concat();
    let bytes_of = |addrs: &[u64]| {
        let mut reply = ReplyBuilder::new();
        lookup_table(&table, addrs, &mut reply).unwrap();
        let reply = reply.finish();
        u32::from_le_bytes(reply[16..20].try_into().unwrap())
    };
    assert_eq!(bytes_of(&addrs), bytes_of(&twice));
    assert!(bytes_of(&addrs) > 0);
}

#[test]
fn lookup_empty_batch_is_an_empty_reply() {
    let table = open(example().to_vec()).unwrap();
    assert!(look_up(&table, &[]).is_empty());
    let empty = open(TableImage::default().to_vec()).unwrap();
    assert_eq!(look_up(&empty, &[0, 1]), [vec![], vec![]]);
}
