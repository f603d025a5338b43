#![forbid(unsafe_code)]
//! `framewright-crash [--memory-bytes N] [--cpu-seconds N]`: a child of the server that processes one
//! dump at a time, told to it over standard input. It ends with its input.
//!
//! A dump that kills it (memory, processor time, a stack overflow) kills nothing else; a panic costs the
//! request. The server reads the reason from the exit status and standard error.

mod limits;

use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;

use framewright_core::bytes::SharedBytes;
use framewright_crash::protocol::{
    Done, Failure, FailureCode, Incoming, Need, Outgoing, PROTOCOL, Provided, Request, read_frame,
    write_frame,
};
use framewright_crash::{Server, process};

/// Exit status for a broken agreement: bad options or frames.
const BROKEN: u8 = 2;

#[derive(Default)]
struct Options {
    memory_bytes: Option<u64>,
    cpu_seconds: Option<u64>,
}

fn main() -> ExitCode {
    let result = options().and_then(|options| {
        limits::confine(options.memory_bytes)?;
        serve(&options, &mut io::stdin().lock(), &mut io::stdout().lock())
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("framewright-crash: {error}");
            ExitCode::from(BROKEN)
        }
    }
}

fn options() -> io::Result<Options> {
    let mut options = Options::default();
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let number = args.next().and_then(|value| value.parse().ok());
        match (name.as_str(), number) {
            ("--memory-bytes", Some(number)) => options.memory_bytes = Some(number),
            ("--cpu-seconds", Some(number)) => options.cpu_seconds = Some(number),
            _ => {
                let message = "usage: framewright-crash [--memory-bytes N] [--cpu-seconds N]";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
        }
    }
    Ok(options)
}

/// Answers requests until the input ends.
fn serve(options: &Options, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let hello = Outgoing::Hello {
        protocol: PROTOCOL,
        version: env!("CARGO_PKG_VERSION"),
    };
    write_frame(to, &hello)?;
    while let Some(text) = read_frame(from)? {
        if let Some(seconds) = options.cpu_seconds {
            limits::allow_cpu(seconds)?;
        }
        let mut server = Pipes {
            from,
            to,
            broken: None,
        };
        let caught = panic::catch_unwind(AssertUnwindSafe(|| answer(&text, &mut server)));
        if let Some(error) = server.broken.take() {
            return Err(error);
        }
        let answer = match caught {
            Ok(Ok(done)) => Outgoing::Done(Box::new(done)),
            Ok(Err(failure)) => Outgoing::Failed(failure),
            // The message is on standard error, by the panic hook.
            Err(_) => Outgoing::Failed(internal("a panic; see the log")),
        };
        match write_frame(to, &answer) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let failure = Failure::new(FailureCode::Limit, error.to_string());
                write_frame(to, &Outgoing::Failed(failure))?;
            }
            written => written?,
        }
    }
    Ok(())
}

fn answer(text: &[u8], server: &mut dyn Server) -> Result<Done, Failure> {
    match serde_json::from_slice(text) {
        Ok(Incoming::Process(request)) => process_file(&request, server),
        Ok(Incoming::Provide(_)) => Err(internal("nothing was asked for")),
        Err(error) => Err(internal(format!("a message that is no request: {error}"))),
    }
}

fn process_file(request: &Request, server: &mut dyn Server) -> Result<Done, Failure> {
    process(&map(&request.dump)?, request, server)
}

fn map(path: &str) -> Result<SharedBytes, Failure> {
    framewright::mapped::map(Path::new(path)).map_err(|error| internal(error.to_string()))
}

fn internal(message: impl Into<String>) -> Failure {
    Failure::new(FailureCode::Internal, message)
}

/// The server at the other end of the pipes.
struct Pipes<'a, R, W> {
    from: &'a mut R,
    to: &'a mut W,
    /// Set when nothing more can be said or heard.
    broken: Option<io::Error>,
}

impl<R: Read, W: Write> Server for Pipes<'_, R, W> {
    fn ask(&mut self, needs: Vec<Need>) -> Result<Vec<Option<SharedBytes>>, Failure> {
        let keys: Vec<_> = needs.iter().map(|need| (need.module, need.what)).collect();
        let heard = write_frame(self.to, &Outgoing::Need(needs)).and_then(|()| {
            read_frame(self.from)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
        });
        let text = heard.map_err(|error| {
            let failure = internal(error.to_string());
            self.broken = Some(error);
            failure
        })?;
        let Ok(Incoming::Provide(provided)) = serde_json::from_slice(&text) else {
            return Err(internal("an answer that provides nothing"));
        };
        keys.into_iter()
            .map(|key| provided_file(&provided, key))
            .collect()
    }
}

fn provided_file(
    provided: &[Provided],
    key: (usize, framewright_crash::protocol::What),
) -> Result<Option<SharedBytes>, Failure> {
    let row = provided
        .iter()
        .find(|row| (row.module, row.what) == key)
        .ok_or_else(|| internal(format!("no answer for {:?} of module {}", key.1, key.0)))?;
    row.path.as_deref().map(map).transpose()
}
