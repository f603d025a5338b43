//! How long until a large mapping is a table, with how much memory of its own, and what do 100 frames
//! cost then?
//!
//! `FRAMEWRIGHT_MAPPING=mapping.txt cargo bench --bench jvm_mapping`
//!
//! Without the variable the mapping is generated: 300 MB of classes with source files, overloads and
//! inlined calls, as R8 writes them. One JSON line: bytes of the mapping and of its table,
//! milliseconds, milliseconds of processor time, peak anonymous memory in MiB over that of the process
//! before, and microseconds for a request of 100 frames, of which the best of 1,000 counts.

#[path = "support/measure.rs"]
mod measure;

use std::fmt::Write;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use framewright_core::bytes::SharedBytes;
use framewright_core::proguard::MappingTable;
use framewright_core::proguard_build::build;
use framewright_core::proguard_remap::{Frame, RemapRequest, Stack, remap};
use measure::{Memory, processor_ms};

const GENERATED_BYTES: usize = 300 << 20;
const FRAMES: usize = 100;
const REQUESTS: usize = 1000;

fn main() {
    let file = std::env::var_os("FRAMEWRIGHT_MAPPING").map_or_else(generate, PathBuf::from);
    let mapping = map(&file);
    let table_file = std::env::temp_dir().join(format!("fw-bench-{}.table", std::process::id()));
    let memory = Memory::watch();
    let (start, processor) = (Instant::now(), processor_ms());
    let mut out = BufWriter::with_capacity(256 << 10, File::create(&table_file).unwrap());
    let (facts, bytes) = build(&mapping, &mut out, u64::MAX).unwrap();
    out.flush().unwrap();
    let (ms, cpu_ms) = (start.elapsed().as_millis(), processor_ms() - processor);
    let peak = memory.peak_mib();
    let table = MappingTable::open(SharedBytes::new(map(&table_file))).unwrap();
    let request = request(&mapping);
    let best = (0..REQUESTS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(remap(&[&table], &request).unwrap());
        start.elapsed().as_micros()
    });
    let line = serde_json::json!({
        "mapping_bytes": mapping.len(),
        "table_bytes": bytes,
        "classes": facts.classes,
        "ms": ms as u64,
        "cpu_ms": cpu_ms,
        "peak_anon_mib": peak,
        "request_us": best.min().map(|us| us as u64),
    });
    println!("{line}");
    std::fs::remove_file(&table_file).unwrap();
}

fn map(file: &std::path::Path) -> memmap2::Mmap {
    // SAFETY: nobody writes to the file.
    unsafe { memmap2::Mmap::map(&File::open(file).unwrap()).unwrap() }
}

/// Frames of classes spread over the mapping.
fn request(mapping: &[u8]) -> RemapRequest<'static> {
    let text = String::from_utf8_lossy(mapping);
    let classes: Vec<&str> = text
        .lines()
        .filter(|line| line.ends_with(':') && !line.starts_with(['#', ' ']))
        .filter_map(|line| Some(line.split_once(" -> ")?.1.trim_end_matches(':')))
        .collect();
    let frames = (0..FRAMES)
        .map(|number| {
            let class = classes[number * (classes.len() / FRAMES)].to_owned();
            Frame(class, "a".into(), Some(number as u32 % 7 + 1), None)
        })
        .collect();
    RemapRequest {
        stacks: vec![Stack {
            exception: Some(classes[0].to_owned()),
            frames,
        }],
        ..RemapRequest::default()
    }
}

fn generate() -> PathBuf {
    let mut text = String::with_capacity(GENERATED_BYTES + (1 << 20));
    let mut class = 0_usize;
    while text.len() < GENERATED_BYTES {
        let name = |class: usize| {
            format!(
                "com.example.feature{}.Repository{class}Adapter",
                class % 211
            )
        };
        let this = name(class);
        writeln!(
            text,
            "{this} -> {}.c{class}:\n# {{\"id\":\"sourceFile\",\"fileName\":\"Repository{class}.kt\"}}",
            class % 500
        )
        .unwrap();
        let mut line = 1;
        for method in 0..class % 23 + 2 {
            for _ in 0..method % 4 + 1 {
                let (end, from) = (line + 3, method * 17 + line);
                if class > 0 && line % 3 == 0 {
                    let other = name(class * 31 % class.min(5000));
                    writeln!(
                        text,
                        "    {line}:{end}:int {other}.load{method}():{from}:{} -> a",
                        from + 3
                    )
                    .unwrap();
                }
                writeln!(
                    text,
                    "    {line}:{end}:void update{method}(java.lang.String,{this},int):{from}:{} -> a",
                    from + 3
                )
                .unwrap();
                line = end + 1;
            }
        }
        class += 1;
    }
    let file = std::env::temp_dir().join("fw-bench-mapping.txt");
    std::fs::write(&file, text).unwrap();
    file
}
