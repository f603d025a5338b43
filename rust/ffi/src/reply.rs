//! What an export gives back: a status and a buffer that the caller frees.

use std::ptr;

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
    let (status, bytes) = match result {
        Ok(bytes) => (Status::Ok, bytes),
        Err(error) => (error.status(), error.to_json().into_bytes()),
    };
    let (pointer, length) = leak(bytes);
    let words = [status as i64, pointer as i64, length as i64];
    // SAFETY: by this function's contract; source and target cannot overlap.
    unsafe { ptr::copy_nonoverlapping(words.as_ptr(), out, words.len()) };
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
