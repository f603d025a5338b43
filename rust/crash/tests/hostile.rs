//! Dumps that lie.

mod support;

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};

use framewright_core::bytes::SharedBytes;
use framewright_crash::process;
use framewright_crash::protocol::FailureCode;
use support::{CODE, Dump, Files, LE, Registers, STACK, request};
use test_assembler::Section;

/// A dump with a bit of everything that is read.
fn dump() -> Vec<u8> {
    let registers = Registers {
        rip: CODE + 0x1004,
        rsp: STACK,
        rbp: STACK + 16,
    };
    let words: Vec<u64> = (0..64)
        .map(|i| {
            if i % 3 == 0 {
                CODE + 0x2000 + i
            } else {
                STACK + 8 * i
            }
        })
        .collect();
    let crashpad = minidump_synth::CrashpadInfo::new(LE).add_simple_annotation("key", "value");
    Dump::linux()
        .module(CODE, "/bin/app", 1)
        .module(0x50_0000, "/lib/lib.so", 0)
        .thread(7, registers, STACK, &words)
        .thread(8, registers, STACK + 0x1000, &words)
        .thread_name(7, "main")
        .crash(7, 0x45)
        .with(|dump| {
            dump.add_crashpad_info(crashpad)
                .set_linux_maps(b"00400000-00410000 r-xp 00000000 00:00 0 /bin/app\n")
                .set_linux_proc_status(b"Pid:\t7\nState:\tR\n")
                .set_soft_errors("[{\"what\":1}]")
        })
        .stream(
            0x5379_0001,
            Section::with_endian(LE).D32(1).D32(0).D32(0).D32(0),
        )
        .bytes()
}

/// The class of the answer to a dump; a panic is one of them.
fn class(dump: Vec<u8>) -> &'static str {
    let mut request = request();
    request.extended = true;
    let mut files = Files::default().unwind(
        "/bin/app",
        "STACK CFI INIT 1000 2000 .cfa: $rsp 8 + .ra: .cfa -8 + ^\n",
    );
    let answer = panic::catch_unwind(AssertUnwindSafe(|| {
        process(&SharedBytes::new(dump), &request, &mut files)
    }));
    match answer {
        Ok(Ok(_)) => "done",
        Ok(Err(failure)) => match failure.code {
            FailureCode::Malformed => "malformed",
            FailureCode::Limit => "limit",
            FailureCode::Unsupported => "unsupported",
            FailureCode::Internal => "internal",
        },
        Err(_) => "panic",
    }
}

#[test]
fn every_prefix_has_an_answer() {
    let whole = dump();
    assert_eq!(class(whole.clone()), "done");
    for length in 0..whole.len() {
        let class = class(whole[..length].to_vec());
        assert!(["done", "malformed"].contains(&class), "{length}: {class}");
    }
}

/// Numbers without a pattern, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// Classes of the answers to dumps with one changed byte, by how often.
fn mutations(whole: &[u8], runs: usize) -> BTreeMap<&'static str, usize> {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut classes = BTreeMap::new();
    for _ in 0..runs {
        let mut dump = whole.to_vec();
        let at = random.below(dump.len());
        dump[at] ^= 1 + random.below(255) as u8;
        *classes.entry(class(dump)).or_default() += 1;
    }
    classes
}

#[test]
fn changed_bytes_have_an_answer() {
    let classes = mutations(&dump(), 3_000);
    assert!(classes["done"] > 1_000, "{classes:?}");
    let known = ["done", "malformed"];
    assert!(
        classes.keys().all(|class| known.contains(class)),
        "{classes:?}"
    );
}

#[test]
#[ignore = "the long form of changed_bytes_have_an_answer; DUMP names another dump"]
fn changed_bytes_have_an_answer_long() {
    let whole = std::env::var("DUMP").map_or_else(|_| dump(), |path| std::fs::read(path).unwrap());
    let start = std::time::Instant::now();
    let classes = mutations(&whole, 100_000);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("{classes:?} in {:?}, {}", start.elapsed(), peak.unwrap());
    assert!(!classes.contains_key("internal"), "{classes:?}");
}

/// Offset of the directory entry of a stream.
fn entry(dump: &[u8], kind: u32) -> usize {
    let word = |at: usize| u32::from_le_bytes(dump[at..at + 4].try_into().unwrap());
    (0..word(8) as usize)
        .map(|i| word(12) as usize + 12 * i)
        .find(|at| word(*at) == kind)
        .unwrap()
}

fn put(dump: &mut [u8], at: usize, value: u32) {
    dump[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn two_billion_threads_are_malformed() {
    let mut dump = dump();
    let at = entry(&dump, 3) + 8;
    let list = u32::from_le_bytes(dump[at..at + 4].try_into().unwrap());
    put(&mut dump, list as usize, 1 << 31);
    assert_eq!(class(dump), "malformed");
}

#[test]
fn streams_with_lying_sizes_have_an_answer() {
    for kind in [3, 4, 5, 6, 7, 24, 0x4767_0004, 0x4767_0009, 0x5379_0001] {
        let whole = dump();
        let Some(at) = std::panic::catch_unwind(|| entry(&whole, kind)).ok() else {
            continue;
        };
        for size in [0, 1, 3, 0x7fff_ffff, u32::MAX] {
            for (field, value) in [(4, size), (8, size)] {
                let mut dump = whole.clone();
                put(&mut dump, at + field, value);
                let class = class(dump);
                assert!(
                    ["done", "malformed"].contains(&class),
                    "{kind} {size}: {class}"
                );
            }
        }
    }
}

/// Found by the fuzz target `process_dump`: room for four billion handles, of no size each.
#[test]
fn handles_without_a_size_are_left_out() {
    let stream = |size| {
        let handles = Section::with_endian(LE)
            .D32(16)
            .D32(size)
            .D32(u32::MAX)
            .D32(0);
        let dump = Dump::linux().thread(7, Registers::default(), STACK, &[0; 8]);
        dump.crash(7, 0x45).stream(12, handles).bytes()
    };
    for size in [0, 1, 31] {
        assert_eq!(class(stream(size)), "done", "{size}");
    }
}

#[test]
fn stacks_that_overlap_have_an_answer() {
    let registers = Registers {
        rip: CODE,
        rsp: STACK,
        rbp: STACK,
    };
    // A frame pointer that points to itself, seen through two regions that overlap.
    let dump = Dump::linux()
        .module(CODE, "/bin/app", 1)
        .thread(7, registers, STACK, &[STACK; 64])
        .thread(8, registers, STACK + 8, &[STACK + 8; 64])
        .thread(9, registers, u64::MAX - 64, &[CODE; 8])
        .bytes();
    assert_eq!(class(dump), "done");
}
