#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! Framewright's reader of native debug files: addresses in, functions, files, lines and inlined
//! calls out.
//!
//! # Purpose and constraints
//!
//! The server is Java; this crate does what needs the Rust parsers ([`symbolic_debuginfo`] and its
//! sisters). It works on bytes and knows no file system, no threads of the caller's and no Java: the
//! crate next door (`framewright-ffi`) maps files and exports functions.
//!
//! Every input is hostile: it was uploaded or downloaded. Counts are compared with the bytes left,
//! depths and sizes have caps ([`limits`]), and what goes wrong is an [`error::Error`] with a stable
//! name. A panic is a bug; the boundary catches and counts it. No `unsafe` here.
//!
//! # Flow
//!
//! ```text
//! download -> decompress          one layer of gzip, zlib, zstd, zip, cab
//!          -> inspect             which format, which ids, which slice, what it offers
//!          -> object              whole object to a lookup table, through dwarf_build for linked
//!                                 objects with DWARF, through symcache_build for all others
//!             or dwarf_lookup     first answers straight from a mapped DWARF file,
//!                                 breakpad_lookup from a symbol file
//! address  -> symcache_lookup     table -> rows -> wire (flat reply)
//! .NET     -> portable_pdb        method token and IL offset -> line
//! object   -> source_bundle_build the sources that it names, in one archive
//! path     -> sources             source text out of bundles and portable PDBs
//! JVM      -> proguard_build      whole mapping to a table of its own (proguard)
//!          -> proguard_remap      obfuscated names and lines -> original ones, nearly all from
//!                                 proguard_index, those that were asked before from proguard_memory;
//!                                 texts through proguard_text and proguard_print
//! object   -> unwind_build        how to find callers -> unwind_table, read by the crash program
//!          -> breakpad_sym        table and unwind information as a symbol file for others
//! script   -> js_scopes           the functions of minified JavaScript, with what names them
//! ```
//!
//! [`table`] documents the format of a lookup table with its version history, [`wire`] the format of
//! a reply; read these two first.
//!
//! # Example
//!
//! ```
//! use framewright_core::{bytes::SharedBytes, object, symcache_build, symcache_lookup, table, wire};
//!
//! let file = b"MODULE Linux x86_64 492E2DD23CC306CA9C494EEF1533A3810 app
//! FILE 0 /src/app.c
//! FUNC 1000 20 0 main
//! 1000 20 7 0
//! ";
//! let image = object::build_object_table(file, &symcache_build::TableOptions::default())?;
//! let table = table::Table::open(SharedBytes::new(image.to_vec()))?;
//! let mut reply = wire::ReplyBuilder::new();
//! symcache_lookup::lookup_table(&table, &[0x1004, 0x9999], &mut reply)?;
//! assert_eq!((reply.address_count(), reply.row_count()), (2, 1));
//! # Ok::<(), framewright_core::error::Error>(())
//! ```

mod breakpad_lookup;
pub mod breakpad_sym;
pub mod bytes;
mod counted;
mod damage;
pub mod decompress;
pub mod demangle;
mod dwarf_build;
mod dwarf_functions;
pub mod dwarf_lookup;
mod dwarf_units;
pub mod elf_section;
pub mod error;
pub mod inspect;
mod js_functions;
mod js_names;
mod js_nesting;
pub mod js_scopes;
mod js_tokens;
pub mod limits;
mod managed_pdb;
pub mod object;
pub mod options;
pub mod pdb_guard;
pub mod portable_pdb;
pub mod proguard;
pub mod proguard_build;
mod proguard_index;
mod proguard_index_build;
mod proguard_memory;
mod proguard_print;
pub mod proguard_remap;
mod proguard_text;
mod sections;
pub mod side_files;
pub mod source_bundle_build;
pub mod sources;
mod symbols;
pub mod symcache_build;
pub mod symcache_lookup;
pub mod table;
mod table_build;
mod transform;
pub mod unwind_build;
pub mod unwind_table;
pub mod wire;
mod written_text;
