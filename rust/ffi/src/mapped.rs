//! Files as bytes, and bytes as files.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use framewright_core::bytes::SharedBytes;
use framewright_core::error::{Code, Error};
use framewright_core::limits::MAX_SIDE_FILE_BYTES;
use memmap2::Mmap;

/// Size of files that are read when they are mapped, if that is asked for.
#[cfg(target_os = "linux")]
const MAX_NEAR_BYTES: usize = 64 << 20;

/// Opens a regular file; a directory, device or pipe is refused.
pub(crate) fn open(path: &Path) -> Result<File, Error> {
    let file = File::open(path).map_err(|error| failed("open", path, &error))?;
    let metadata = file
        .metadata()
        .map_err(|error| failed("look at", path, &error))?;
    if !metadata.is_file() {
        let error = io::Error::other("not a regular file");
        return Err(failed("open", path, &error));
    }
    Ok(file)
}

/// Maps a whole file read-only.
///
/// # Errors
/// [`Code::Io`], also for what is no regular file.
pub fn map(path: &Path) -> Result<SharedBytes, Error> {
    Ok(SharedBytes::new(map_file(path)?))
}

fn map_file(path: &Path) -> Result<Mmap, Error> {
    let file = open(path)?;
    // SAFETY: the files of the cache are written under another name, synced and renamed before
    // their name reaches this library, and later only unlinked, never truncated or written. So the
    // mapped bytes neither change nor go away.
    unsafe { Mmap::map(&file) }.map_err(|error| failed("map", path, &error))
}

/// As [`map`]. A file that is not too large is had from the disk, and known to the processor, in one go: to
/// be interrupted for each page that is read first takes longer than to read it.
///
/// # Errors
/// As [`map`].
pub(crate) fn map_near(path: &Path) -> Result<SharedBytes, Error> {
    let map = map_file(path)?;
    #[cfg(target_os = "linux")]
    if map.len() <= MAX_NEAR_BYTES {
        // older kernels do not know of it, and get each page when it is read
        let _ = map.advise(memmap2::Advice::PopulateRead);
    }
    Ok(SharedBytes::new(map))
}

/// Reads a side file into memory.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    open(path)?
        .take(MAX_SIDE_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed("read", path, &error))?;
    if bytes.len() as u64 > MAX_SIDE_FILE_BYTES {
        let message = format!("{} passes {MAX_SIDE_FILE_BYTES} bytes", path.display());
        return Err(Error::new(Code::InputLimit, message));
    }
    Ok(bytes)
}

/// Creates or truncates a file.
pub(crate) fn create(path: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(256 << 10, File::create(path)?))
}

/// Runs `write` with a new file at `path`; when it fails, no file is left there.
pub(crate) fn write<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut out = create(path).map_err(|error| failed("create", path, &error))?;
    let result = write(&mut out).and_then(|value| {
        out.flush().map_err(|error| failed("write", path, &error))?;
        Ok(value)
    });
    if result.is_err() {
        remove(path);
    }
    result
}

/// Removes what a failed step left. That it is already gone is as good.
pub(crate) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    Error::io(&format!("{what} {}", path.display()), error)
}
