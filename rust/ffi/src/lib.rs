#![deny(missing_docs)]
//! The exports of Framewright's Rust half, loaded by the Java server through JNA (ABI 5).
//!
//! # The boundary
//!
//! Every export but [`fw_abi`], [`fw_free`], [`fw_give_back`], [`fw_close`] and [`fw_step_back`] returns nothing and writes
//! `{status, pointer, length}` to its last argument, an array of three 64-bit numbers. The buffer
//! belongs to the caller, who gives it back to [`fw_free`]; a null pointer with length 0 is an empty
//! reply. Status numbers are [`framewright_core::error::Status`]. With a status other than 0 the
//! buffer is a JSON object `{"code", "message", "section"?, "offset"?, "remedy"?}`.
//!
//! Texts are UTF-8 with a length and no end mark; arrays have a count. Everything is checked before
//! use. What is opened is named by a handle, a positive number that is recognised when it is stale;
//! closing one while others use it is safe. Each export may be called from any thread; those that
//! parse move to a thread with a large stack.
//!
//! # Safety
//!
//! For all exports: each pointer with a length or count is null or valid for reading that much, and
//! nobody writes there during the call; `out` is null or valid for writing three `i64`. JNA gives this
//! for the arrays that it passes.
//!
//! This is the only crate with `unsafe`; [`guard`] is the net for panics, `mapped` the only place that
//! maps files.

mod guard;
mod handles;
mod input;
pub mod mapped;
mod reply;
mod tasks;

use std::path::Path;

use framewright_core::demangle::demangle_json;
use framewright_core::error::{Error, Status};
use framewright_core::js_scopes;
use framewright_core::unwind_build::UnwindLimits;

use guard::{catch, catch_deep};
use tasks::Answer;

/// Number of this boundary; the caller refuses another one.
pub const ABI: i32 = 5;

/// Runs an export's body in the net and sends the result.
///
/// # Safety
/// `out` is null or valid for writing three `i64`.
unsafe fn answer(out: *mut i64, body: impl FnOnce() -> Answer) {
    let result = catch(body);
    // SAFETY: by this function's contract.
    unsafe { reply::send(result, out) };
}

/// An export that makes a file of another; `task` moves to a thread with a large stack.
///
/// # Safety
/// As all exports that take these arguments: see the crate's documentation.
unsafe fn make(
    task: fn(&Path, &Path, u64) -> Answer,
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let inputs = unsafe {
        (
            input::path(path, path_len),
            input::path(out_path, out_path_len),
        )
    };
    let body = || {
        let (path, out_path, max_bytes) = (inputs.0?, inputs.1?, input::bound(max_bytes)?);
        catch_deep(|| task(path, out_path, max_bytes))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

fn unwind_limits(max_bytes: i64, max_chain: i32) -> Result<UnwindLimits, Error> {
    Ok(UnwindLimits {
        max_bytes: input::bound(max_bytes)?,
        max_chain: input::bound(max_chain.into())? as usize,
    })
}

/// The number of the boundary that this library speaks.
#[unsafe(no_mangle)]
pub extern "C" fn fw_abi() -> i32 {
    ABI
}

/// Frees the buffer of a reply.
///
/// # Safety
/// `pointer` and `length` come from one reply and are passed once; null is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_free(pointer: *mut u8, length: usize) {
    // SAFETY: by this function's contract.
    unsafe { reply::free(pointer, length) };
}

/// Takes the buffer of a reply back that told its size, [`fw_proguard_remap`]'s.
///
/// # Safety
/// `pointer`, `length` and `room` come from one reply and are passed once; null is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_give_back(pointer: *mut u8, length: usize, room: usize) {
    // SAFETY: by this function's contract.
    unsafe { reply::give_back(pointer, length, room) };
}

