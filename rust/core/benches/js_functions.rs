//! Are the functions of scripts the same, and how much sooner found, without a parser of the whole?
//!
//! `cargo bench --bench js_functions -- a.min.js b.mjs ...`
//!
//! One JSON line a script: its bytes, how many rows of functions it has, what became of reading it
//! (`same`, `unsure`, `differs` or, where only the parser refuses the script, `accepts`) and the
//! milliseconds of processor time of both ways, best of three.

use framewright_core::js_scopes::{parsed, scanned};

const RUNS: usize = 3;
const STACK: usize = 64 << 20;

fn main() {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(run);
    worker.unwrap().join().unwrap();
}

fn run() {
    for path in std::env::args().skip(1).filter(|arg| arg != "--bench") {
        let Ok(script) = std::fs::read_to_string(&path) else {
            continue;
        };
        let (ours, ours_ms) = best(|| scanned(&script).ok().flatten());
        let (theirs, theirs_ms) = best(|| parsed(&script).ok());
        let outcome = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => "same",
            (Some(_), Some(_)) => "differs",
            (Some(_), None) => "accepts",
            (None, _) => "unsure",
        };
        let rows = theirs.map_or(0, |reply| {
            u32::from_le_bytes(reply[..4].try_into().unwrap())
        });
        let line = serde_json::json!({
            "script": path,
            "bytes": script.len(),
            "rows": rows,
            "outcome": outcome,
            "scan_ms": ours_ms,
            "parse_ms": theirs_ms,
        });
        println!("{line}");
    }
}

fn best<T>(mut body: impl FnMut() -> T) -> (T, f64) {
    let mut best = f64::MAX;
    let mut timed = || {
        let start = processor_ms();
        let result = body();
        best = best.min(processor_ms() - start);
        result
    };
    for _ in 1..RUNS {
        timed();
    }
    let result = timed();
    (result, best)
}

/// Of this thread; the first number is in nanoseconds.
fn processor_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}
