//! Large real files, named by `FRAMEWRIGHT_LARGE_FILES` (paths separated by colons): the lookup
//! without conversion against the converted table.
//!
//! `FRAMEWRIGHT_LARGE_FILES=a.debug:b.debug cargo test --release --test lazy_large -- --ignored --nocapture`

mod lazy_support;

use std::time::Instant;

use lazy_support::random::Random;
use lazy_support::{Frame, from_lazy, from_table, full_table, large_files, map, open_lazy};

/// Random addresses between the first and the last range of the table.
const ADDRESSES: usize = 10_000;
/// What a first request asks for.
const BATCH: usize = 50;
/// Mismatches that are printed in full.
const SHOWN: usize = 5;

#[test]
#[ignore = "needs large files, minutes and memory"]
fn large_files_are_answered_as_by_their_tables() {
    let mut wrong = 0;
    for path in large_files() {
        println!("{}", path.display());
        let start = Instant::now();
        let table = full_table(&map(&path)).unwrap();
        println!("  table built in {:?}", start.elapsed());
        let first = u64::from(table.range_starts().next().unwrap());
        let last = u64::from(table.range_starts().last().unwrap());
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let addrs: Vec<u64> = (0..ADDRESSES)
            .map(|_| first + random.below(last - first + 0x40))
            .collect();
        let expected = from_table(&table, &addrs);

        let lazy = open_lazy(&path).unwrap();
        let start = Instant::now();
        let answer = from_lazy(&lazy, &addrs, 2);
        println!("  one batch of {ADDRESSES} in {:?}", start.elapsed());
        wrong += compare("one batch", &addrs, &answer, &expected);

        let batches = ADDRESSES / BATCH;
        let start = Instant::now();
        let mut answer = Vec::new();
        for batch in addrs.chunks(BATCH).take(batches) {
            answer.extend(from_lazy(&lazy, batch, 2));
        }
        println!("  {batches} batches of {BATCH} in {:?}", start.elapsed());
        wrong += compare("small batches", &addrs, &answer, &expected);
    }
    assert_eq!(wrong, 0, "addresses with another answer");
}

fn compare(what: &str, addrs: &[u64], answer: &[Vec<Frame>], expected: &[Vec<Frame>]) -> usize {
    let mut wrong = 0;
    let frames: usize = answer.iter().map(Vec::len).sum();
    for ((addr, answer), expected) in addrs.iter().zip(answer).zip(expected) {
        if answer != expected {
            wrong += 1;
            if wrong <= SHOWN {
                println!("  {what}: {addr:#x}\n    answer {answer:#?}\n    expected {expected:#?}");
            }
        }
    }
    println!(
        "  {what}: {} addresses, {frames} frames, {wrong} wrong",
        answer.len()
    );
    wrong
}
