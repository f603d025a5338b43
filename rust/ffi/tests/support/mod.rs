//! Calls the exports as Java does: pointers, lengths and three words.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use framewright::*;
use serde_json::Value;

/// Status and buffer of one call.
pub type Reply = (i64, Vec<u8>);

/// Calls `export` with the three words and takes the reply.
pub fn call(export: impl FnOnce(*mut i64)) -> Reply {
    let mut out = [-1_i64; 3];
    export(out.as_mut_ptr());
    let [status, pointer, length] = out;
    if length == 0 {
        assert_eq!(pointer, 0);
        return (status, Vec::new());
    }
    // SAFETY: the export gave this buffer to us.
    let bytes =
        unsafe { std::slice::from_raw_parts(pointer as *const u8, length as usize) }.to_vec();
    // SAFETY: likewise, and it is freed once.
    unsafe { fw_free(pointer as *mut u8, length as usize) };
    (status, bytes)
}

/// As [`call`], of an export that tells the size of the buffer as a fourth word.
fn call_roomy(export: impl FnOnce(*mut i64)) -> Reply {
    let mut out = [-1_i64; 4];
    export(out.as_mut_ptr());
    let [status, pointer, length, room] = out;
    assert!(0 < length && length <= room);
    // SAFETY: the export gave this buffer to us, with so much in it.
    let bytes =
        unsafe { std::slice::from_raw_parts(pointer as *const u8, length as usize) }.to_vec();
    // SAFETY: likewise, and it is given back once.
    unsafe { fw_give_back(pointer as *mut u8, length as usize, room as usize) };
    (status, bytes)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub fn inspect(path: &Path, wanted: &str) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe {
        fw_inspect(
            path.as_ptr(),
            path.len(),
            wanted.as_ptr(),
            wanted.len(),
            out,
        )
    })
}

pub fn elf_section(path: &Path, name: &str) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_elf_section(path.as_ptr(), path.len(), name.as_ptr(), name.len(), out) })
}

pub fn decompress(path: &Path, to: &Path, max: i64) -> Reply {
    let (path, to) = (text(path), text(to));
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_decompress(path.as_ptr(), path.len(), to.as_ptr(), to.len(), max, out) })
}

pub fn embedded_ppdb(path: &Path, to: &Path) -> Reply {
    let (path, to) = (text(path), text(to));
    // SAFETY: texts and words are live.
    call(|out| unsafe {
        fw_embedded_ppdb(
            path.as_ptr(),
            path.len(),
            to.as_ptr(),
            to.len(),
            1 << 24,
            out,
        )
    })
}

pub fn table_build(path: &Path, options: &str, to: &Path, max: i64) -> Reply {
    let (path, to) = (text(path), text(to));
    // SAFETY: texts and words are live.
    call(|out| unsafe {
        fw_table_build(
            path.as_ptr(),
            path.len(),
            options.as_ptr(),
            options.len(),
            to.as_ptr(),
            to.len(),
            max,
            out,
        )
    })
}

pub fn table_open(path: &Path) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_table_open(path.as_ptr(), path.len(), out) })
}

pub fn table_lookup(handle: i64, addrs: &[i64]) -> Reply {
    // SAFETY: array and words are live.
    call(|out| unsafe { fw_table_lookup(handle, addrs.as_ptr(), addrs.len(), out) })
}

pub fn lazy_open(path: &Path, options: &str) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe {
        fw_lazy_open(
            path.as_ptr(),
            path.len(),
            options.as_ptr(),
            options.len(),
            out,
        )
    })
}

pub fn lazy_lookup(handle: i64, addrs: &[i64], threads: i32) -> Reply {
    // SAFETY: array and words are live.
    call(|out| unsafe { fw_lazy_lookup(handle, addrs.as_ptr(), addrs.len(), threads, out) })
}

pub fn ppdb_build(path: &Path, to: &Path, max: i64) -> Reply {
    let (path, to) = (text(path), text(to));
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_ppdb_build(path.as_ptr(), path.len(), to.as_ptr(), to.len(), max, out) })
}

pub fn ppdb_open(path: &Path) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_ppdb_open(path.as_ptr(), path.len(), out) })
}

pub fn ppdb_lookup(handle: i64, pairs: &[i64]) -> Reply {
    // SAFETY: array and words are live.
    call(|out| unsafe { fw_ppdb_lookup(handle, pairs.as_ptr(), pairs.len() / 2, out) })
}

/// Unwind information comes from `unwind`, or from the object itself.
pub fn breakpad_write(path: &Path, unwind: Option<&Path>, to: &Path, max: i64) -> Reply {
    let (path, unwind, to) = (text(path), unwind.map_or("", text), text(to));
    let (name, max_chain) = ("app", 128);
    // SAFETY: texts and words are live.
    call(|out| unsafe {
        fw_breakpad_write(
            path.as_ptr(),
            path.len(),
            unwind.as_ptr(),
            unwind.len(),
            name.as_ptr(),
            name.len(),
            to.as_ptr(),
            to.len(),
            max,
            max_chain,
            out,
        )
    })
}

pub fn sources_open(path: &Path) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_sources_open(path.as_ptr(), path.len(), out) })
}

pub fn source_get(handle: i64, path: &str) -> Reply {
    // SAFETY: text and words are live.
    call(|out| unsafe { fw_source_get(handle, path.as_ptr(), path.len(), out) })
}

pub fn proguard_build(path: &Path, to: &Path, max: i64) -> Reply {
    let (path, to) = (text(path), text(to));
    // SAFETY: texts and words are live.
    call(|out| unsafe {
        fw_proguard_build(path.as_ptr(), path.len(), to.as_ptr(), to.len(), max, out)
    })
}

pub fn proguard_open(path: &Path) -> Reply {
    let path = text(path);
    // SAFETY: texts and words are live.
    call(|out| unsafe { fw_proguard_open(path.as_ptr(), path.len(), out) })
}

/// The request is JSON, then texts.
pub fn proguard_remap(handles: &[i64], request: &[&str]) -> Reply {
    let request: Vec<u8> = request
        .iter()
        .flat_map(|text| [&(text.len() as u32).to_le_bytes(), text.as_bytes()].concat())
        .collect();
    // SAFETY: numbers, texts and words are live.
    call_roomy(|out| unsafe {
        fw_proguard_remap(
            handles.as_ptr(),
            handles.len(),
            request.as_ptr(),
            request.len(),
            out,
        )
    })
}

pub fn demangle(names: &str) -> Reply {
    // SAFETY: text and words are live.
    call(|out| unsafe { fw_demangle(names.as_ptr(), names.len(), out) })
}

pub fn js_scopes(script: &[u8]) -> Reply {
    // SAFETY: the script is live during the call.
    call(|out| unsafe { fw_js_scopes(script.as_ptr(), script.len(), out) })
}

pub fn counters() -> Value {
    // SAFETY: the words are live.
    json(&call(|out| unsafe { fw_counters(out) }))
}

/// The JSON of a reply with status 0.
pub fn json(reply: &Reply) -> Value {
    let (status, bytes) = reply;
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(*status, 0, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// Status and code of a failure.
pub fn failure(reply: &Reply) -> (i64, String) {
    let (status, bytes) = reply;
    let json: Value = serde_json::from_slice(bytes).unwrap();
    assert!(json["message"].is_string());
    (*status, json["code"].as_str().unwrap().to_owned())
}

/// A fixture of the core crate.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../core/tests/fixtures")
        .join(name)
}

/// A folder of the test's own, removed with it.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("framewright-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.file(name);
        // A new file, not new bytes in the old one: maps of that may still be open.
        let _ = fs::remove_file(&path);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
