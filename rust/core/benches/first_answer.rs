//! How long until 50 addresses of a large file are answered, and with how much memory of its own?
//!
//! `FRAMEWRIGHT_LARGE_FILES=a.debug:b.debug cargo bench --bench first_answer`
//!
//! Rivals, each in a process of its own with the file in the page cache:
//! - `lazy`: [`LazyObject`](framewright_core::dwarf_lookup::LazyObject), open + one lookup,
//! - `lazy_again`: a second lookup of other addresses on the same object,
//! - `table`: convert to a table, open it, look up,
//! - `symcache`: symbolic's converter alone, serialised, parsed, looked up,
//! - `addr2line`: `addr2line::Loader`, which keeps what it parses and has no symbols of its own
//!   rules; its frames are not compared.
//!
//! One JSON line per run: file, rival, milliseconds, milliseconds of processor time on all threads
//! (steadier when others use the machine), peak anonymous memory in MiB over that of the process
//! before (sampled from `RssAnon` every two milliseconds), rows answered.

#[path = "../tests/lazy_support/mod.rs"]
mod lazy_support;
#[path = "support/measure.rs"]
mod measure;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use framewright_core::object::parse_single;
use framewright_core::symcache_build::{TableOptions, convert};
use lazy_support::random::Random;
use lazy_support::{from_lazy, from_table, full_table, large_files, map, open_lazy};
use measure::{Memory, processor_ms};
use symbolic_demangle::{Demangle, DemangleOptions};
use symbolic_symcache::SymCache;

const ADDRESSES: usize = 50;
const RUNS: usize = 3;
const RIVALS: [&str; 5] = ["lazy", "lazy_again", "table", "symcache", "addr2line"];

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, run, rival, file] = &args[..]
        && run == "run"
    {
        return run_one(rival, Path::new(file));
    }
    let program = std::env::current_exe().unwrap();
    for file in large_files() {
        let mut best = [f64::MAX; RIVALS.len()];
        for (rival, best) in RIVALS.iter().zip(&mut best) {
            for _ in 0..RUNS {
                let run = Command::new(&program)
                    .args(["run", rival])
                    .arg(&file)
                    .output()
                    .unwrap();
                let line = String::from_utf8_lossy(&run.stdout);
                print!("{line}");
                eprint!("{}", String::from_utf8_lossy(&run.stderr));
                if let Ok(json) = serde_json::from_str::<serde_json::Value>(&line) {
                    *best = best.min(json["ms"].as_f64().unwrap_or(f64::MAX));
                }
            }
        }
        println!(
            "{}: lazy / table = {:.3}, lazy / symcache = {:.3}, lazy / addr2line = {:.3}",
            file.display(),
            best[0] / best[2],
            best[0] / best[3],
            best[0] / best[4],
        );
    }
}

/// Answers once and prints one line.
fn run_one(rival: &str, path: &Path) {
    let data = map(path);
    // The page cache is warm, as after a download.
    let touched: u64 = data.iter().step_by(4096).map(|byte| u64::from(*byte)).sum();
    std::hint::black_box(touched);
    let addrs = addresses(&data, 1);
    let lazy = (rival == "lazy_again").then(|| {
        let lazy = open_lazy(path).unwrap();
        from_lazy(&lazy, &addresses(&data, 7), 2);
        lazy
    });
    let memory = Memory::watch();
    let processor = processor_ms();
    let start = Instant::now();
    let rows: usize = match rival {
        "lazy" => {
            let lazy = open_lazy(path).unwrap();
            from_lazy(&lazy, &addrs, 2).iter().map(Vec::len).sum()
        }
        "lazy_again" => from_lazy(&lazy.unwrap(), &addrs, 2)
            .iter()
            .map(Vec::len)
            .sum(),
        "table" => {
            let table = full_table(&data).unwrap();
            from_table(&table, &addrs).iter().map(Vec::len).sum()
        }
        "symcache" => symcache(&data, &addrs),
        "addr2line" => addr2line(path, &addrs),
        other => panic!("no rival {other}"),
    };
    let took = start.elapsed();
    let line = serde_json::json!({
        "file": path.display().to_string(),
        "rival": rival,
        "ms": took.as_secs_f64() * 1000.0,
        "cpu_ms": processor_ms() - processor,
        "peak_anon_mib": memory.peak_mib(),
        "rows": rows,
    });
    println!("{line}");
}

/// Random addresses that some symbol covers, relative to the image.
fn addresses(data: &[u8], seed: u64) -> Vec<u64> {
    let object = parse_single(data).unwrap();
    let symbols: Vec<_> = object.symbols().filter(|symbol| symbol.size > 0).collect();
    let end = symbols
        .iter()
        .map(|symbol| symbol.address + symbol.size)
        .max()
        .unwrap();
    let start = symbols.iter().map(|symbol| symbol.address).min().unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ seed);
    (0..ADDRESSES)
        .map(|_| start + random.below(end - start))
        .collect()
}

fn symcache(data: &[u8], addrs: &[u64]) -> usize {
    let object = parse_single(data).unwrap();
    let bytes = convert(&object, &TableOptions::default()).unwrap();
    let table = SymCache::parse(&bytes).unwrap();
    let options = DemangleOptions::complete().return_type(false);
    let frames = addrs.iter().flat_map(|addr| table.lookup(*addr));
    let names = frames.map(|frame| {
        let name = frame.function().name_for_demangling();
        name.try_demangle(options).len() + frame.file().map_or(0, |file| file.full_path().len())
    });
    std::hint::black_box(names.collect::<Vec<_>>()).len()
}

fn addr2line(path: &Path, addrs: &[u64]) -> usize {
    let load = parse_single(&map(path)).unwrap().load_address();
    let loader = addr2line::Loader::new(path).unwrap();
    let mut rows = 0;
    for addr in addrs {
        let Ok(mut frames) = loader.find_frames(addr + load) else {
            continue;
        };
        while let Ok(Some(frame)) = frames.next() {
            let name = frame
                .function
                .and_then(|name| name.demangle().ok().map(|name| name.len()));
            rows += usize::from(name.is_some());
        }
    }
    rows
}
