//! How long does symbolic's `SourceMapCacheWriter` take for a script and its map, how large is what it
//! writes, and how long does a lookup in it take?
//!
//! `FRAMEWRIGHT_SCRIPT=a.min.js FRAMEWRIGHT_MAP=a.min.js.map cargo bench --bench source_map`
//!
//! One JSON line: milliseconds of the best of three from bytes to a written cache in which 40 positions
//! were looked up, processor time of one run on average, bytes of the cache, peak anonymous memory in
//! MiB over that of the process before, nanoseconds a lookup of positions spread over the script.

#[path = "support/measure.rs"]
mod measure;

use std::time::Instant;

use measure::{Memory, processor_ms};
use symbolic_sourcemapcache::{SourceMapCache, SourceMapCacheWriter, SourcePosition};

const RUNS: usize = 3;
const FRAMES: usize = 40;
const LOOKUPS: usize = 1_000_000;

fn main() {
    let script = std::fs::read_to_string(std::env::var_os("FRAMEWRIGHT_SCRIPT").unwrap()).unwrap();
    let map = std::fs::read_to_string(std::env::var_os("FRAMEWRIGHT_MAP").unwrap()).unwrap();
    let positions = positions(&script);
    let memory = Memory::watch();
    let cpu = processor_ms();
    let mut best = f64::MAX;
    let mut cache = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        cache.clear();
        SourceMapCacheWriter::new(&script, &map)
            .unwrap()
            .serialize(&mut cache)
            .unwrap();
        let opened = SourceMapCache::parse(&cache).unwrap();
        for position in positions.iter().take(FRAMES) {
            std::hint::black_box(opened.lookup(*position));
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    let peak = memory.peak_mib();
    let cpu = (processor_ms() - cpu) / RUNS as u64;
    let opened = SourceMapCache::parse(&cache).unwrap();
    let start = Instant::now();
    for position in positions.iter().cycle().take(LOOKUPS) {
        std::hint::black_box(opened.lookup(*position));
    }
    let lookup = start.elapsed().as_nanos() as f64 / LOOKUPS as f64;
    let line = serde_json::json!({
        "writer_ms": best,
        "writer_cpu_ms": cpu,
        "bytes": cache.len(),
        "peak_anon_mib": peak,
        "lookup_ns": lookup,
    });
    println!("{line}");
}

/// A thousand, spread over the lines by their lengths, in an order that jumps about.
fn positions(script: &str) -> Vec<SourcePosition> {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(script.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    (0..1000)
        .map(|number| {
            let at = number * 389 % 1000 * (script.len() / 1000);
            let line = starts.partition_point(|start| *start <= at) - 1;
            SourcePosition::new(line as u32, (at - starts[line]) as u32)
        })
        .collect()
}
