//! The instruction that crashed, and what it did to memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use minidump::{
    Minidump, MinidumpContext, MinidumpException, MinidumpMiscInfo, MinidumpSystemInfo, Module,
};
use minidump_processor::{AdjustedAddress, ExceptionInfo, process_minidump};
use minidump_unwind::{
    FileError, FileKind, FillSymbolError, FrameSymbolizer, FrameWalker, SymbolProvider,
};
use serde_json::{Map, Value, json};

use crate::process::Dump;
use crate::protocol::{Cut, Hex};

/// Bytes of code that are told where no disassembler is at hand.
const CODE_BYTES: usize = 16;

/// What the crate's own analysis finds. It works on a copy of the dump without threads; a dump of more than
/// half of `memory_budget` is not looked at.
pub(crate) fn crash_site(
    dump: &Dump,
    data: &[u8],
    memory_budget: u64,
    cuts: &mut Vec<Cut>,
) -> Option<Value> {
    let exception: MinidumpException<'_> = dump.get_stream().ok()?;
    let system: MinidumpSystemInfo = dump.get_stream().ok()?;
    let misc: Option<MinidumpMiscInfo> = dump.get_stream().ok();
    let context = exception.context(&system, misc.as_ref())?;
    let mut site = Map::new();
    let at = context.get_instruction_pointer();
    site.insert("address".into(), json!(Hex(at)));
    if let Some(bytes) = code_at(dump, at) {
        site.insert("bytes".into(), bytes.into());
    }
    if data.len() as u64 > memory_budget / 2 {
        cuts.push(Cut {
            what: "crash_site",
            kept: 0,
            of: Some(1),
            thread: None,
        });
    } else if let Some(info) = analysed(data) {
        describe(&info, &context, &mut site);
    }
    Some(site.into())
}

fn code_at(dump: &Dump, address: u64) -> Option<String> {
    let memory = dump.get_memory()?;
    let memory = memory.memory_at_address(address)?;
    let offset = usize::try_from(address - memory.base_address()).ok()?;
    let code = memory.bytes().get(offset..)?;
    Some(
        code[..code.len().min(CODE_BYTES)]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    )
}

fn analysed(data: &[u8]) -> Option<ExceptionInfo> {
    let copy = without_threads(data)?;
    let mut processing = pin!(process_minidump(&copy, &Nothing));
    // Nothing is waited for without threads.
    match processing
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(Ok(state)) => state.exception_info,
        _ => None,
    }
}

fn describe(info: &ExceptionInfo, context: &MinidumpContext, site: &mut Map<String, Value>) {
    if let Some(text) = &info.instruction_str {
        site.insert("instruction".into(), text.as_str().into());
        site.insert("registers".into(), json!(registers_in(text, context)));
    }
    if let Some(list) = &info.memory_access_list {
        let rows: Vec<_> = list
            .iter()
            .map(|access| {
                json!({
                    "address": Hex(access.address_info.address),
                    "size": access.size,
                    "type": access.access_type.to_string(),
                    "null_like": access.address_info.is_likely_null_pointer_dereference,
                    "guard": access.address_info.is_likely_guard_page,
                })
            })
            .collect();
        site.insert("accesses".into(), rows.into());
    }
    let adjusted = match &info.adjusted_address {
        Some(AdjustedAddress::NonCanonical(address)) => Some(("non_canonical", address.0)),
        Some(AdjustedAddress::NullPointerWithOffset(offset)) => {
            Some(("null_with_offset", offset.0))
        }
        None => None,
    };
    if let Some((kind, value)) = adjusted {
        let adjusted = json!({ "kind": kind, "value": Hex(value) });
        site.insert("adjusted_address".into(), adjusted);
    }
    let flips: Vec<_> = info
        .possible_bit_flips
        .iter()
        .map(|flip| {
            json!({
                "address": Hex(flip.address.0),
                "register": flip.source_register,
                "confidence": flip.confidence,
            })
        })
        .collect();
    if !flips.is_empty() {
        site.insert("possible_bit_flips".into(), flips.into());
    }
    if !info.inconsistencies.is_empty() {
        let texts: Vec<_> = info
            .inconsistencies
            .iter()
            .map(ToString::to_string)
            .collect();
        site.insert("inconsistencies".into(), texts.into());
    }
}

