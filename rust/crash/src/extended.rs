//! What a dump tells besides stacks.
//!
//! Every part is there only if the dump has it. Lists and texts share one budget; what does not fit is told as a
//! [`Cut`]. The environment of the process is left out on purpose: it is where secrets are.

use std::collections::BTreeMap;

use minidump::{
    MinidumpCrashpadInfo, MinidumpException, MinidumpHandleDataStream, MinidumpLinuxLsbRelease,
    MinidumpLinuxMaps, MinidumpLinuxProcLimits, MinidumpLinuxProcStatus, MinidumpMacBootargs,
    MinidumpMacCrashInfo, MinidumpMemoryInfoList, MinidumpMiscInfo, MinidumpSoftErrors,
    MinidumpStream, MinidumpSystemInfo, MinidumpThreadList, MinidumpUnloadedModuleList, Module,
    UnifiedMemoryInfo, UnifiedMemoryInfoList,
};
use serde_json::{Map, Value, json};

use crate::crash_site;
use crate::process::Dump;
use crate::protocol::{Cut, Hex};

/// Bytes of JSON that all lists and texts may have together.
const BUDGET_BYTES: usize = 8 << 20;

/// Addresses below this are taken for null with an offset: no system maps the first 64 KiB.
const NULL_LIKE: u64 = 0x1_0000;

/// Bytes that an address may lie below a mapping to be told of it: a guard and a large frame.
const NEAR_BYTES: u64 = 64 << 10;

/// Bytes that a mapping without permissions may have to be taken for a guard.
const MAX_GUARD_BYTES: u64 = 32 << 10;

/// All of it. `memory_budget` bounds what may be copied to look at the crash.
pub(crate) fn extended(dump: &Dump, data: &[u8], memory_budget: u64, cuts: &mut Vec<Cut>) -> Value {
    let mut budget = Budget {
        left: BUDGET_BYTES,
        cuts,
    };
    let memory = UnifiedMemoryInfoList::new(
        dump.get_stream::<MinidumpMemoryInfoList>().ok(),
        dump.get_stream::<MinidumpLinuxMaps>().ok(),
    )
    .unwrap_or_default();
    let parts = [
        ("exception", exception(dump)),
        (
            "crash_site",
            crash_site::crash_site(dump, data, memory_budget, budget.cuts),
        ),
        ("memory", memory_around(dump, &memory)),
        ("process", process(dump)),
        ("unloaded_modules", unloaded_modules(dump, &mut budget)),
        ("crashpad", crashpad(dump, &mut budget)),
        ("linux", linux(dump, &mut budget)),
        ("mac", mac(dump, &mut budget)),
        ("last_errors", last_errors(dump, &mut budget)),
        ("handles", handles(dump, &mut budget)),
        ("soft_errors", soft_errors(dump, &mut budget)),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(name, part)| Some((name.to_owned(), part?)));
    Value::Object(parts.collect())
}

/// Counts the bytes of what is taken.
struct Budget<'a> {
    left: usize,
    cuts: &'a mut Vec<Cut>,
}

impl Budget<'_> {
    /// As many of `rows` as fit; `None` if there are none at all.
    fn list(&mut self, what: &'static str, rows: impl Iterator<Item = Value>) -> Option<Value> {
        let (mut taken, mut count) = (Vec::new(), 0);
        for row in rows {
            count += 1;
            let bytes = row.to_string().len();
            if taken.len() + 1 == count && bytes <= self.left {
                self.left -= bytes;
                taken.push(row);
            }
        }
        if taken.len() < count {
            self.cuts.push(Cut {
                what,
                kept: taken.len(),
                of: Some(count),
                thread: None,
            });
        }
        (count > 0).then_some(Value::Array(taken))
    }

    /// As [`list`](Self::list), for pairs of a key and a text.
    fn pairs<K: Into<String>, V: Into<String>>(
        &mut self,
        what: &'static str,
        pairs: impl Iterator<Item = (K, V)>,
    ) -> Option<Value> {
        let rows = pairs.map(|(key, value)| json!([key.into(), value.into()]));
        let Some(Value::Array(rows)) = self.list(what, rows) else {
            return None;
        };
        let pairs = rows.into_iter().filter_map(|mut row| {
            let value = row.get_mut(1)?.take();
            Some((row.get(0)?.as_str()?.to_owned(), value))
        });
        Some(Value::Object(pairs.collect()))
    }
}

fn hex(value: u64) -> Value {
    json!(Hex(value))
}

fn exception(dump: &Dump) -> Option<Value> {
    let exception: MinidumpException<'_> = dump.get_stream().ok()?;
    let record = &exception.raw.exception_record;
    let parameters = (record.number_parameters as usize).min(record.exception_information.len());
    let parameters: Vec<_> = record.exception_information[..parameters]
        .iter()
        .map(|parameter| hex(*parameter))
        .collect();
    Some(json!({
        "code": hex(record.exception_code.into()),
        "flags": hex(record.exception_flags.into()),
        "address": hex(record.exception_address),
        "thread_id": exception.thread_id,
        "parameters": parameters,
    }))
}

