//! `framewright-dumps OUT PRELOAD PROGRAM [ARGS...]`: runs a program until it crashes, or for two seconds, and
//! writes a minidump of it to OUT. PRELOAD is `preload.c` as a shared library: it holds a crashing program
//! in its signal handler and tells what happened through a pipe.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{io, mem, ptr};

use minidump_writer::minidump_writer::MinidumpWriterConfig;
use minidump_writer::{CrashContextExt, crash_context::CrashContext};

/// What `preload.c` writes.
#[repr(C)]
struct Crash {
    pid: i32,
    tid: i32,
    signo: i32,
    code: i32,
    addr: u64,
    context: [u8; 936],
    float_state: [u8; 512],
}

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [out, preload, program, args @ ..] = args.as_slice() else {
        return Err(io::Error::other("usage: OUT PRELOAD PROGRAM [ARGS...]"));
    };
    let (mut from, to) = io::pipe()?;
    // SAFETY: the descriptor is ours; the child shall inherit it.
    unsafe { libc::fcntl(to.as_raw_fd(), libc::F_SETFD, 0) };
    let mut child = Command::new(program)
        .args(args)
        .env("LD_PRELOAD", preload)
        .env("CRASH_FD", to.as_raw_fd().to_string())
        .stdout(Stdio::null())
        .spawn()?;
    drop(to);
    let crash = wait(&mut from)?;
    let pid = child.id() as i32;
    let tid = crash.as_ref().map_or(pid, |crash| crash.tid);
    let mut config = MinidumpWriterConfig::new(pid, tid);
    if let Some(crash) = &crash {
        config.set_crash_context(CrashContextExt {
            inner: context(crash),
        });
    }
    let result = config.write(&mut File::create(out)?);
    child.kill()?;
    child.wait()?;
    result.map(drop).map_err(io::Error::other)
}

/// The crash, or nothing after two seconds.
fn wait(from: &mut io::PipeReader) -> io::Result<Option<Box<Crash>>> {
    let mut poll = libc::pollfd {
        fd: from.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one valid pollfd.
    let ready = unsafe { libc::poll(&mut poll, 1, Duration::from_secs(2).as_millis() as i32) };
    if ready <= 0 {
        return Ok(None);
    }
    let mut bytes = vec![0; mem::size_of::<Crash>()];
    if from.read_exact(&mut bytes).is_err() {
        return Err(io::Error::other("the program ended without a crash"));
    }
    // SAFETY: as many bytes as the type has, which is valid for any.
    Ok(Some(Box::new(unsafe {
        ptr::read_unaligned(bytes.as_ptr().cast())
    })))
}

fn context(crash: &Crash) -> CrashContext {
    // SAFETY: the type is plain old data.
    let mut context: CrashContext = unsafe { mem::zeroed() };
    context.pid = crash.pid;
    context.tid = crash.tid;
    context.siginfo.ssi_signo = crash.signo as u32;
    context.siginfo.ssi_code = crash.code;
    context.siginfo.ssi_addr = crash.addr;
    let size = mem::size_of_val(&context.context).min(crash.context.len());
    // SAFETY: both have that many bytes, and plain old data.
    unsafe {
        ptr::copy_nonoverlapping(
            crash.context.as_ptr(),
            (&raw mut context.context).cast::<u8>(),
            size,
        );
        ptr::copy_nonoverlapping(
            crash.float_state.as_ptr(),
            (&raw mut context.float_state).cast::<u8>(),
            mem::size_of_val(&context.float_state).min(512),
        );
    }
    context
}