/// The registers that an instruction names, by the names that the dump has for them.
fn registers_in(instruction: &str, context: &MinidumpContext) -> BTreeMap<&'static str, Hex> {
    let named: Vec<&str> = instruction
        .split(|c: char| !c.is_ascii_alphanumeric())
        .collect();
    context
        .valid_registers()
        .filter(|(register, _)| named.iter().any(|name| is_part_of(name, register)))
        .map(|(register, value)| (register, Hex(value)))
        .collect()
}

/// Whether a name stands for a register or a part of it: `eax`, `ax`, `al` of `rax`; `r8d` of `r8`.
fn is_part_of(name: &str, register: &str) -> bool {
    if name == register {
        return true;
    }
    let Some(core) = register.strip_prefix('r') else {
        return false;
    };
    if core.starts_with(|c: char| c.is_ascii_digit()) {
        return name
            .strip_prefix(register)
            .is_some_and(|width| matches!(width, "d" | "w" | "b"));
    }
    let core_of_name = name.strip_prefix('e').unwrap_or(name);
    let low = core.strip_suffix('x').unwrap_or(core);
    core_of_name == core
        || name.strip_suffix('l') == Some(low)
        || name.strip_suffix('h') == Some(low)
}

/// The dump as one without threads, of which the processor walks none, and without handles, whose reader
/// makes room for as many as they say they are.
fn without_threads(dump: &[u8]) -> Option<Minidump<'static, Vec<u8>>> {
    let mut bytes = dump.to_vec();
    let big_endian = bytes.get(..4)? == b"PMDM";
    let word = |bytes: &[u8], at: usize| {
        let word = bytes.get(at..)?.first_chunk().copied()?;
        Some(if big_endian {
            u32::from_be_bytes(word)
        } else {
            u32::from_le_bytes(word)
        })
    };
    let (streams, directory) = (word(&bytes, 8)?, word(&bytes, 12)? as usize);
    for entry in 0..streams as usize {
        let at = directory + entry * 12;
        let Some(kind) = word(&bytes, at) else { break };
        if kind == minidump::format::MINIDUMP_STREAM_TYPE::HandleDataStream as u32 {
            // The kind of an unused stream.
            bytes.get_mut(at..at + 4)?.fill(0);
        }
        if kind == minidump::format::MINIDUMP_STREAM_TYPE::ThreadListStream as u32 {
            let list = word(&bytes, at + 8)? as usize;
            bytes.get_mut(list..list + 4)?.fill(0);
            // The size of a list of none.
            let size = if big_endian {
                [0, 0, 0, 4]
            } else {
                [4, 0, 0, 0]
            };
            bytes.get_mut(at + 4..at + 8)?.copy_from_slice(&size);
        }
    }
    Minidump::read(bytes).ok()
}

/// Knows no symbols.
struct Nothing;

#[async_trait]
impl SymbolProvider for Nothing {
    async fn fill_symbol(
        &self,
        _module: &(dyn Module + Sync),
        _frame: &mut (dyn FrameSymbolizer + Send),
    ) -> Result<(), FillSymbolError> {
        Err(FillSymbolError {})
    }

    async fn walk_frame(
        &self,
        _module: &(dyn Module + Sync),
        _walker: &mut (dyn FrameWalker + Send),
    ) -> Option<()> {
        None
    }

    async fn get_file_path(
        &self,
        _module: &(dyn Module + Sync),
        _kind: FileKind,
    ) -> Result<PathBuf, FileError> {
        Err(FileError::NotFound)
    }
}
