//! Recognition of BCSymbolMaps, UUID maps and il2cpp mappings, and their parsers.
#![no_main]

use framewright_core::options::{ObjectOptions, parse_bcsymbolmap, parse_il2cpp};
use framewright_core::side_files::recognise;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = recognise(data);
    let _ = parse_bcsymbolmap(data);
    let _ = parse_il2cpp(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = ObjectOptions::parse(text);
    }
});
