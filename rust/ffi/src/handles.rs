//! Opened things by number. A number is a slot and the generation of what is in it, so that one that
//! was closed, or made up, is recognised instead of followed.

use std::sync::{Arc, PoisonError, RwLock};

use framewright_core::dwarf_lookup::LazyObject;
use framewright_core::error::{Code, Error};
use framewright_core::portable_pdb::MethodLines;
use framewright_core::proguard::MappingTable;
use framewright_core::sources::Sources;
use framewright_core::table::Table;

/// What a handle can stand for. Immutable after opening.
pub(crate) enum Opened {
    Table(Table),
    Lazy(LazyObject),
    MethodLines(MethodLines),
    Sources(Sources),
    Mapping(MappingTable),
}

const _: () = {
    const fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<Opened>();
};

/// Things open at once: each maps a file, and Linux allows 65,530 maps by default.
const MAX_OPEN: usize = 60_000;

/// Generations are positive, so that a handle is a positive i64.
const LAST_GENERATION: u32 = i32::MAX as u32;

struct Slot {
    generation: u32,
    opened: Option<Arc<Opened>>,
}

pub(crate) struct Handles {
    inner: RwLock<Inner>,
}

struct Inner {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

/// The handles of this library.
pub(crate) static HANDLES: Handles = Handles::new();

impl Handles {
    const fn new() -> Self {
        Handles {
            inner: RwLock::new(Inner {
                slots: Vec::new(),
                free: Vec::new(),
            }),
        }
    }

    /// Takes ownership of something opened and gives its handle.
    ///
    /// # Errors
    /// [`Code::InputLimit`] when too much is open.
    pub(crate) fn insert(&self, opened: Opened) -> Result<i64, Error> {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let slot = match inner.free.pop() {
            Some(slot) => slot,
            None if inner.slots.len() < MAX_OPEN => {
                inner.slots.push(Slot {
                    generation: 1,
                    opened: None,
                });
                inner.slots.len() as u32 - 1
            }
            None => {
                return Err(
                    Error::new(Code::InputLimit, format!("{MAX_OPEN} handles are open"))
                        .with_remedy("close handles that are no longer used"),
                );
            }
        };
        let entry = &mut inner.slots[slot as usize];
        entry.opened = Some(Arc::new(opened));
        Ok(i64::from(entry.generation) << 32 | i64::from(slot))
    }

    /// What a handle stands for. The answer stays valid while it is held, even if the handle is
    /// closed meanwhile.
    ///
    /// # Errors
    /// [`Code::StaleHandle`].
    pub(crate) fn get(&self, handle: i64) -> Result<Arc<Opened>, Error> {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let (generation, slot) = parts(handle);
        inner
            .slots
            .get(slot)
            .filter(|entry| entry.generation == generation)
            .and_then(|entry| entry.opened.clone())
            .ok_or_else(|| stale(handle))
    }

    /// Closes a handle. What it stands for goes away when its last user is done.
    ///
    /// # Errors
    /// [`Code::StaleHandle`].
    pub(crate) fn close(&self, handle: i64) -> Result<(), Error> {
        let (generation, slot) = parts(handle);
        let closed = {
            let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
            let entry = inner
                .slots
                .get_mut(slot)
                .filter(|entry| entry.generation == generation && entry.opened.is_some())
                .ok_or_else(|| stale(handle))?;
            let closed = entry.opened.take();
            // A slot whose generations are used up is left empty for good.
            if entry.generation < LAST_GENERATION {
                entry.generation += 1;
                inner.free.push(slot as u32);
            }
            closed
        };
        // Unmapping takes its time: outside the lock.
        drop(closed);
        Ok(())
    }

    /// Number of open handles.
    pub(crate) fn open_count(&self) -> usize {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner
            .slots
            .iter()
            .filter(|slot| slot.opened.is_some())
            .count()
    }
}

fn parts(handle: i64) -> (u32, usize) {
    (
        (handle as u64 >> 32) as u32,
        (handle as u64 & 0xffff_ffff) as usize,
    )
}

fn stale(handle: i64) -> Error {
    Error::new(Code::StaleHandle, format!("handle {handle:#x} is not open"))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use framewright_core::bytes::SharedBytes;
    use framewright_core::table::TableImage;

    use super::*;

    fn table() -> Opened {
        let bytes = SharedBytes::new(TableImage::default().to_vec());
        Opened::Table(Table::open(bytes).unwrap())
    }

    #[test]
    fn get_closed_or_invented_handle_is_stale() {
        let handles = Handles::new();
        let handle = handles.insert(table()).unwrap();
        assert!(handle > 0);
        handles.get(handle).unwrap();
        handles.close(handle).unwrap();
        for stale in [handle, 0, -1, i64::MIN, i64::MAX, handle + 1] {
            assert_eq!(handles.get(stale).err().unwrap().code, Code::StaleHandle);
            assert_eq!(handles.close(stale).unwrap_err().code, Code::StaleHandle);
        }
    }

    #[test]
    fn insert_reuses_a_slot_under_another_handle() {
        let handles = Handles::new();
        let first = handles.insert(table()).unwrap();
        handles.close(first).unwrap();
        let second = handles.insert(table()).unwrap();
        assert_ne!(first, second);
        assert_eq!(first & 0xffff_ffff, second & 0xffff_ffff);
        assert_eq!(handles.open_count(), 1);
        assert!(handles.get(first).is_err());
    }

    #[test]
    fn close_while_others_use_the_handle_leaves_them_undisturbed() {
        let handles = Handles::new();
        let handle = handles.insert(table()).unwrap();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Ok(opened) = handles.get(handle) {
                        let Opened::Table(table) = &*opened else {
                            panic!("another kind");
                        };
                        assert_eq!(table.file_bytes(), 128);
                    }
                });
            }
            scope.spawn(|| handles.close(handle).unwrap());
        });
        assert_eq!(handles.open_count(), 0);
    }
}
