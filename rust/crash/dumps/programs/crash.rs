//! Crashes in Rust ways. Built by make.sh.

use std::collections::BTreeMap;

#[inline(never)]
fn read(map: &BTreeMap<u32, *const u32>, key: u32) -> u32 {
    map.get(&key).map_or(0, |pointer| unsafe { **pointer })
}

fn main() {
    let how = std::env::args().nth(1).unwrap_or_default();
    let map: BTreeMap<u32, *const u32> = (0..100).map(|key| (key, key as *const u32)).collect();
    match how.as_str() {
        "abort" => std::process::abort(),
        "thread" => {
            let value = std::thread::Builder::new()
                .name("reader".into())
                .spawn(move || (0..100u32).map(|key| read(&BTreeMap::from([(key, 9 as *const u32)]), key)).sum::<u32>());
            println!("{}", value.unwrap().join().unwrap());
        }
        _ => println!("{}", read(&map, 7)),
    }
}
