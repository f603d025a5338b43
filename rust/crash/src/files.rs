//! The files that a walk needs: which were asked for, which are there.
//!
//! A walk that lacks one parks. The driver polls all walks until each is done or parked, asks for all
//! that is lacking at once, and polls again.

use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use framewright_core::bytes::SharedBytes;
use framewright_core::dwarf_lookup::LazyObject;
use framewright_core::error::Error;
use framewright_core::table::{MAGIC, NONE, Table};
use framewright_core::unwind_table::UnwindTable;
use framewright_core::wire::ReplyBuilder;

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
        open: impl FnOnce(SharedBytes) -> Result<T, Error>,
    ) -> File<T> {
        match bytes.map(open) {
            None => File::Missing,
            Some(Err(error)) => File::Unusable(error.to_string()),
            Some(Ok(table)) => File::Ready(table),
        }
    }
}

/// What says where the functions of a module are.
#[derive(Clone)]
pub(crate) enum Functions {
    /// A lookup table.
    Table(Table),
    /// A file that has no table yet.
    Unconverted(Arc<LazyObject>),
}

impl Functions {
    fn open(bytes: SharedBytes) -> Result<Functions, Error> {
        if bytes.starts_with(&MAGIC.to_le_bytes()) {
            return Table::open(bytes).map(Functions::Table);
        }
        let object = LazyObject::open(bytes, None)?;
        Ok(Functions::Unconverted(Arc::new(object)))
    }

    /// Whether a function contains an address relative to the image.
    pub(crate) fn covers(&self, rva: u64) -> bool {
        match self {
            Functions::Table(table) => u32::try_from(rva)
                .ok()
                .and_then(|rva| table.find(rva))
                .and_then(|index| table.location(index).ok())
                .is_some_and(|location| location.function != NONE),
            Functions::Unconverted(object) => {
                let mut reply = ReplyBuilder::new();
                object.lookup(&[rva], 1, &mut reply).is_ok() && reply.row_count() > 0
            }
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
    symbols: HashMap<usize, File<Functions>>,
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

    /// The functions of a module, when they are there.
    pub(crate) async fn symbols(&self, module: usize) -> File<Functions> {
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
                    let file = File::open(bytes, Functions::open);
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
