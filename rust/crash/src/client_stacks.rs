//! Stacks that the crashed process walked itself, in a stream of its own.
//!
//! ```text
//! header  u32 version (1), threads, frames, bytes of symbols
//! threads 12 bytes each: u32 id, first frame, number of frames; padded to 8
//! frames  16 bytes each: u64 address, u32 offset and length of the symbol
//! symbols UTF-8
//! ```

/// Number of the stream: `S`, `y`, 0, 1.
pub(crate) const STREAM_TYPE: u32 = 0x5379_0001;

const HEADER_BYTES: usize = 16;
const THREAD_BYTES: usize = 12;
const FRAME_BYTES: usize = 16;

/// The stream, checked.
pub(crate) struct ClientStacks<'a> {
    threads: &'a [u8],
    frames: &'a [u8],
    symbols: &'a [u8],
}

/// One frame of a client.
pub(crate) struct ClientFrame<'a> {
    pub(crate) address: u64,
    pub(crate) symbol: &'a [u8],
}

impl<'a> ClientStacks<'a> {
    /// Reads the stream; the error is a sentence for the log.
    pub(crate) fn read(stream: &'a [u8]) -> Result<ClientStacks<'a>, &'static str> {
        let header = stream.get(..HEADER_BYTES).ok_or("it has no header")?;
        if word(header, 0) != 1 {
            return Err("its version is not 1");
        }
        let [threads, frames, symbols] = [4, 8, 12].map(|at| word(header, at) as usize);
        // On 64-bit machines no product of two u32 overflows.
        let threads = HEADER_BYTES..HEADER_BYTES + threads * THREAD_BYTES;
        let frames_start = threads.end.next_multiple_of(8);
        let frames = frames_start..frames_start + frames * FRAME_BYTES;
        if frames.end + symbols != stream.len() {
            return Err("its length is not what its header says");
        }
        let stacks = ClientStacks {
            symbols: &stream[frames.end..],
            threads: &stream[threads],
            frames: &stream[frames],
        };
        let all_inside = stacks.threads().all(|(_, frames)| {
            stacks
                .frames
                .get(frames)
                .is_some_and(|frames| stacks.frames_in(frames).all(|frame| frame.is_some()))
        });
        if all_inside {
            Ok(stacks)
        } else {
            Err("an index points outside")
        }
    }

    /// The frames of the thread with this number; empty if the client has none.
    pub(crate) fn frames_of(&self, thread: u32) -> impl Iterator<Item = ClientFrame<'a>> + '_ {
        self.threads()
            .find(|(id, _)| *id == thread)
            .into_iter()
            .flat_map(|(_, frames)| self.frames_in(&self.frames[frames]).flatten())
    }

    fn threads(&self) -> impl Iterator<Item = (u32, std::ops::Range<usize>)> + '_ {
        self.threads.chunks_exact(THREAD_BYTES).map(|thread| {
            let [first, count] = [4, 8].map(|at| word(thread, at) as usize);
            (
                word(thread, 0),
                first * FRAME_BYTES..(first + count) * FRAME_BYTES,
            )
        })
    }

    fn frames_in<'b>(
        &'b self,
        frames: &'b [u8],
    ) -> impl Iterator<Item = Option<ClientFrame<'a>>> + 'b {
        frames.chunks_exact(FRAME_BYTES).map(|frame| {
            let [offset, length] = [8, 12].map(|at| word(frame, at) as usize);
            Some(ClientFrame {
                address: u64::from(word(frame, 0)) | u64::from(word(frame, 4)) << 32,
                symbol: self.symbols.get(offset..offset + length)?,
            })
        })
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}
