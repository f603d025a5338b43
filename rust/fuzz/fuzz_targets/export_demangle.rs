//! Any name, in every language, through `fw_demangle`; and any text as its argument.
#![no_main]

use framewright::fw_demangle;
use framewright_core::demangle::{demangle, language_by_name};
use framewright_core::wire::LANGUAGES;
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::call;

fuzz_target!(|name: &str| {
    for language in LANGUAGES {
        let _ = demangle(name, language_by_name(language));
    }
    // SAFETY: text and words are live during the call.
    unsafe { call(|words| fw_demangle(name.as_ptr(), name.len(), words)) };
});
