//! Source bundles: the sources that a debug file names, in one archive that travels beside it.
//!
//! The container is symbolic's own (`SourceBundleWriter`), so that every reader of such bundles reads ours.

use std::cell::Cell;
use std::io::{Read, Seek, Write};
use std::rc::Rc;

use symbolic_debuginfo::Object;
use symbolic_debuginfo::sourcebundle::{SourceBundleErrorKind, SourceBundleWriter};

use crate::error::{Code, Error};
use crate::object::parse_single;
use crate::pdb_guard;

/// How many of the sources that the debug information names went where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BundledSources {
    /// They are in the bundle.
    pub bundled: usize,
    /// They could not be had, or are no text.
    pub missing: usize,
}

/// Writes a bundle of the sources that the object in `data` names; `read` opens one by its path, and has none where
/// it cannot be had or would make the bundle too large.
///
/// # Errors
/// As [`parse_single`] and [`pdb_guard::check`]; [`Code::MalformedDebugInfo`], [`Code::Io`] from `out`.
pub fn build_source_bundle<W: Write + Seek, R: Read>(
    data: &[u8],
    name: &str,
    out: W,
    mut read: impl FnMut(&str) -> Option<R>,
) -> Result<BundledSources, Error> {
    let object = parse_single(data)?;
    if matches!(object, Object::Pdb(_)) {
        pdb_guard::check(data)?;
    }
    let unreadable = Rc::new(Cell::new(0));
    let count = Rc::clone(&unreadable);
    let writer = SourceBundleWriter::start(out)
        .map_err(|error| failed(&error))?
        .with_skipped_file_callback(move |_| count.set(count.get() + 1));
    let mut sources = BundledSources::default();
    let provide = |path: &str| {
        let source = read(path);
        match source {
            Some(_) => sources.bundled += 1,
            None => sources.missing += 1,
        }
        source
    };
    writer
        .write_object_with_filter_and_provider(&object, name, |_, _| true, provide)
        .map_err(|error| failed(&error))?;
    sources.bundled -= unreadable.get();
    sources.missing += unreadable.get();
    Ok(sources)
}

fn failed(error: &symbolic_debuginfo::sourcebundle::SourceBundleError) -> Error {
    let code = match error.kind() {
        SourceBundleErrorKind::WriteFailed => Code::Io,
        _ => Code::MalformedDebugInfo,
    };
    Error::caused(code, error)
}
