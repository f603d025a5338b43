//! Damaged files through the exports: whatever the parsers do with them, the caller gets a status.
//!
//! Every object fixture is cut at many places and has bits flipped at pseudo-random ones, the same in
//! each run. A panic of a parser counts as caught; a panic in our own code fails the test.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::*;

/// Cuts and flips per fixture. `FRAMEWRIGHT_HOSTILE` multiplies them for a longer run.
const CUTS: u64 = 64;
const FLIPS: u64 = 256;

/// xorshift64*, seeded per fixture.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

fn factor() -> u64 {
    std::env::var("FRAMEWRIGHT_HOSTILE")
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(1)
}

fn damaged(whole: &[u8], seed: u64) -> impl Iterator<Item = Vec<u8>> {
    let mut random = Random(seed);
    let cuts = (0..CUTS * factor()).map({
        let mut random = Random(seed ^ 0x5555);
        move |_| whole[..random.below(whole.len())].to_vec()
    });
    let flips = (0..FLIPS * factor()).map(move |round| {
        let mut bytes = whole.to_vec();
        for _ in 0..=round % 8 {
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
        }
        bytes
    });
    // Headers and counts are where one wrong byte leads far.
    let heads = (0..whole.len().min(256)).map(move |at| {
        let mut bytes = whole.to_vec();
        bytes[at] = 0xff;
        bytes
    });
    cuts.chain(flips).chain(heads)
}

/// Counts of what came back.
#[derive(Default)]
struct Seen {
    statuses: [u64; 9],
    panics: Vec<String>,
}

impl Seen {
    fn note(&mut self, reply: &Reply) -> bool {
        let (status, bytes) = reply;
        self.statuses[usize::try_from(*status).unwrap()] += 1;
        if *status != 0 {
            let json: Value = serde_json::from_slice(bytes).unwrap();
            let message = json["message"].as_str().unwrap().to_owned();
            if *status == 7 && !self.panics.contains(&message) {
                self.panics.push(message);
            }
        }
        *status == 0
    }
}

/// Everything that Java does with a file from outside.
fn try_all(path: &Path, scratch: &Scratch, seen: &mut Seen) {
    seen.note(&inspect(path, ""));
    seen.note(&elf_section(path, ".debug_line"));
    let out = scratch.file("out");
    seen.note(&decompress(path, &out, 1 << 24));
    seen.note(&embedded_ppdb(path, &out));
    seen.note(&breakpad_write(path, None, &out, 1 << 24));
    let reply = ppdb_build(path, &out, 1 << 24);
    seen.note(&reply);
    let addrs: Vec<i64> = (0..64).map(|i| i * 37 + 0x1000).collect();
    let table = scratch.file("table");
    if seen.note(&table_build(path, r#"{"variables":true}"#, &table, 1 << 28)) {
        let handle = json(&table_open(&table))["handle"].as_i64().unwrap();
        seen.note(&table_lookup(handle, &addrs));
        assert_eq!(framewright::fw_close(handle), 0);
        fs::remove_file(&table).unwrap();
    }
    let reply = lazy_open(path, "");
    if seen.note(&reply) {
        let handle = json(&reply)["handle"].as_i64().unwrap();
        seen.note(&lazy_lookup(handle, &addrs, 2));
        assert_eq!(framewright::fw_close(handle), 0);
    }
    let reply = sources_open(path);
    if seen.note(&reply) {
        let handle = json(&reply)["handle"].as_i64().unwrap();
        seen.note(&source_get(handle, "/src/shapes.cpp"));
        assert_eq!(framewright::fw_close(handle), 0);
    }
}

#[test]
fn damaged_files_end_with_a_status() {
    let scratch = Scratch::new();
    let mut seen = Seen::default();
    let mut names: Vec<_> = fs::read_dir(fixture(""))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    for (number, name) in (1..).zip(&names) {
        let whole = fs::read(fixture(name)).unwrap();
        for bytes in damaged(&whole, number) {
            let path = scratch.write("damaged", &bytes);
            try_all(&path, &scratch, &mut seen);
        }
    }
    println!("statuses {:?}", seen.statuses);
    println!("panics of parsers: {:#?}", seen.panics);
    let ours: Vec<_> = seen
        .panics
        .iter()
        .filter(|message| !message.contains(".cargo/registry") && !message.contains("/rustc/"))
        .collect();
    assert!(ours.is_empty(), "panics in our own code: {ours:#?}");
}

const MAPPING: &str = r#"# compiler: R8
# {"id":"com.android.tools.r8.mapping","version":"2.2"}
# pg_map_id: abc
com.example.One -> a.a:
# {"id":"sourceFile","fileName":"One.kt"}
    1:3:void run(int):10:12 -> a
    4:4:void com.example.Two.inlined():7:7 -> a
    4:4:void run(int):13 -> a
    # {"id":"com.android.tools.r8.rewriteFrame","conditions":["throws(Ljava/lang/Error;)"],"actions":["removeInnerFrames(1)"]}
    5:5:int outline():1:1 -> b
    # {"id":"com.android.tools.r8.outline"}
com.example.Two -> b:
# {"id":"sourceFile","fileName":"Two.kt"}
    1:1:void caller():30:30 -> a
    # {"id":"com.android.tools.r8.outlineCallsite","positions":{"5":31},"outline":"La;b()I"}
    void bare() -> c
"#;

const QUESTION: [&str; 2] = [
    r#"{"classes":["a.a","b","q"],
    "stacks":[{"exception":"java.lang.Error","frames":[["a.a","a",4,null],["a.a","b",5,null],
        ["b","a",1,null],["b","c",null,"(La/a;I)V"],["a.a","a",null,null]]}]}"#,
    "a.a: x\n  at b.a(X:1)\n",
];

/// A damaged mapping is text that is read as far as it goes; a damaged table, which the cache's
/// checksum would catch, answers or fails, and takes nobody along.
#[test]
fn damaged_mappings_and_tables_end_with_a_status() {
    let scratch = Scratch::new();
    let mut seen = Seen::default();
    let ask = |table: &Path, seen: &mut Seen| {
        let reply = proguard_open(table);
        if seen.note(&reply) {
            let handle = json(&reply)["handle"].as_i64().unwrap();
            seen.note(&proguard_remap(&[handle, handle], &QUESTION));
            assert_eq!(framewright::fw_close(handle), 0);
        }
    };
    let (text, table) = (
        scratch.write("mapping", MAPPING.as_bytes()),
        scratch.file("table"),
    );
    assert_eq!(proguard_build(&text, &table, 1 << 20).0, 0);
    let whole = fs::read(&table).unwrap();
    for bytes in damaged(&whole, 1) {
        ask(&scratch.write("damaged", &bytes), &mut seen);
    }
    for bytes in damaged(MAPPING.as_bytes(), 2) {
        let text = scratch.write("mapping", &bytes);
        if seen.note(&proguard_build(&text, &table, 1 << 20)) {
            ask(&table, &mut seen);
        }
    }
    assert!(
        seen.statuses[0] > 100 && seen.statuses[1] > 100,
        "{:?}",
        seen.statuses
    );
    assert_eq!(seen.panics, Vec::<String>::new());
}
