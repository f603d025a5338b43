//! Any text as a mapping, and any text as a trace that it restores; any bytes as a table of one.
#![no_main]

use framewright_core::bytes::SharedBytes;
use framewright_core::proguard::MappingTable;
use framewright_core::proguard_build::build;
use framewright_core::proguard_remap::{Frame, RemapRequest, Stack, remap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str)| {
    let (data, trace) = input;
    let request = RemapRequest {
        classes: vec!["a.a".into(), trace.into()],
        stacks: vec![Stack {
            exception: Some("a.a".into()),
            frames: vec![
                Frame("a.a".into(), "a".into(), Some(4), None),
                Frame("b".into(), trace.into(), None, Some("(La/a;I)V".into())),
            ],
        }],
        texts: vec![trace],
        ..RemapRequest::default()
    };
    if let Ok(table) = MappingTable::open(SharedBytes::new(data.to_vec())) {
        let _ = remap(&[&table], &request);
    }
    let mut written = Vec::new();
    if let Ok((facts, bytes)) = build(data, &mut written, 1 << 24) {
        assert_eq!(bytes, written.len() as u64);
        let table = MappingTable::open(SharedBytes::new(written)).unwrap();
        assert_eq!(*table.facts(), facts);
        let _ = remap(&[&table], &request);
    }
});
