//! The files that a walk needs: which were asked for, which are there.
//!
//! A walk that lacks one parks. The driver polls all walks until each is done or parked, asks for all
//! that is lacking at once, and polls again.

use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use framewright_core::bytes::SharedBytes;
use framewright_core::table::Table;
use framewright_core::unwind_table::UnwindTable;

use crate::protocol::{Failure, FailureCode, What};

/// Gives files for needs.
pub trait Supplier {
    /// The bytes of each file of `needs`, in their order; `None` for one that is not to be had.
    ///
    /// # Errors
    /// When no more files can come.
    fn supply(&mut self, needs: &[(usize, What)]) -> Result<Vec<Option<SharedBytes>>, Failure>;
}

/// A file that was asked for.
#[derive(Clone)]
pub(crate) enum File<T> {
    /// There is none.
    Missing,
    /// There is one, and it cannot be read.
    Unusable(String),
    /// Here it is.
    Ready(T),
}

impl<T> File<T> {
    fn open(
        bytes: Option<SharedBytes>,
        open: impl FnOnce(SharedBytes) -> Result<T, framewright_core::error::Error>,
    ) -> File<T> {
        match bytes.map(open) {
            None => File::Missing,
            Some(Err(error)) => File::Unusable(error.to_string()),
            Some(Ok(table)) => File::Ready(table),
        }
    }
}

/// All files of one dump, by module number.
#[derive(Default)]
pub(crate) struct Files {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    unwind: HashMap<usize, File<UnwindTable>>,
    symbols: HashMap<usize, File<Table>>,
    wanted: BTreeSet<(usize, What)>,
}

impl Files {
    /// The unwind table of a module, when it is there.
    pub(crate) async fn unwind(&self, module: usize) -> File<UnwindTable> {
        poll_fn(|_| {
            let mut state = self.state();
            match state.unwind.get(&module) {
                Some(file) => Poll::Ready(file.clone()),
                None => {
                    state.wanted.insert((module, What::Unwind));
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// The lookup table of a module, when it is there.
    pub(crate) async fn symbols(&self, module: usize) -> File<Table> {
        poll_fn(|_| {
            let mut state = self.state();
            match state.symbols.get(&module) {
                Some(file) => Poll::Ready(file.clone()),
                None => {
                    state.wanted.insert((module, What::Symbols));
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// The unwind table of a module; `None` if it was never asked for.
    pub(crate) fn asked_unwind(&self, module: usize) -> Option<File<UnwindTable>> {
        self.state().unwind.get(&module).cloned()
    }

    /// Gets what parked walks wait for.
    ///
    /// # Errors
    /// Those of `supplier`; [`FailureCode::Internal`] when nothing is waited for.
    pub(crate) fn fetch(&self, supplier: &mut dyn Supplier) -> Result<(), Failure> {
        let wanted: Vec<_> = std::mem::take(&mut self.state().wanted)
            .into_iter()
            .collect();
        if wanted.is_empty() {
            return Err(Failure::new(
                FailureCode::Internal,
                "a walk waits for nothing",
            ));
        }
        let files = supplier.supply(&wanted)?;
        let mut state = self.state();
        for ((module, what), bytes) in wanted.into_iter().zip(files) {
            match what {
                What::Unwind => {
                    let file = File::open(bytes, UnwindTable::open);
                    state.unwind.insert(module, file);
                }
                What::Symbols => {
                    let file = File::open(bytes, Table::open);
                    state.symbols.insert(module, file);
                }
            }
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
