//! Any text as a script: what is found without a parser is what the parser finds.
#![no_main]

use framewright_core::js_scopes::{parsed, scanned};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|script: &str| {
    if let (Ok(Some(found)), Ok(expected)) = (scanned(script), parsed(script)) {
        assert_eq!(found, expected);
    }
});
