//! Any file through `fw_ppdb_build`, `fw_ppdb_open` and `fw_ppdb_lookup`; also as a cache.
#![no_main]

use framewright::{fw_close, fw_ppdb_build, fw_ppdb_lookup, fw_ppdb_open};
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::{File, call, handle};

fuzz_target!(|data: &[u8]| {
    let file = File::with(data);
    let cache = File::none();
    let pairs: Vec<i64> = (0..64).flat_map(|i| [i / 8, i % 8 * 5]).collect();
    // SAFETY: texts, arrays and words are live during each call.
    unsafe {
        call(|words| {
            fw_ppdb_build(
                file.ptr(),
                file.len(),
                cache.ptr(),
                cache.len(),
                1 << 24,
                words,
            );
        });
        for path in [&file, &cache] {
            let opened = call(|words| fw_ppdb_open(path.ptr(), path.len(), words));
            if let Some(handle) = handle(&opened) {
                call(|words| fw_ppdb_lookup(handle, pairs.as_ptr(), pairs.len() / 2, words));
                assert_eq!(fw_close(handle), 0);
            }
        }
    }
});
