//! What the targets of the exports share: a file on disk, and a call with its reply freed.

#![allow(dead_code, reason = "each target uses its part")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use framewright::fw_free;

/// A file in the temporary folder, removed when dropped.
pub struct File(String);

impl File {
    /// A file with these bytes, under a name of its own: maps of the one before may still be open.
    pub fn with(data: &[u8]) -> Self {
        let file = Self::none();
        std::fs::write(&file.0, data).unwrap();
        file
    }

    /// A name without a file.
    pub fn none() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path: PathBuf =
            std::env::temp_dir().join(format!("fw-fuzz-{}-{number}", std::process::id()));
        File(path.to_str().unwrap().to_owned())
    }

    pub fn ptr(&self) -> *const u8 {
        self.0.as_ptr()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Status and bytes of a reply. A caught panic is a finding.
pub fn call(export: impl FnOnce(*mut i64)) -> (i64, Vec<u8>) {
    let mut out = [0_i64; 3];
    export(out.as_mut_ptr());
    let [status, pointer, length] = out;
    let bytes = match length {
        0 => Vec::new(),
        // SAFETY: the export gave this buffer to us, and it is freed once.
        _ => unsafe {
            let bytes = std::slice::from_raw_parts(pointer as *const u8, length as usize).to_vec();
            fw_free(pointer as *mut u8, length as usize);
            bytes
        },
    };
    assert_ne!(status, 7, "{}", String::from_utf8_lossy(&bytes));
    (status, bytes)
}

/// The handle in a JSON reply.
pub fn handle((status, bytes): &(i64, Vec<u8>)) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| *status == 0)?;
    let (_, after) = text.split_once("\"handle\":")?;
    let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
