//! Any file to a symbol file: what is written is one that Breakpad's readers take whole.
#![no_main]

use framewright_core::breakpad_sym::{ModuleFiles, write};
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use libfuzzer_sys::fuzz_target;

const LIMITS: UnwindLimits = UnwindLimits {
    max_bytes: 1 << 26,
    max_chain: 128,
};

fuzz_target!(|data: &[u8]| {
    let files = ModuleFiles {
        symbols: data,
        unwind: None,
        name: "app",
    };
    let mut text = Vec::new();
    let Ok(written) = write(files, 1, LIMITS, &mut text) else {
        return;
    };
    assert_eq!(written.bytes, text.len() as u64);
    assert!(text.starts_with(b"MODULE "));
    build_object_table(&text, &TableOptions::default()).unwrap();
    build_unwind_table(&text, LIMITS).unwrap();
});
