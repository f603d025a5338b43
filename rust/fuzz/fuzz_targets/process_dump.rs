//! Any bytes as a dump, with unwind rules for every module: an answer that can be written, or a failure.
#![no_main]

use std::sync::LazyLock;

use framewright_core::bytes::SharedBytes;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_crash::protocol::{Failure, Need, Outgoing, Request, What, write_frame};
use framewright_crash::{Server, process};
use libfuzzer_sys::fuzz_target;

const OBJECT: &str = "MODULE Linux x86_64 000000000000000000000000000000000 x
STACK CFI INIT 1000 10000 .cfa: $rsp 8 + .ra: .cfa -8 + ^
STACK CFI 2000 .cfa: $rbp 16 +
STACK WIN 4 1000 1000 0 0 4 0 8 0 1 $T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + =
STACK WIN 0 2000 1000 0 0 4 4 8 0 0 1
";

static TABLE: LazyLock<SharedBytes> = LazyLock::new(|| {
    let limits = UnwindLimits {
        max_bytes: 1 << 20,
        max_chain: 128,
    };
    let table = build_unwind_table(OBJECT.as_bytes(), limits).unwrap();
    SharedBytes::new(table.to_vec())
});

struct OneTable;

impl Server for OneTable {
    fn ask(&mut self, needs: Vec<Need>) -> Result<Vec<Option<SharedBytes>>, Failure> {
        let table = |need: &Need| (need.what == What::Unwind).then(|| TABLE.clone());
        Ok(needs.iter().map(table).collect())
    }
}

fuzz_target!(|data: &[u8]| {
    let request = Request {
        dump: String::new(),
        max_frames: 256,
        extended: true,
        rewrite_first_module: Vec::new(),
        memory_budget_bytes: 64 << 20,
    };
    if let Ok(done) = process(&SharedBytes::new(data.to_vec()), &request, &mut OneTable) {
        assert!(done.threads.iter().all(|thread| thread.frames.len() <= 256));
        write_frame(&mut std::io::sink(), &Outgoing::Done(Box::new(done))).unwrap();
    }
});