/// What lies at the addresses that the crash is about.
fn memory_around(dump: &Dump, memory: &UnifiedMemoryInfoList<'_>) -> Option<Value> {
    let exception: MinidumpException<'_> = dump.get_stream().ok()?;
    let system: MinidumpSystemInfo = dump.get_stream().ok()?;
    let context = exception.context(&system, dump.get_stream::<MinidumpMiscInfo>().ok().as_ref());
    let known = memory.iter().next().is_some();
    let crash = exception.get_crash_address(system.os, system.cpu);
    let mut rows = vec![memory_at("crash_address", crash, known, memory, dump)];
    if let Some(context) = context {
        let (code, stack) = (
            context.get_instruction_pointer(),
            context.get_stack_pointer(),
        );
        rows.push(memory_at("instruction", code, known, memory, dump));
        rows.push(memory_at("stack_pointer", stack, known, memory, dump));
    }
    Some(rows.into())
}

fn memory_at(
    of: &str,
    address: u64,
    known: bool,
    memory: &UnifiedMemoryInfoList<'_>,
    dump: &Dump,
) -> Value {
    let mut row = Map::new();
    row.insert("of".into(), of.into());
    row.insert("address".into(), hex(address));
    row.insert("null_like".into(), (address < NULL_LIKE).into());
    let region = memory.memory_info_at_address(address);
    if known {
        row.insert("mapped".into(), region.is_some().into());
    }
    if known && region.is_none() {
        row.extend(mapping_above(dump, memory, address));
    }
    if let Some(region) = region {
        let range = region.memory_range();
        let (start, last) = range.map_or((address, address), |range| (range.start, range.end));
        row.insert("start".into(), hex(start));
        row.insert("end".into(), hex(last.saturating_add(1)));
        row.insert("permissions".into(), permissions(&region).into());
        row.insert(
            "guard".into(),
            is_guard(&region, start, last, memory).into(),
        );
        if let Some(name) = mapping_name(dump, start) {
            row.insert("name".into(), name.into());
        }
    }
    row.into()
}

/// The mapping that an address lies closely below, which tells a stack that overflowed.
fn mapping_above(
    dump: &Dump,
    memory: &UnifiedMemoryInfoList<'_>,
    address: u64,
) -> Option<(String, Value)> {
    let start = memory
        .by_addr()
        .filter_map(|region| region.memory_range())
        .map(|range| range.start)
        .find(|start| *start > address)?;
    let distance = start - address;
    let above = json!({
        "start": Hex(start),
        "distance": distance,
        "name": mapping_name(dump, start),
    });
    (distance <= NEAR_BYTES).then(|| ("mapping_above".to_owned(), above))
}

fn permissions(region: &UnifiedMemoryInfo<'_>) -> String {
    let flags = [
        (region.is_readable(), 'r'),
        (region.is_writable(), 'w'),
        (region.is_executable(), 'x'),
    ];
    flags
        .map(|(has, flag)| if has { flag } else { '-' })
        .iter()
        .collect()
}

/// A small mapping without permissions beside one that has some, or what Windows calls a guard.
fn is_guard(
    region: &UnifiedMemoryInfo<'_>,
    start: u64,
    last: u64,
    memory: &UnifiedMemoryInfoList<'_>,
) -> bool {
    if let UnifiedMemoryInfo::Info(info) = region
        && info
            .protection
            .contains(minidump::format::MemoryProtection::PAGE_GUARD)
    {
        return true;
    }
    let usable = |region: &UnifiedMemoryInfo<'_>| {
        region.is_readable() || region.is_writable() || region.is_executable()
    };
    let neighbour = |address: Option<u64>| {
        address
            .and_then(|address| memory.memory_info_at_address(address))
            .is_some_and(|region| usable(&region))
    };
    !usable(region)
        && last - start < MAX_GUARD_BYTES
        && (neighbour(last.checked_add(1)) || neighbour(start.checked_sub(1)))
}

/// The path or name of the Linux mapping that starts at `start`.
fn mapping_name(dump: &Dump, start: u64) -> Option<String> {
    let prefix = format!("{start:x}-");
    map_lines(dump)
        .find(|line| line.trim_start_matches('0').starts_with(&prefix))
        .and_then(|line| line.split_whitespace().nth(5).map(str::to_owned))
}

fn map_lines(dump: &Dump) -> impl Iterator<Item = String> + '_ {
    let stream = minidump::format::MINIDUMP_STREAM_TYPE::LinuxMaps as u32;
    dump.get_raw_stream(stream)
        .unwrap_or_default()
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| String::from_utf8_lossy(line).into_owned())
}

fn process(dump: &Dump) -> Option<Value> {
    let misc: MinidumpMiscInfo = dump.get_stream().ok()?;
    let created = misc
        .process_create_time()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .map(|since| since.as_secs());
    Some(json!({ "id": misc.raw.process_id(), "created": created }))
}

fn unloaded_modules(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    let modules: MinidumpUnloadedModuleList = dump.get_stream().ok()?;
    let rows = modules.by_addr().map(|module| {
        json!({
            "code_file": module.code_file(),
            "code_id": module.code_identifier().map(|id| id.to_string()),
            "image_addr": hex(module.base_address()),
            "image_size": module.size(),
        })
    });
    budget.list("unloaded_modules", rows)
}

