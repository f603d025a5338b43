//! Text that grows, with room behind it in which more may be written than is meant.

/// Room that is made at once, so that what is written is still near.
const BLOCK: usize = 4096;

/// A text that grows.
pub(crate) struct Written {
    /// The text, and room for more.
    bytes: Vec<u8>,
    length: usize,
}

impl Written {
    /// Nothing yet, in memory that is there.
    pub(crate) fn over(memory: Vec<u8>) -> Self {
        Written {
            bytes: memory,
            length: 0,
        }
    }

    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// What was written after its first `before` bytes.
    pub(crate) fn since(&self, before: usize) -> &[u8] {
        &self.bytes[before..self.length]
    }

    /// The text, in the memory that it is in.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.length);
        self.bytes
    }

    /// Appends a text.
    pub(crate) fn push(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        if self.bytes.len() < end {
            self.grow(end);
        }
        self.bytes[self.length..end].copy_from_slice(text);
        self.length = end;
    }

    /// Takes the last byte back.
    pub(crate) fn pop(&mut self) {
        self.length -= 1;
    }

    /// Room for what comes next.
    #[inline(always)]
    pub(crate) fn room<const BYTES: usize>(&mut self) -> &mut [u8; BYTES] {
        let end = self.length + BYTES;
        if self.bytes.len() < end {
            self.grow(end);
        }
        self.bytes[self.length..]
            .first_chunk_mut()
            .expect("it was made")
    }

    /// So many bytes of the room were written.
    #[inline(always)]
    pub(crate) fn wrote(&mut self, bytes: usize) {
        self.length += bytes;
    }

    #[cold]
    fn grow(&mut self, end: usize) {
        self.bytes.resize(end + BLOCK, 0);
    }
}
