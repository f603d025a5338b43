//! Any text as a script, through `fw_js_scopes`.
#![no_main]

use framewright::fw_js_scopes;
use libfuzzer_sys::fuzz_target;

#[path = "exports.rs"]
mod exports;
use exports::call;

fuzz_target!(|script: &str| {
    // SAFETY: script and words are live during the call.
    unsafe { call(|words| fw_js_scopes(script.as_ptr(), script.len(), words)) };
});
