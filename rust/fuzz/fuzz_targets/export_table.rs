//! Any file through `fw_table_build`, and what comes out through `fw_table_open` and a lookup.
#![no_main]

use framewright::{fw_close, fw_table_build, fw_table_lookup, fw_table_open};
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::{File, call, handle};

fuzz_target!(|data: &[u8]| {
    let file = File::with(data);
    let table = File::none();
    let addrs: Vec<i64> = (0..256).map(|i| i * 61).collect();
    // SAFETY: texts, arrays and words are live during each call.
    unsafe {
        let (path, table) = ((file.ptr(), file.len()), (table.ptr(), table.len()));
        let (status, _) = call(|words| {
            fw_table_build(
                path.0,
                path.1,
                std::ptr::null(),
                0,
                table.0,
                table.1,
                1 << 28,
                words,
            );
        });
        if status != 0 {
            return;
        }
        let handle = handle(&call(|words| fw_table_open(table.0, table.1, words))).unwrap();
        let (status, _) = call(|words| fw_table_lookup(handle, addrs.as_ptr(), addrs.len(), words));
        assert_eq!(status, 0);
        assert_eq!(fw_close(handle), 0);
    }
});
