#![forbid(unsafe_code)]
#![deny(missing_docs)]
//! Walks the stacks of minidumps, in a process of its own (`framewright-crash`).

mod client_stacks;
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
