//! Who owns the bytes of a file, and how to have some of them.
//!
//! This crate opens no maps (that needs `unsafe`); it takes them from the boundary crate, or plain
//! vectors from a test, behind this type.

use std::ops::Deref;
use std::sync::Arc;

/// Read-only bytes of one file with a cheap, shared owner.
#[derive(Clone)]
pub struct SharedBytes(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl SharedBytes {
    /// Shares `owner`; its bytes must stay the same for its whole life.
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        SharedBytes(Arc::new(owner))
    }
}

impl Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// The first bytes, with zeros behind them where there are fewer.
#[inline(always)]
pub(crate) fn padded<const BYTES: usize>(bytes: &[u8]) -> [u8; BYTES] {
    match bytes.first_chunk() {
        Some(first) => *first,
        None => fewer(bytes),
    }
}

#[cold]
fn fewer<const BYTES: usize>(bytes: &[u8]) -> [u8; BYTES] {
    let mut padded = [0; BYTES];
    padded[..bytes.len()].copy_from_slice(bytes);
    padded
}
