//! Any sequence of addresses and rows encodes to a reply whose counts add up.
#![no_main]

use framewright_core::wire::{HEADER_BYTES, ROW_BYTES, ReplyBuilder, Row, Text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|steps: Vec<(bool, u32, String, Option<String>)>| {
    let mut reply = ReplyBuilder::new();
    let mut addresses = 0;
    let mut rows = 0;
    for (begin, number, name, path) in &steps {
        if *begin {
            reply.begin_address().unwrap();
            addresses += 1;
        }
        let row = Row {
            sym_addr: Some(u64::from(*number)),
            line: *number,
            lang: number % 12,
            symbol: Text::plain(name),
            function: Text::plain(name),
            path: path.as_deref().map(Text::plain),
            vars: None,
            generated: *begin,
        };
        match reply.row(&row) {
            Ok(()) => rows += 1,
            Err(_) => assert_eq!(addresses, 0),
        }
    }
    let bytes = reply.finish();
    let strings = u32::from_le_bytes(bytes[16..20].try_into().unwrap()) as usize;
    let starts = ((addresses + 1) * 4_usize).next_multiple_of(8);
    assert_eq!(
        bytes.len(),
        HEADER_BYTES + starts + rows * ROW_BYTES + strings
    );
});
