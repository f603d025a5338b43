//! Who owns the bytes of a file.
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
