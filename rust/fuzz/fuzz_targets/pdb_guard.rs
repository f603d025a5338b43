//! A PDB that passes the guard is converted without running out of stack or time.
#![no_main]

use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if data.starts_with(b"Microsoft C/C++") {
        let _ = build_object_table(data, &TableOptions::default());
    }
});
