//! Opening an object file with our bounds, and converting it.

use std::io::{Cursor, Read};

use symbolic_debuginfo::{Archive, FileFormat, Object, ObjectError, ParseObjectOptions};

use crate::damage;
use crate::dwarf_build;
use crate::dwarf_units::sections::dwarf_source;
use crate::error::{Code, Error};
use crate::limits::{
    MAX_ARCHIVE_OBJECTS, MAX_BUNDLE_MANIFEST_BYTES, MAX_DECOMPRESSED_SECTION_BYTES,
    MAX_EMBEDDED_SOURCE_BYTES, MAX_SECTION_EXPANSION, MIN_DECOMPRESSED_SECTION_BYTES,
};
use crate::pdb_guard;
use crate::symbols::CodeSections;
use crate::symcache_build::{TableOptions, build_symbol_table, build_table, convert};
use crate::table::TableImage;

/// The bounds for parsing a file of `file_bytes`.
///
/// Symbolic reserves the size that a compressed section claims before it reads the first byte, so the
/// claim is held against the size of the file.
pub fn parse_options(file_bytes: usize) -> ParseObjectOptions {
    let section = file_bytes.saturating_mul(MAX_SECTION_EXPANSION).clamp(
        MIN_DECOMPRESSED_SECTION_BYTES,
        MAX_DECOMPRESSED_SECTION_BYTES,
    );
    let mut options = ParseObjectOptions::default();
    options.max_decompressed_section_size = Some(section);
    options.max_decompressed_embedded_source_size = Some(MAX_EMBEDDED_SOURCE_BYTES);
    options
}

/// Parses an object file that may be a fat archive.
///
/// # Errors
/// [`Code::UnknownFormat`], [`Code::MalformedObject`], or [`Code::InputLimit`] for an archive with
/// absurdly many slices.
pub fn parse_archive(data: &[u8]) -> Result<Archive<'_>, Error> {
    if data.starts_with(b"SYSB") {
        check_bundle_manifest(data)?;
    }
    let format = Archive::peek(data);
    if format == FileFormat::Unknown {
        return Err(Error::new(
            Code::UnknownFormat,
            "the first bytes belong to no known format",
        )
        .with_remedy("check that this is a debug file and not, for example, an HTML error page"));
    }
    let archive = Archive::parse_with_opts(data, parse_options(data.len()))
        .map_err(|error| damage::located(malformed(error), data, format))?;
    if archive.object_count() > MAX_ARCHIVE_OBJECTS {
        let count = archive.object_count();
        return Err(Error::new(
            Code::InputLimit,
            format!("a fat file with {count} slices"),
        ));
    }
    Ok(archive)
}

/// Parses a file that holds exactly one object.
///
/// # Errors
/// As [`parse_archive`]; [`Code::UnsupportedObject`] for a fat file with several slices.
pub fn parse_single(data: &[u8]) -> Result<Object<'_>, Error> {
    let archive = parse_archive(data)?;
    match archive.object_count() {
        0 => Err(Error::new(
            Code::MalformedObject,
            "a fat file without slices",
        )),
        1 => first_object(&archive, data),
        count => Err(Error::new(
            Code::UnsupportedObject,
            format!("a fat file with {count} slices where one object is expected"),
        )
        .with_remedy("cut out the slice first")),
    }
}

/// The first object of an archive that was parsed from `data`.
///
/// # Errors
/// [`Code::MalformedObject`].
pub(crate) fn first_object<'d>(archive: &Archive<'d>, data: &'d [u8]) -> Result<Object<'d>, Error> {
    archive
        .object_by_index(0)
        .map_err(|error| damage::located(malformed(error), data, archive.file_format()))?
        .ok_or_else(|| Error::new(Code::MalformedObject, "no object in the file"))
}

/// Converts the one object in `data` to a lookup table.
///
/// # Errors
/// As [`parse_single`], [`pdb_guard::check`] and [`build_table`]; [`Code::InputLimit`] for more units
/// or ranges than any linker writes.
pub fn build_object_table(data: &[u8], options: &TableOptions<'_>) -> Result<TableImage, Error> {
    let object = parse_single(data)?;
    if matches!(object, Object::Pdb(_)) {
        pdb_guard::check(data)?;
    }
    if dwarf_source(&object).is_err() {
        return match &object {
            Object::Elf(elf) if !elf.has_debug_info() => {
                build_symbol_table(elf, &CodeSections::of(&object), options)
            }
            _ => build_table(&object, options),
        };
    }
    let mut image = dwarf_build::build(&object, options)?;
    if options.variables {
        image.symcache = Some(convert(&object, options)?);
    }
    Ok(image)
}

/// Refuses a source bundle whose manifest would fill the memory.
///
/// Symbolic reads the manifest into maps while it decompresses it; the size that a zip states for an
/// entry binds nobody, so the entry is decompressed once and counted.
///
/// # Errors
/// [`Code::InputLimit`] beyond [`MAX_BUNDLE_MANIFEST_BYTES`], [`Code::MalformedObject`] for a zip
/// that cannot be read.
pub fn check_bundle_manifest(data: &[u8]) -> Result<(), Error> {
    let mut archive = zip::ZipArchive::new(Cursor::new(data)).map_err(bad_zip)?;
    let manifest = archive.by_name("manifest.json").map_err(bad_zip)?;
    // Deflate expands at most 1032 times: a small manifest needs no count.
    if manifest.compressed_size().saturating_mul(1032) <= MAX_BUNDLE_MANIFEST_BYTES {
        return Ok(());
    }
    let mut counted = manifest.take(MAX_BUNDLE_MANIFEST_BYTES + 1);
    let bytes = std::io::copy(&mut counted, &mut std::io::sink())
        .map_err(|error| Error::caused(Code::MalformedObject, &error))?;
    if bytes > MAX_BUNDLE_MANIFEST_BYTES {
        return Err(Error::new(
            Code::InputLimit,
            format!("the manifest of the bundle passes {MAX_BUNDLE_MANIFEST_BYTES} bytes"),
        ));
    }
    Ok(())
}

fn bad_zip(error: zip::result::ZipError) -> Error {
    Error::caused(Code::MalformedObject, &error)
}

fn malformed(error: ObjectError) -> Error {
    Error::caused(Code::MalformedObject, &error)
}
