//! What an export gives back: a status and a buffer that the caller frees.

use std::mem::{self, ManuallyDrop};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use framewright_core::error::{Error, Status};

/// Writes status, pointer and length of a result to `out`; the buffer is the caller's from then on.
///
/// # Safety
/// `out` is null, or valid for writing three `i64`.
pub(crate) unsafe fn send(result: Result<Vec<u8>, Error>, out: *mut i64) {
    // Nothing can be told without a place to tell it.
    if out.is_null() {
        return;
    }
    let (status, bytes) = told(result);
    let (pointer, length) = leak(bytes);
    let words = [status as i64, pointer as i64, length as i64];
    // SAFETY: by this function's contract; source and target cannot overlap.
    unsafe { ptr::copy_nonoverlapping(words.as_ptr(), out, words.len()) };
}

/// As [`send`], with the size of the buffer as a fourth word: there is more of it than was written.
///
/// # Safety
/// `out` is null, or valid for writing four `i64`.
pub(crate) unsafe fn send_roomy(result: Result<Vec<u8>, Error>, out: *mut i64) {
    if out.is_null() {
        return;
    }
    let (status, bytes) = told(result);
    let mut bytes = ManuallyDrop::new(bytes);
    let (pointer, length, room) = match bytes.capacity() {
        0 => (ptr::null_mut(), 0, 0),
        room => (bytes.as_mut_ptr(), bytes.len(), room),
    };
    let words = [status as i64, pointer as i64, length as i64, room as i64];
    // SAFETY: by this function's contract; source and target cannot overlap.
    unsafe { ptr::copy_nonoverlapping(words.as_ptr(), out, words.len()) };
}

fn told(result: Result<Vec<u8>, Error>) -> (Status, Vec<u8>) {
    match result {
        Ok(bytes) => (Status::Ok, bytes),
        Err(error) => (error.status(), error.to_json().into_bytes()),
    }
}

/// Gives a buffer away; an empty one is the null pointer.
fn leak(bytes: Vec<u8>) -> (*mut u8, usize) {
    if bytes.is_empty() {
        return (ptr::null_mut(), 0);
    }
    let bytes = Box::leak(bytes.into_boxed_slice());
    (bytes.as_mut_ptr(), bytes.len())
}

/// Takes a buffer back and frees it.
///
/// # Safety
/// `pointer` and `length` are as [`send`] wrote them, and are passed once.
pub(crate) unsafe fn free(pointer: *mut u8, length: usize) {
    if pointer.is_null() || length == 0 {
        return;
    }
    let slice = ptr::slice_from_raw_parts_mut(pointer, length);
    // SAFETY: by this function's contract this is the boxed slice that `leak` gave away.
    drop(unsafe { Box::from_raw(slice) });
}

/// Memory of shorter replies is had from the allocator, which has it at hand.
pub(crate) const MIN_SPARE_BYTES: usize = 16 << 10;
/// As much is kept for the next reply.
const MAX_SPARE_BYTES: usize = 16 << 20;

/// Memory of a long reply, for the next. The system takes longer to give memory, page by page, than it
/// takes to be filled.
static SPARE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Memory for a long reply: that of one that was given back, if there is any.
pub(crate) fn spare() -> Vec<u8> {
    mem::take(&mut SPARE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Takes a buffer with room back, and keeps it for the next long reply or frees it. What was written stays in it:
/// who writes over that need not clear it first.
///
/// # Safety
/// `pointer`, `length` and `room` are as [`send_roomy`] wrote them, and are passed once.
pub(crate) unsafe fn give_back(pointer: *mut u8, length: usize, room: usize) {
    if pointer.is_null() || room == 0 {
        return;
    }
    // SAFETY: by this function's contract this is the vector that `send_roomy` gave away.
    let mut memory = unsafe { Vec::from_raw_parts(pointer, length, room) };
    if (MIN_SPARE_BYTES..=MAX_SPARE_BYTES).contains(&room) {
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.capacity() < room {
            mem::swap(&mut *spare, &mut memory);
        }
    }
}

#[cfg(test)]
mod tests {
    use framewright_core::error::Code;

    use super::*;

    #[test]
    fn send_failure_is_its_status_and_json() {
        let mut out = [-1; 3];
        // SAFETY: `out` is three words.
        unsafe { send(Err(Error::new(Code::Io, "gone")), out.as_mut_ptr()) };
        assert_eq!(out[0], 5);
        // SAFETY: pointer and length come from `send`.
        let text = unsafe { std::slice::from_raw_parts(out[1] as *const u8, out[2] as usize) };
        assert_eq!(text, br#"{"code":"io_error","message":"gone"}"#);
        // SAFETY: likewise, and once.
        unsafe { free(out[1] as *mut u8, out[2] as usize) };
    }

    #[test]
    fn roomy_replies_hand_their_memory_on() {
        let sent = |room| {
            let mut bytes = Vec::with_capacity(room);
            bytes.extend_from_slice(b"abc");
            let mut out = [-1; 4];
            // SAFETY: `out` is four words.
            unsafe { send_roomy(Ok(bytes), out.as_mut_ptr()) };
            assert_eq!((out[0], out[2], out[3]), (0, 3, room as i64));
            // SAFETY: all three come from `send_roomy`, and are passed once.
            unsafe { give_back(out[1] as *mut u8, out[2] as usize, room) };
            spare().capacity()
        };
        assert_eq!(sent(MIN_SPARE_BYTES), MIN_SPARE_BYTES);
        assert_eq!(sent(MIN_SPARE_BYTES - 1), 0);
        assert_eq!(sent(MAX_SPARE_BYTES + 1), 0);
        let mut out = [-1; 4];
        // SAFETY: `out` is four words, and null may be given back.
        unsafe {
            send_roomy(Ok(Vec::new()), out.as_mut_ptr());
            give_back(ptr::null_mut(), 0, 0);
        }
        assert_eq!(out, [0; 4]);
    }

    #[test]
    fn send_empty_reply_is_null_and_frees_nothing() {
        let mut out = [-1; 3];
        // SAFETY: `out` is three words.
        unsafe { send(Ok(Vec::new()), out.as_mut_ptr()) };
        assert_eq!(out, [0, 0, 0]);
        // SAFETY: null is allowed, for both.
        unsafe {
            free(ptr::null_mut(), 0);
            send(Ok(vec![1]), ptr::null_mut());
        }
    }
}