fn crashpad(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    let info: MinidumpCrashpadInfo = dump.get_stream().ok()?;
    let simple = budget.pairs("crashpad_annotations", info.simple_annotations.iter());
    let modules = info.module_list.iter().map(|module| {
        let objects: BTreeMap<_, _> = module
            .annotation_objects
            .iter()
            .filter_map(|(name, value)| match value {
                minidump::MinidumpAnnotation::String(text) => Some((name, text)),
                _ => None,
            })
            .collect();
        json!({
            "module_index": module.module_index,
            "list": module.list_annotations,
            "simple": module.simple_annotations,
            "objects": objects,
        })
    });
    let modules = budget.list("crashpad_modules", modules);
    Some(json!({
        "report_id": info.raw.report_id.to_string(),
        "client_id": info.raw.client_id.to_string(),
        "annotations": simple,
        "modules": modules,
    }))
}

fn linux(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    let text = |os: &minidump::strings::LinuxOsStr| os.to_string_lossy().into_owned();
    let release = dump.get_stream::<MinidumpLinuxLsbRelease<'_>>().ok();
    let status = dump.get_stream::<MinidumpLinuxProcStatus<'_>>().ok();
    let limits = dump.get_stream::<MinidumpLinuxProcLimits<'_>>().ok();
    let parts = [
        (
            "release",
            release.and_then(|part| {
                budget.pairs(
                    "linux_release",
                    part.iter().map(|(k, v)| (text(k), text(v))),
                )
            }),
        ),
        (
            "status",
            status.and_then(|part| {
                budget.pairs("linux_status", part.iter().map(|(k, v)| (text(k), text(v))))
            }),
        ),
        (
            "limits",
            limits.and_then(|part| {
                budget.list("linux_limits", part.iter().map(|line| text(line).into()))
            }),
        ),
        (
            "maps",
            budget.list("linux_maps", map_lines(dump).map(Value::from)),
        ),
    ];
    let parts: Map<String, Value> = parts
        .into_iter()
        .filter_map(|(name, part)| Some((name.to_owned(), part?)))
        .collect();
    (!parts.is_empty()).then(|| parts.into())
}

fn mac(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    let boot_args = dump
        .get_stream::<MinidumpMacBootargs>()
        .ok()
        .and_then(|args| args.bootargs);
    let crash_info = dump
        .get_stream::<MinidumpMacCrashInfo>()
        .ok()
        .and_then(|info| {
            let rows = info.raw.iter().map(|record| {
                json!({
                    "module": record.module_path(),
                    "message": record.message(),
                    "message2": record.message2(),
                    "signature": record.signature_string(),
                    "backtrace": record.backtrace(),
                })
            });
            budget.list("mac_crash_info", rows)
        });
    (boot_args.is_some() || crash_info.is_some())
        .then(|| json!({ "boot_args": boot_args, "crash_info": crash_info }))
}

/// Size of the first form of `MINIDUMP_HANDLE_DESCRIPTOR`.
const HANDLE_DESCRIPTOR_BYTES: usize = 32;

/// The last error of each thread of a Windows process.
fn last_errors(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    let system: MinidumpSystemInfo = dump.get_stream().ok()?;
    if system.os != minidump::system_info::Os::Windows {
        return None;
    }
    let threads: MinidumpThreadList<'_> = dump.get_stream().ok()?;
    let memory = dump.get_memory().unwrap_or_default();
    let rows = threads.threads.iter().filter_map(|thread| {
        let error = thread.last_error(system.cpu, &memory)?;
        Some(json!({ "thread_id": thread.raw.thread_id, "error": error.to_string() }))
    });
    budget.list("last_errors", rows)
}

fn handles(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    // The reader makes room for as many as the stream says, which nothing bounds where they have no size.
    let stream = dump.get_raw_stream(MinidumpHandleDataStream::STREAM_TYPE);
    let size = *stream.ok()?.get(4..)?.first_chunk::<4>()?;
    let size = match dump.endian.is_little() {
        true => u32::from_le_bytes(size),
        false => u32::from_be_bytes(size),
    };
    if (size as usize) < HANDLE_DESCRIPTOR_BYTES {
        return None;
    }
    let handles: MinidumpHandleDataStream = dump.get_stream().ok()?;
    let rows = handles.iter().map(|handle| {
        json!({
            "handle": handle.raw.handle().map(|handle| hex(*handle)),
            "type": handle.type_name,
            "object": handle.object_name,
        })
    });
    budget.list("handles", rows)
}

/// What the writer of the dump could not do.
fn soft_errors(dump: &Dump, budget: &mut Budget<'_>) -> Option<Value> {
    let errors: MinidumpSoftErrors<'_> = dump.get_stream().ok()?;
    let value: Value = serde_json::from_str(errors.as_ref()).ok()?;
    let rows = match value {
        Value::Array(rows) => rows,
        row => vec![row],
    };
    budget.list("soft_errors", rows.into_iter())
}
