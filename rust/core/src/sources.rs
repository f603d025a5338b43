//! Source files out of source bundles and portable PDBs, one at a time by path.

use self_cell::self_cell;
use symbolic_common::DebugId;
use symbolic_debuginfo::ObjectLike;
use symbolic_debuginfo::ppdb::{PortablePdbDebugSession, PortablePdbObject};
use symbolic_debuginfo::sourcebundle::{
    SourceBundle, SourceBundleDebugSession, SourceFileDescriptor,
};

use crate::bytes::SharedBytes;
use crate::error::{Code, Error};
use crate::object::{check_bundle_manifest, parse_options};

/// Which container the sources come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourcesKind {
    /// A zip with manifest, made next to a debug file.
    SourceBundle,
    /// A portable PDB with embedded sources or source links.
    PortablePdb,
}

impl SourcesKind {
    /// The name that crosses the boundary.
    pub fn name(self) -> &'static str {
        match self {
            SourcesKind::SourceBundle => "sourcebundle",
            SourcesKind::PortablePdb => "portablepdb",
        }
    }
}

/// What is known of one source file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundSource {
    /// Its text, if the container holds it.
    pub text: Option<String>,
    /// Where it can be fetched, if the container says so.
    pub url: Option<String>,
}

/// An opened container of sources.
pub struct Sources {
    cell: SessionCell,
    kind: SourcesKind,
    debug_id: DebugId,
    files: usize,
}

enum Session<'d> {
    Bundle(SourceBundleDebugSession<'d>),
    PortablePdb(Box<PortablePdbDebugSession<'d>>),
}

self_cell! {
    struct SessionCell {
        owner: SharedBytes,
        #[not_covariant]
        dependent: Session,
    }
}

impl Sources {
    /// Opens a source bundle or a portable PDB.
    ///
    /// # Errors
    /// [`Code::UnsupportedObject`] for any other format, [`Code::MalformedObject`] for a damaged one.
    pub fn open(bytes: SharedBytes) -> Result<Sources, Error> {
        if SourceBundle::test(&bytes) {
            Self::open_bundle(bytes)
        } else if symbolic_ppdb::PortablePdb::peek(&bytes) {
            Self::open_portable_pdb(bytes)
        } else {
            Err(Error::new(
                Code::UnsupportedObject,
                "neither a source bundle nor a portable PDB",
            ))
        }
    }

    fn open_bundle(bytes: SharedBytes) -> Result<Sources, Error> {
        check_bundle_manifest(&bytes)?;
        let mut debug_id = DebugId::nil();
        let mut files = 0;
        let cell = SessionCell::try_new(bytes, |bytes| {
            let bundle = SourceBundle::parse_with_opts(bytes, parse_options(bytes.len()))
                .map_err(malformed)?;
            let session = bundle.debug_session().map_err(malformed)?;
            debug_id = bundle.debug_id();
            files = session.files().count();
            Ok(Session::Bundle(session))
        })?;
        Ok(Sources {
            cell,
            kind: SourcesKind::SourceBundle,
            debug_id,
            files,
        })
    }

    fn open_portable_pdb(bytes: SharedBytes) -> Result<Sources, Error> {
        let mut debug_id = DebugId::nil();
        let mut files = 0;
        let cell = SessionCell::try_new(bytes, |bytes| {
            let object = PortablePdbObject::parse_with_opts(bytes, parse_options(bytes.len()))
                .map_err(malformed)?;
            debug_id = object.debug_id();
            files = object
                .portable_pdb()
                .get_documents_count()
                .map_err(malformed)?;
            let session = object.debug_session().map_err(malformed)?;
            Ok(Session::PortablePdb(Box::new(session)))
        })?;
        Ok(Sources {
            cell,
            kind: SourcesKind::PortablePdb,
            debug_id,
            files,
        })
    }

    /// Which container this is.
    pub fn kind(&self) -> SourcesKind {
        self.kind
    }

    /// Debug identifier of the object that the sources belong to; nil when the container has none.
    pub fn debug_id(&self) -> DebugId {
        self.debug_id
    }

    /// Number of files that the container lists.
    pub fn file_count(&self) -> usize {
        self.files
    }

    /// Looks up one file by its absolute path as debug information states it.
    ///
    /// Bundles compare paths with `\` read as `/` and then try their source link patterns; portable
    /// PDBs take the exact document name, embedded text before links. Files of a bundle that have no
    /// path but a URL, as those of JVM programs do, are found by that, which starts with `~/`.
    ///
    /// # Errors
    /// [`Code::MalformedObject`] when the file is listed and cannot be read, or is larger than
    /// [`crate::limits::MAX_EMBEDDED_SOURCE_BYTES`].
    pub fn get(&self, path: &str) -> Result<Option<FoundSource>, Error> {
        self.cell.with_dependent(|_, session| {
            let found = match session {
                Session::Bundle(session) if path.starts_with("~/") => {
                    session.source_by_url(path).map_err(malformed)?
                }
                Session::Bundle(session) => session.source_by_path(path).map_err(malformed)?,
                Session::PortablePdb(session) => session.source_by_path(path).map_err(malformed)?,
            };
            Ok(found.map(FoundSource::from))
        })
    }
}

impl From<SourceFileDescriptor<'_>> for FoundSource {
    fn from(file: SourceFileDescriptor<'_>) -> Self {
        let url = file.url().map(str::to_owned);
        let text = file.into_contents().map(|text| text.into_owned());
        FoundSource { text, url }
    }
}

fn malformed(error: impl std::error::Error + 'static) -> Error {
    Error::caused(Code::MalformedObject, &error)
}
