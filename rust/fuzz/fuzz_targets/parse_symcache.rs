//! Any bytes as the SymCache that is transcoded, with and without variables.
#![no_main]

use framewright_core::bytes::SharedBytes;
use framewright_core::symcache_build::{TableOptions, transcode};
use framewright_core::table::Table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for variables in [false, true] {
        let options = TableOptions {
            variables,
            ..TableOptions::default()
        };
        if let Ok(image) = transcode(data.to_vec(), &options) {
            let written = image.to_vec();
            assert_eq!(written.len() as u64, image.file_bytes());
            Table::open(SharedBytes::new(written)).unwrap();
        }
    }
});
