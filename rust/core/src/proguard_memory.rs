//! What frames became before. The stack traces of a program share most of their frames, and to find
//! one in a table takes some microseconds of searches in text.
//!
//! One memory for all tables of the process, so that its bound is one of the process: sets of some
//! frames, in each of which those that were not asked for longest give way.

use std::hash::{BuildHasher, RandomState};
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::error::Error;
use crate::limits::{MAX_REMEMBERED_BYTES, REMEMBERED_SETS};
use crate::proguard_remap::{Asked, Made};

/// Frames of a set; more would take longer to compare.
const MAX_FRAMES: usize = 8;

static MEMORY: LazyLock<Memory> = LazyLock::new(|| Memory {
    hashes: RandomState::new(),
    sets: (0..REMEMBERED_SETS).map(|_| Mutex::default()).collect(),
});

struct Memory {
    hashes: RandomState,
    sets: Vec<Mutex<Vec<Remembered>>>,
}

struct Remembered {
    hash: u64,
    table: u64,
    line: Option<u32>,
    /// Everything else that was asked, see [`words`].
    words: [Option<Box<str>>; 4],
    made: Made,
}

impl Remembered {
    fn bytes(&self) -> usize {
        let words: usize = self.words.iter().flatten().map(|word| word.len()).sum();
        size_of::<Self>() + words + self.made.bytes()
    }
}

/// What the table of this number makes of a frame that is at no position of an outline: what it made
/// of it before, or what `make` answers. `thrown` is the descriptor of what was thrown, where that
/// counts.
///
/// # Errors
/// Those of `make`.
pub(crate) fn remembered(
    table: u64,
    asked: &Asked<'_>,
    thrown: Option<&str>,
    make: impl FnOnce() -> Result<Made, Error>,
) -> Result<Made, Error> {
    let words = words(asked, thrown);
    let hash = MEMORY.hashes.hash_one((table, asked.line, words));
    let set = &MEMORY.sets[hash as usize % REMEMBERED_SETS];
    let locked = || set.lock().unwrap_or_else(PoisonError::into_inner);
    let mut known = locked();
    let place = known.iter().position(|known| {
        known.hash == hash
            && known.table == table
            && known.line == asked.line
            && known.words.each_ref().map(Option::as_deref) == words
    });
    if let Some(place) = place {
        known[..=place].rotate_right(1);
        return Ok(known[0].made.clone());
    }
    // others need not wait for a search
    drop(known);
    let made = make()?;
    let remembered = Remembered {
        hash,
        table,
        line: asked.line,
        words: words.map(|word| word.map(Box::from)),
        made: made.clone(),
    };
    let mut room = MAX_REMEMBERED_BYTES.checked_sub(remembered.bytes());
    if room.is_some() {
        let mut known = locked();
        known.truncate(MAX_FRAMES - 1);
        known.retain(|known| {
            room = room.and_then(|room| room.checked_sub(known.bytes()));
            room.is_some()
        });
        known.insert(0, remembered);
    }
    Ok(made)
}

fn words<'r>(asked: &Asked<'r>, thrown: Option<&'r str>) -> [Option<&'r str>; 4] {
    [
        Some(asked.class),
        Some(asked.method),
        asked.parameters,
        thrown,
    ]
}
