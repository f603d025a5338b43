//! Any bytes as a lookup table: open, then look up, ends with rows or an error.
#![no_main]

use framewright_core::bytes::SharedBytes;
use framewright_core::symcache_lookup::lookup_table;
use framewright_core::table::Table;
use framewright_core::wire::ReplyBuilder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(table) = Table::open(SharedBytes::new(data.to_vec())) else {
        return;
    };
    let mut addrs: Vec<u64> = table.range_starts().take(64).map(u64::from).collect();
    addrs.extend([0, 1, u64::from(u32::MAX), u64::MAX]);
    let mut reply = ReplyBuilder::new();
    if lookup_table(&table, &addrs, &mut reply).is_ok() {
        assert_eq!(reply.finish().len() % 4, reply_strings(&table, &addrs) % 4);
    }
});

/// Bytes of strings in the reply: everything before them is a multiple of four.
fn reply_strings(table: &Table, addrs: &[u64]) -> usize {
    let mut reply = ReplyBuilder::new();
    lookup_table(table, addrs, &mut reply).unwrap();
    let bytes = reply.finish();
    u32::from_le_bytes(bytes[16..20].try_into().unwrap()) as usize
}
