//! Walks the stacks of many threads at once.
//!
//! The walker is asynchronous code that is never woken: a walk that lacks a file returns, and is polled
//! again when all walks of its batch stand still and their files have come.

use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use minidump::{MinidumpContext, MinidumpModuleList, UnifiedMemory};
use minidump_unwind::{CallStack, FrameTrust, StackFrame, SystemInfo, walk_stack};

use crate::files::{Files, Supplier};
use crate::protocol::Failure;
use crate::provider::Provider;

/// A frame as it is kept; the walker's own has all registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Address within the instruction that is executing.
    pub(crate) instruction: u64,
    /// Where execution would go on.
    pub(crate) resume: u64,
    /// How it was found.
    pub(crate) trust: FrameTrust,
    /// Number of the module.
    pub(crate) module: Option<usize>,
}

/// Where a walk starts.
pub(crate) struct Start<'a> {
    pub(crate) context: MinidumpContext,
    pub(crate) memory: Option<UnifiedMemory<'a, 'a>>,
}

/// The frames of one thread from the top, and whether there are more.
pub(crate) struct Walked {
    pub(crate) frames: Vec<Frame>,
    pub(crate) cut: bool,
}

/// What all walks share.
pub(crate) struct Walker<'a> {
    pub(crate) modules: &'a MinidumpModuleList,
    pub(crate) system: &'a SystemInfo,
    pub(crate) files: &'a Files,
    pub(crate) provider: &'a Provider<'a>,
    /// Frames kept of each thread.
    pub(crate) max_frames: usize,
}

type Walk<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Thrown through the walker to end it: it has no bound of its own, and a stack that leads nowhere costs
/// two kilobytes for each of its words.
struct Enough;

impl Walker<'_> {
    /// Walks from all of `starts`.
    ///
    /// # Errors
    /// Those of `supplier`.
    pub(crate) fn walk(
        &self,
        starts: Vec<Start<'_>>,
        supplier: &mut dyn Supplier,
    ) -> Result<Vec<Walked>, Failure> {
        let found: Vec<Mutex<Vec<Frame>>> = starts.iter().map(|_| Mutex::default()).collect();
        let mut ended_early = vec![false; starts.len()];
        let mut walks: Vec<Option<Walk<'_>>> = starts
            .into_iter()
            .zip(&found)
            .map(|(start, found)| Some(self.walk_one(start, found)))
            .collect();
        loop {
            let mut parked = false;
            for (walk, ended_early) in walks.iter_mut().zip(&mut ended_early) {
                match walk.as_mut().map(poll) {
                    Some(Polled::Parked) => parked = true,
                    Some(Polled::Enough) => {
                        *ended_early = true;
                        *walk = None;
                    }
                    Some(Polled::Done) => *walk = None,
                    None => {}
                }
            }
            if !parked {
                break;
            }
            self.files.fetch(supplier)?;
        }
        drop(walks);
        Ok(found
            .into_iter()
            .zip(ended_early)
            .map(|(frames, cut)| Walked {
                frames: frames.into_inner().unwrap_or_else(PoisonError::into_inner),
                cut,
            })
            .collect())
    }

    fn walk_one<'a>(&'a self, start: Start<'a>, found: &'a Mutex<Vec<Frame>>) -> Walk<'a> {
        let keep = move |number: usize, frame: &StackFrame| {
            if number >= self.max_frames {
                panic::resume_unwind(Box::new(Enough));
            }
            let module = frame.module.as_ref();
            found
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Frame {
                    instruction: frame.instruction,
                    resume: frame.resume_address,
                    trust: frame.trust,
                    module: module.and_then(|module| self.provider.number(module)),
                });
        };
        Box::pin(async move {
            let mut stack = CallStack::with_context(start.context);
            walk_stack(
                0,
                keep,
                &mut stack,
                start.memory,
                self.modules,
                self.system,
                self.provider,
            )
            .await;
        })
    }
}

enum Polled {
    Done,
    Parked,
    Enough,
}

fn poll(walk: &mut Walk<'_>) -> Polled {
    let mut context = Context::from_waker(Waker::noop());
    // What the walker leaves half done when it is thrown out of, it owned; it is dropped.
    let polled = panic::catch_unwind(AssertUnwindSafe(|| walk.as_mut().poll(&mut context)));
    match polled {
        Ok(Poll::Ready(())) => Polled::Done,
        Ok(Poll::Pending) => Polled::Parked,
        Err(thrown) if thrown.is::<Enough>() => Polled::Enough,
        Err(thrown) => panic::resume_unwind(thrown),
    }
}