/// Closes a handle of any kind; the answer is a status.
#[unsafe(no_mangle)]
pub extern "C" fn fw_close(handle: i64) -> i32 {
    match catch(|| handles::HANDLES.close(handle)) {
        Ok(()) => Status::Ok as i32,
        Err(error) => error.status() as i32,
    }
}

/// JSON `{"panics": n, "open_handles": n}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_counters(out: *mut i64) {
    // SAFETY: by this function's contract.
    unsafe { answer(out, tasks::counters) };
}

/// Lowers the priority of the calling thread, and of those that it starts, for good: for work that nobody waits for. On
/// Linux, where threads have a priority of their own; elsewhere nothing happens.
#[unsafe(no_mangle)]
pub extern "C" fn fw_step_back() {
    #[cfg(target_os = "linux")]
    {
        // Without it the work is done as any other.
        let _ = rustix::process::setpriority_process(None, NICE);
    }
}

/// A tenth of the processor where others want all of it.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// What a file is: JSON of [`framewright_core::inspect::Inspection`]. `wanted` is JSON
/// `{"debug_id"?, "code_id"?}` or empty.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_inspect(
    path: *const u8,
    path_len: usize,
    wanted: *const u8,
    wanted_len: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let inputs = unsafe { (input::path(path, path_len), input::text(wanted, wanted_len)) };
    let body = || {
        let (path, wanted) = (inputs.0?, inputs.1?);
        catch_deep(|| tasks::inspect_file(path, wanted))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Where the section `name` of an ELF file lies in it: JSON `{"offset", "bytes"}`, null where the file has no bytes
/// of it.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_elf_section(
    path: *const u8,
    path_len: usize,
    name: *const u8,
    name_len: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let inputs = unsafe { (input::path(path, path_len), input::text(name, name_len)) };
    let body = || {
        let (path, name) = (inputs.0?, inputs.1?);
        catch_deep(|| tasks::elf_section(path, name))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Writes the portable PDB that a PE carries to `out_path`; JSON `{"bytes"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_embedded_ppdb(
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    let task = tasks::extract_embedded;
    // SAFETY: by this function's contract.
    unsafe { make(task, path, path_len, out_path, out_path_len, max_bytes, out) };
}

/// Writes the sources that an object names, as they are on this machine, to `out_path` as a source bundle; JSON
/// `{"bundled", "missing"}`. No more than `max_bytes` of sources are read.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_source_bundle(
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    let task = tasks::bundle_sources;
    // SAFETY: by this function's contract.
    unsafe { make(task, path, path_len, out_path, out_path_len, max_bytes, out) };
}

/// Unpacks one layer of compression to `out_path`; JSON `{"compressed", "format", "bytes"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_decompress(
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    let task = tasks::decompress_file;
    // SAFETY: by this function's contract.
    unsafe { make(task, path, path_len, out_path, out_path_len, max_bytes, out) };
}

/// Converts an object to a lookup table at `out_path`; options as
/// [`framewright_core::options::ObjectOptions`]; JSON
/// `{"bytes", "functions", "ranges", "arch", "debug_id"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_table_build(
    path: *const u8,
    path_len: usize,
    options: *const u8,
    options_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let paths = unsafe {
        (
            input::path(path, path_len),
            input::path(out_path, out_path_len),
        )
    };
    // SAFETY: by this function's contract.
    let options = unsafe { input::text(options, options_len) };
    let body = || {
        let (path, out_path, options) = (paths.0?, paths.1?, options?);
        let max_bytes = input::bound(max_bytes)?;
        catch_deep(|| tasks::table_build(path, options, out_path, max_bytes))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Opens a lookup table; JSON `{"handle", "arch", "debug_id", "bytes"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_table_open(path: *const u8, path_len: usize, out: *mut i64) {
    // SAFETY: by this function's contract.
    let path = unsafe { input::path(path, path_len) };
    // SAFETY: by this function's contract.
    unsafe { answer(out, || tasks::table_open(path?)) };
}

/// Answers image-relative addresses from a table with a flat reply
/// ([`framewright_core::wire`]).
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_table_lookup(
    handle: i64,
    addrs: *const i64,
    count: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let addrs = unsafe { input::numbers(addrs, count) };
    // SAFETY: by this function's contract.
    unsafe { answer(out, || tasks::table_lookup(handle, addrs?)) };
}

/// Opens an object for lookups without conversion; options and reply as [`fw_table_build`] and
/// [`fw_table_open`].
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_lazy_open(
    path: *const u8,
    path_len: usize,
    options: *const u8,
    options_len: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let inputs = unsafe {
        (
            input::path(path, path_len),
            input::text(options, options_len),
        )
    };
    let body = || {
        let (path, options) = (inputs.0?, inputs.1?);
        catch_deep(|| tasks::lazy_open(path, options))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// As [`fw_table_lookup`], from a lazy object, on up to `threads` threads.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_lazy_lookup(
    handle: i64,
    addrs: *const i64,
    count: usize,
    threads: i32,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let addrs = unsafe { input::numbers(addrs, count) };
    let body = || {
        let addrs = addrs?;
        catch_deep(|| tasks::lazy_lookup(handle, addrs, threads))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Converts a portable PDB to a lookup cache at `out_path`; JSON `{"bytes"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_ppdb_build(
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    let task = tasks::ppdb_build;
    // SAFETY: by this function's contract.
    unsafe { make(task, path, path_len, out_path, out_path_len, max_bytes, out) };
}

/// Opens a portable PDB cache; JSON `{"handle", "debug_id"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_ppdb_open(path: *const u8, path_len: usize, out: *mut i64) {
    // SAFETY: by this function's contract.
    let path = unsafe { input::path(path, path_len) };
    // SAFETY: by this function's contract.
    unsafe { answer(out, || tasks::ppdb_open(path?)) };
}

/// Answers `count` pairs of method token row and IL offset with a flat reply, in which symbol and
/// function are empty.
///
/// # Safety
/// See the crate's documentation; `pairs` has twice `count` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_ppdb_lookup(
    handle: i64,
    pairs: *const i64,
    count: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract; a product that overflows is refused.
    let numbers = unsafe { input::numbers(pairs, count.saturating_mul(2)) };
    // SAFETY: by this function's contract.
    unsafe { answer(out, || tasks::ppdb_lookup(handle, numbers?)) };
}

/// Writes an object's unwind table to `out_path`; at most `max_chain` records of PE unwind information
/// may belong to one function. JSON `{"bytes", "records", "debug_id", "debug_file"?, "code_id"?}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_unwind_build(
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    max_chain: i32,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let inputs = unsafe {
        (
            input::path(path, path_len),
            input::path(out_path, out_path_len),
        )
    };
    let body = || {
        let (path, out_path) = (inputs.0?, inputs.1?);
        let limits = unwind_limits(max_bytes, max_chain)?;
        catch_deep(|| tasks::unwind_build(path, out_path, limits))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Writes an object as a Breakpad symbol file to `out_path`, with `name` as that of its debug file; unwind
/// information comes from `unwind`, or from the object too where that is empty. Bounds as
/// [`fw_unwind_build`]. JSON `{"bytes", "functions", "publics"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_breakpad_write(
    path: *const u8,
    path_len: usize,
    unwind: *const u8,
    unwind_len: usize,
    name: *const u8,
    name_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    max_chain: i32,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let paths = unsafe {
        (
            input::path(path, path_len),
            input::path(out_path, out_path_len),
        )
    };
    // SAFETY: by this function's contract.
    let unwind = (unwind_len > 0).then(|| unsafe { input::path(unwind, unwind_len) });
    // SAFETY: by this function's contract.
    let name = unsafe { input::text(name, name_len) };
    let body = || {
        let (path, out_path, unwind, name) = (paths.0?, paths.1?, unwind.transpose()?, name?);
        let limits = unwind_limits(max_bytes, max_chain)?;
        catch_deep(|| tasks::breakpad_write(path, unwind, name, out_path, limits))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Opens a source bundle or portable PDB; JSON `{"handle", "files", "kind", "debug_id"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_sources_open(path: *const u8, path_len: usize, out: *mut i64) {
    // SAFETY: by this function's contract.
    let path = unsafe { input::path(path, path_len) };
    let body = || {
        let path = path?;
        catch_deep(|| tasks::sources_open(path))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// One source file by its absolute path: u32 kind (0 not there, 1 text, 2 URL, 3 both), u32 length
/// of the URL, URL, text.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_source_get(
    handle: i64,
    path: *const u8,
    path_len: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let path = unsafe { input::text(path, path_len) };
    // SAFETY: by this function's contract.
    unsafe { answer(out, || tasks::source_get(handle, path?)) };
}

/// Converts a ProGuard or R8 mapping to a table at `out_path`; JSON `{"bytes", "classes", "methods"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_proguard_build(
    path: *const u8,
    path_len: usize,
    out_path: *const u8,
    out_path_len: usize,
    max_bytes: i64,
    out: *mut i64,
) {
    let task = tasks::proguard_build;
    // SAFETY: by this function's contract.
    unsafe { make(task, path, path_len, out_path, out_path_len, max_bytes, out) };
}

/// Opens the table of a mapping; JSON
/// `{"handle", "classes", "methods", "has_lines", "has_source_files", "map_id"}`.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_proguard_open(path: *const u8, path_len: usize, out: *mut i64) {
    // SAFETY: by this function's contract.
    let path = unsafe { input::path(path, path_len) };
    // SAFETY: by this function's contract.
    unsafe { answer(out, || tasks::proguard_open(path?)) };
}

/// Answers a [`framewright_core::proguard_remap::RemapRequest`] from `count` tables, of which the first
/// that knows a thing counts, with a [`framewright_core::proguard_remap::RemapReply`]. The request is
/// JSON and then its texts, each after its length as a little-endian u32; the reply all texts in one, JSON
/// and the length of that.
///
/// A fourth number in `out` is the size of the buffer; with it and the length it is given to [`fw_give_back`].
///
/// # Safety
/// See the crate's documentation; `out` has four numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_proguard_remap(
    handles: *const i64,
    count: usize,
    request: *const u8,
    request_len: usize,
    out: *mut i64,
) {
    // SAFETY: by this function's contract.
    let inputs = unsafe {
        (
            input::numbers(handles, count),
            input::texts(request, request_len),
        )
    };
    let result = catch(|| tasks::proguard_remap(inputs.0?, &inputs.1?));
    // SAFETY: by this function's contract.
    unsafe { reply::send_roomy(result, out) };
}

/// Demangles a JSON array of `[name, language or null]` to a JSON array of strings or null.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_demangle(names: *const u8, names_len: usize, out: *mut i64) {
    // SAFETY: by this function's contract.
    let names = unsafe { input::text(names, names_len) };
    let body = || {
        let names = names?;
        catch_deep(|| demangle_json(names).map(String::into_bytes))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// The functions of a JavaScript file, as [`framewright_core::js_scopes`] tells them.
///
/// # Safety
/// See the crate's documentation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_js_scopes(script: *const u8, script_len: usize, out: *mut i64) {
    // SAFETY: by this function's contract.
    let script = unsafe { input::text(script, script_len) };
    let body = || {
        let script = script?;
        catch_deep(|| js_scopes::extract(script))
    };
    // SAFETY: by this function's contract.
    unsafe { answer(out, body) };
}

/// Panics, so that the caller's tests can see what becomes of it.
///
/// # Safety
/// See the crate's documentation.
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fw_test_panic(out: *mut i64) {
    // SAFETY: by this function's contract.
    unsafe { answer(out, || panic!("asked to panic")) };
}
