#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! Walks the stacks of minidumps, in a process of its own (`framewright-crash`).
//!
//! # Flow
//!
//! ```text
//! main      frames of JSON in and out (protocol), limits, panics
//! process   dump -> streams -> modules -> threads -> answer
//! walk      all threads side by side; a walk that lacks a file parks
//! provider  the seam to the walker: rules and symbols of files -> records
//! files     what is lacking, asked for at once; what has come
//! notes     why a frame is less certain than it could be
//! extended  what else the dump tells -> crash_site
//! ```
//!
//! [`protocol`] is the agreement with the server. Every dump is hostile: what one may cost is bounded here
//! where it can be counted, and by the limits of the process where it cannot. No `unsafe` here.

mod client_stacks;
mod crash_site;
mod extended;
mod files;
mod modules;
mod notes;
mod process;
pub mod protocol;
mod provider;
mod records;
mod walk;

pub use process::{Server, process};
