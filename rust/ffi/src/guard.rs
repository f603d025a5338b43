//! The net under every export: a panic becomes a status, with its message and place.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use framewright_core::error::{Code, Error};

/// Stack in bytes of the threads that parse. Parsers and demanglers recurse within caps of depth, not
/// of bytes, and the caller may have 512 KiB. Only touched pages cost memory.
const DEEP_STACK_BYTES: usize = 64 << 20;

static PANICS: AtomicU64 = AtomicU64::new(0);
static HOOK: Once = Once::new();
/// The last panic of a worker thread, which unwinds into the thread that joins it.
static WORKER_PANIC: Mutex<Option<String>> = Mutex::new(None);

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics caught since the library was loaded.
pub(crate) fn panic_count() -> u64 {
    PANICS.load(Ordering::Relaxed)
}

/// Runs `body`; a panic in it becomes [`Code::Panic`] and is counted.
///
/// Everything that `body` shares with the rest of the process is immutable or behind the lock of
/// the handle table, which is never held while foreign code runs; so nothing is left half changed.
pub(crate) fn catch<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    HOOK.call_once(install_hook);
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(body));
    GUARDED.set(outer);
    result.unwrap_or_else(|payload| Err(caught(&*payload)))
}

/// As [`catch`], on a thread of its own with a large stack.
pub(crate) fn catch_deep<T: Send>(
    body: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name("fw-deep".into())
            .stack_size(DEEP_STACK_BYTES)
            .spawn_scoped(scope, || catch(body))
            .map_err(|error| {
                Error::new(Code::InputLimit, format!("no thread to parse on: {error}"))
                    .with_remedy("raise the limit of threads or of memory of the process")
            })?;
        worker
            .join()
            .unwrap_or_else(|payload| Err(caught(&*payload)))
    })
}

fn caught(payload: &(dyn Any + Send)) -> Error {
    PANICS.fetch_add(1, Ordering::Relaxed);
    let recorded = LAST_PANIC.take().or_else(|| {
        WORKER_PANIC
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    });
    let message = recorded.unwrap_or_else(|| payload_text(payload).to_owned());
    Error::new(Code::Panic, message).with_remedy("report this with the file that caused it")
}

fn payload_text(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "panic without a message"
    }
}

/// Keeps message and place of a panic, and keeps it off the process's standard error. This library's
/// Rust runtime is its own: the hook sees nobody else's panics.
fn install_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if GUARDED.get() {
            LAST_PANIC.replace(Some(describe(info)));
        } else if is_worker() {
            let mut last = WORKER_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
            *last = Some(describe(info));
        } else {
            previous(info);
        }
    }));
}

/// Threads that this library starts are named "fw-...".
fn is_worker() -> bool {
    thread::current()
        .name()
        .is_some_and(|name| name.starts_with("fw-"))
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let text = payload_text(info.payload());
    match info.location() {
        Some(place) => format!("{text} at {}:{}", place.file(), place.line()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catch_panic_becomes_an_error_with_message_and_place() {
        let before = panic_count();
        let error = catch::<()>(|| panic!("index {} is odd", 7)).unwrap_err();
        assert_eq!(error.code, Code::Panic);
        assert!(
            error.message.starts_with("index 7 is odd at "),
            "{}",
            error.message
        );
        assert!(error.message.contains("guard.rs:"), "{}", error.message);
        assert!(panic_count() > before);
    }

    #[test]
    fn catch_deep_panic_of_a_worker_is_told_with_its_place() {
        let error = catch_deep::<()>(|| {
            thread::scope(|scope| {
                let worker = thread::Builder::new().name("fw-test".into());
                let worker = worker
                    .spawn_scoped(scope, || panic!("worker gave up"))
                    .unwrap();
                worker
                    .join()
                    .unwrap_or_else(|payload| panic::resume_unwind(payload))
            })
        })
        .unwrap_err();
        assert_eq!(error.code, Code::Panic);
        assert!(
            error.message.contains("worker gave up"),
            "{}",
            error.message
        );
    }

    #[test]
    fn catch_deep_has_room_for_deep_recursion() {
        fn depth(n: u32) -> u32 {
            let frame = std::hint::black_box([n; 64]);
            if n == 0 {
                0
            } else {
                1 + depth(n - 1) + frame[1] - n
            }
        }
        assert_eq!(catch_deep(|| Ok(depth(50_000))), Ok(50_000));
    }
}
