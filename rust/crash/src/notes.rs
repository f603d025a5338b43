//! How sure a frame is, and what would have made it surer.

use minidump_unwind::FrameTrust;

use crate::files::{File, Files};
use crate::modules::Modules;
use crate::protocol::Note;
use crate::walk::Frame;

/// Why `frame` was not found by the unwind information of its `callee`'s module; `None` if it was.
pub(crate) fn note(
    frame: &Frame,
    callee: &Frame,
    files: &Files,
    modules: &Modules,
) -> Option<Note> {
    let how = match frame.trust {
        FrameTrust::FramePointer => "the frame pointer",
        FrameTrust::Scan | FrameTrust::CfiScan => "scanning the stack",
        _ => return None,
    };
    let Some(module) = callee.module else {
        let at = callee.instruction;
        return Some(Note {
            code: "no_module",
            message: format!("found by {how}: {at:#x} is in no module of the dump"),
        });
    };
    let image = modules.image(module);
    let name = image
        .code_file
        .as_deref()
        .unwrap_or("a module without a name");
    let (code, why) = match files.asked_unwind(module) {
        None => return None,
        Some(File::Missing) => {
            let id = image.debug_id.as_ref().or(image.code_id.as_ref());
            let id = id.map_or_else(String::new, |id| {
                format!("; a file with id {id} would have it")
            });
            (
                "cfi_missing",
                format!("no unwind information for {name}{id}"),
            )
        }
        Some(File::Unusable(error)) => (
            "cfi_unusable",
            format!("the unwind table of {name} cannot be read: {error}"),
        ),
        Some(File::Ready(table)) if table.is_empty() => (
            "cfi_empty",
            format!("the file found for {name} has no unwind information; it was stripped of it"),
        ),
        Some(File::Ready(table)) => {
            let rva = callee.instruction.saturating_sub(image.image_addr.0);
            if table.covers(rva) {
                (
                    "cfi_failed",
                    format!("the unwind rules of {name} at {rva:#x} lead to no readable memory"),
                )
            } else {
                (
                    "cfi_gap",
                    format!("the unwind information of {name} leaves out {rva:#x}"),
                )
            }
        }
    };
    Some(Note {
        code,
        message: format!("found by {how}: {why}"),
    })
}
