//! Any file through `fw_sources_open` and `fw_source_get`.
#![no_main]

use framewright::{fw_close, fw_source_get, fw_sources_open};
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::{File, call, handle};

fuzz_target!(|input: (&str, &[u8])| {
    let (path, data) = input;
    let file = File::with(data);
    // SAFETY: texts and words are live during each call.
    unsafe {
        let opened = call(|words| fw_sources_open(file.ptr(), file.len(), words));
        if let Some(handle) = handle(&opened) {
            call(|words| fw_source_get(handle, path.as_ptr(), path.len(), words));
            assert_eq!(fw_close(handle), 0);
        }
    }
});
