//! What a process of its own costs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// The most anonymous memory that this process had since the watch began.
pub struct Memory {
    before: u64,
    peak: Arc<AtomicU64>,
    done: Arc<AtomicBool>,
}

impl Memory {
    /// Starts to look, every two milliseconds.
    pub fn watch() -> Self {
        let before = anonymous_kib();
        let peak = Arc::new(AtomicU64::new(before));
        let done = Arc::new(AtomicBool::new(false));
        let (sampled, stop) = (Arc::clone(&peak), Arc::clone(&done));
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                sampled.fetch_max(anonymous_kib(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(2));
            }
        });
        Memory { before, peak, done }
    }

    /// How much more it was than at the start.
    pub fn peak_mib(&self) -> u64 {
        self.done.store(true, Ordering::Relaxed);
        (self.peak.load(Ordering::Relaxed) - self.before) / 1024
    }
}

/// User and system time of this process so far, in steps of ten milliseconds.
pub fn processor_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name of the program, in parentheses, may hold spaces; the state follows as field 3.
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
    let ticks: u64 = fields[11..13]
        .iter()
        .map(|ticks| ticks.parse::<u64>().unwrap())
        .sum();
    ticks * 10
}

fn anonymous_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("RssAnon:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
