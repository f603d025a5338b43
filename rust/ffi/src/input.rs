//! What an export is given, checked before use.

use std::path::Path;
use std::slice;

use framewright_core::error::{Code, Error};
use framewright_core::limits::MAX_REPLY_ADDRESSES;

/// Bytes of one text argument. Paths and options are short; batches of names may be long.
const MAX_TEXT_BYTES: usize = 64 << 20;

/// A UTF-8 argument. Null is the empty text if its length is zero.
///
/// # Safety
/// `pointer` is null, or valid for reading `length` bytes that do not change while `'a` lasts.
pub(crate) unsafe fn text<'a>(pointer: *const u8, length: usize) -> Result<&'a str, Error> {
    // SAFETY: by this function's contract.
    utf8(unsafe { bytes(pointer, length) }?)
}

/// Texts in one argument, each after its length as a little-endian u32.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn texts<'a>(pointer: *const u8, length: usize) -> Result<Vec<&'a str>, Error> {
    // SAFETY: by this function's contract.
    let mut rest = unsafe { bytes(pointer, length) }?;
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let (text, after) = rest
            .split_first_chunk()
            .and_then(|(length, rest)| rest.split_at_checked(u32::from_le_bytes(*length) as usize))
            .ok_or_else(|| invalid("texts that are cut off"))?;
        texts.push(utf8(text)?);
        rest = after;
    }
    Ok(texts)
}

/// # Safety
/// As [`text`].
unsafe fn bytes<'a>(pointer: *const u8, length: usize) -> Result<&'a [u8], Error> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() || length > MAX_TEXT_BYTES {
        return Err(invalid("a null or overlong text"));
    }
    // SAFETY: by this function's contract; neither null nor longer than isize::MAX.
    Ok(unsafe { slice::from_raw_parts(pointer, length) })
}

fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| invalid("a text that is not UTF-8"))
}

/// A path argument, which is not empty.
///
/// # Safety
/// As [`text`].
pub(crate) unsafe fn path<'a>(pointer: *const u8, length: usize) -> Result<&'a Path, Error> {
    // SAFETY: by this function's contract.
    let text = unsafe { text(pointer, length) }?;
    if text.is_empty() || text.contains('\0') {
        return Err(invalid("an empty path, or one with a zero byte"));
    }
    Ok(Path::new(text))
}

/// An array of 64-bit numbers, of which a reply can hold the answers.
///
/// # Safety
/// `pointer` is null, or valid for reading `count` numbers that do not change while `'a` lasts.
pub(crate) unsafe fn numbers<'a>(pointer: *const i64, count: usize) -> Result<&'a [u64], Error> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() || !pointer.is_aligned() || count > 2 * MAX_REPLY_ADDRESSES {
        return Err(invalid("a null, unaligned or overlong array"));
    }
    // SAFETY: by this function's contract; aligned, not null, not longer than isize::MAX bytes, and
    // both types have the same layout and no invalid values.
    Ok(unsafe { slice::from_raw_parts(pointer.cast::<u64>(), count) })
}

/// A bound in bytes, which is not negative.
pub(crate) fn bound(max_bytes: i64) -> Result<u64, Error> {
    u64::try_from(max_bytes).map_err(|_| invalid("a negative bound"))
}

fn invalid(what: &str) -> Error {
    Error::new(Code::InvalidArgument, format!("the caller passed {what}"))
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;

    #[test]
    fn odd_inputs_are_invalid_arguments() {
        let bytes = [0xff_u8, b'a', 0];
        let number = [0_i64; 2];
        // SAFETY: every pointer is null or into a live array of at least that length, or its length
        // is refused before it is read.
        unsafe {
            assert_eq!(text(ptr::null(), 0), Ok(""));
            assert!(text(ptr::null(), 1).is_err());
            assert!(text(bytes.as_ptr(), usize::MAX).is_err());
            assert!(text(bytes.as_ptr(), 1).is_err());
            assert_eq!(texts(ptr::null(), 0), Ok(vec![]));
            let two = [&[0; 4][..], &[1, 0, 0, 0, b'a']].concat();
            assert_eq!(texts(two.as_ptr(), two.len()), Ok(vec!["", "a"]));
            for length in [1, 3, 5, 8] {
                assert!(texts(two.as_ptr(), length).is_err());
            }
            assert!(texts([1, 0, 0, 0, 0xff].as_ptr(), 5).is_err());
            assert!(path(bytes.as_ptr(), 0).is_err());
            assert!(path(bytes.as_ptr().add(1), 2).is_err());
            assert_eq!(path(bytes.as_ptr().add(1), 1), Ok(Path::new("a")));
            assert_eq!(numbers(ptr::null(), 0), Ok(&[][..]));
            assert!(numbers(ptr::null(), 1).is_err());
            assert!(numbers(number.as_ptr(), usize::MAX).is_err());
            assert!(numbers(number.as_ptr().byte_add(1), 1).is_err());
        }
        assert!(bound(-1).is_err());
    }
}
