//! Any bytes as what the server says: frames in order, then an end or an error.
#![no_main]

use framewright_crash::protocol::{Incoming, read_frame};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut rest = data;
    while let Ok(Some(text)) = read_frame(&mut rest) {
        assert!(text.len() + 4 + rest.len() <= data.len());
        let _ = serde_json::from_slice::<Incoming>(&text);
    }
});
