//! Any bytes as an unwind table: what opens answers within its bytes.
#![no_main]

use framewright_core::bytes::SharedBytes;
use framewright_core::unwind_table::UnwindTable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(table) = UnwindTable::open(SharedBytes::new(data.to_vec())) else {
        return;
    };
    for rva in (0..0x1000).chain([u64::from(u32::MAX), u64::MAX]) {
        let found = [table.cfi(rva), table.win(rva)];
        if !table.covers(rva) {
            assert!(found.iter().all(|record| matches!(record, Ok(None))));
        }
    }
});
