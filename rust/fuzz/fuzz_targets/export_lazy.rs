//! Any file through `fw_lazy_open` and `fw_lazy_lookup`.
#![no_main]

use framewright::{fw_close, fw_lazy_lookup, fw_lazy_open};
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::{File, call, handle};

fuzz_target!(|data: &[u8]| {
    let file = File::with(data);
    let addrs: Vec<i64> = (0..256).map(|i| i * 61).collect();
    // SAFETY: texts, arrays and words are live during each call.
    unsafe {
        let opened = call(|words| fw_lazy_open(file.ptr(), file.len(), std::ptr::null(), 0, words));
        if let Some(handle) = handle(&opened) {
            call(|words| fw_lazy_lookup(handle, addrs.as_ptr(), addrs.len(), 2, words));
            assert_eq!(fw_close(handle), 0);
        }
    }
});
