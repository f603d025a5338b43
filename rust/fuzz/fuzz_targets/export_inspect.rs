//! Any file through `fw_inspect`, `fw_decompress` and `fw_embedded_ppdb`.
#![no_main]

use framewright::{fw_decompress, fw_embedded_ppdb, fw_inspect};
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::{File, call};

fuzz_target!(|data: &[u8]| {
    let file = File::with(data);
    let out = File::none();
    // SAFETY: texts and words are live during each call.
    unsafe {
        call(|words| fw_inspect(file.ptr(), file.len(), std::ptr::null(), 0, words));
        call(|words| {
            fw_decompress(file.ptr(), file.len(), out.ptr(), out.len(), 1 << 20, words);
        });
        call(|words| fw_embedded_ppdb(file.ptr(), file.len(), out.ptr(), out.len(), 1 << 24, words));
    }
});
