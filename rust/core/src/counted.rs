//! A writer with a bound.

use std::io::{self, Write};

use crate::error::{Code, Error};

/// Lets `left` bytes through; keeps a failure of `out` apart from the bound.
pub(crate) struct Counted<'o> {
    out: &'o mut dyn Write,
    left: u64,
    max_bytes: u64,
    failure: Option<io::Error>,
}

impl<'o> Counted<'o> {
    /// Up to `max_bytes` go to `out`.
    pub(crate) fn new(out: &'o mut dyn Write, max_bytes: u64) -> Self {
        Counted {
            out,
            left: max_bytes,
            max_bytes,
            failure: None,
        }
    }

    /// Bytes that went through.
    pub(crate) fn written(&self) -> u64 {
        self.max_bytes - self.left
    }

    /// Bytes that may still come.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }

    /// What `out` failed with, if it did.
    pub(crate) fn failure(&self, what: &str) -> Option<Error> {
        self.failure.as_ref().map(|error| Error::io(what, error))
    }

    /// What a failed write to this was: the failure of `out`, or else the bound.
    pub(crate) fn refused(&self, what: &str) -> Error {
        self.failure(&format!("write {what}")).unwrap_or_else(|| {
            let message = format!("{what} passes {} bytes", self.max_bytes);
            Error::new(Code::OutputTooLarge, message)
        })
    }
}

impl Write for Counted<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() as u64 > self.left {
            return Err(io::Error::other("bound reached"));
        }
        if let Err(error) = self.out.write_all(data) {
            self.failure = Some(error);
            return Err(io::Error::other("output failed"));
        }
        self.left -= data.len() as u64;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
