//! The limits that the process sets itself.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Bounds the memory of the process, and what it leaves behind when it is killed.
///
/// The bound is on what it can write to, not on its address space: mapped files cost nothing that the
/// system cannot take back.
pub(crate) fn confine(memory_bytes: Option<u64>) -> io::Result<()> {
    if memory_bytes.is_some() {
        lower(Resource::Data, memory_bytes)?;
    }
    lower(Resource::Core, Some(0))?;
    #[cfg(target_os = "linux")]
    rustix::thread::set_no_new_privs(true)?;
    Ok(())
}

/// Allows `seconds` of processor time from now on. The system ends a process that takes more.
pub(crate) fn allow_cpu(seconds: u64) -> io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec as u64;
    // One more for the part of a second that is already used.
    lower(Resource::Cpu, Some(used + 1 + seconds))
}

fn lower(resource: Resource, current: Option<u64>) -> io::Result<()> {
    let maximum = getrlimit(resource).maximum;
    let current = match (current, maximum) {
        (Some(current), Some(maximum)) => Some(current.min(maximum)),
        (current, _) => current,
    };
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}
