//! Any bytes as a packed download never give more than the bound.
#![no_main]

use framewright_core::decompress::decompress;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut out = Vec::new();
    let result = decompress(data, 1 << 20, || Ok(&mut out));
    if let Ok((_, bytes)) = result {
        assert_eq!(bytes, out.len() as u64);
    }
    assert!(out.len() <= 1 << 20);
});
