//! From a dump to the answer.

use std::collections::BTreeMap;

use framewright_core::bytes::SharedBytes;
use minidump::system_info::{Cpu, Os};
use minidump::{
    Minidump, MinidumpAssertion, MinidumpBreakpadInfo, MinidumpException, MinidumpMiscInfo,
    MinidumpModuleList, MinidumpSystemInfo, MinidumpThread, MinidumpThreadList,
    MinidumpThreadNames, UnifiedMemoryList,
};
use minidump_unwind::{FrameTrust, SystemInfo as WalkerSystem};

use crate::client_stacks::{self, ClientStacks};
use crate::extended;
use crate::files::{Files, Supplier};
use crate::modules::Modules;
use crate::notes::note;
use crate::protocol::{
    Cut, Done, Failure, FailureCode, FrameRow, Hex, MAX_FRAME_BYTES, Need, Request, SystemInfo,
    ThreadRow, What,
};
use crate::provider::Provider;
use crate::walk::{Frame, Start, Walked, Walker};

/// Threads that are walked side by side. Each costs some kilobytes for each frame while it walks.
const BATCH_THREADS: usize = 256;

/// Bytes of JSON that a thread costs without its frames, and a frame without its texts. Estimates from
/// above; what they bound is the size of the answer.
const THREAD_COST: usize = 1024;
const FRAME_COST: usize = 256;

/// Asks the server for files.
pub trait Server {
    /// The bytes of each file of `needs`, in their order; `None` for one that is not to be had.
    ///
    /// # Errors
    /// When the server breaks the agreement.
    fn ask(&mut self, needs: Vec<Need>) -> Result<Vec<Option<SharedBytes>>, Failure>;
}

/// Walks the stacks of the dump in `data`.
///
/// # Errors
/// [`FailureCode::Malformed`] for a file that is no dump or lacks its system information or its list of
/// threads; [`FailureCode::Unsupported`] for a rewrite rule that cannot be used; what `server` fails
/// with.
pub fn process(
    data: &SharedBytes,
    request: &Request,
    server: &mut dyn Server,
) -> Result<Done, Failure> {
    let dump = Minidump::read(data.clone()).map_err(malformed)?;
    let streams = Streams::read(&dump)?;
    let modules = Modules::new(
        &streams.modules,
        streams.system.os,
        &request.rewrite_first_module,
    )?;
    let files = Files::default();
    let mut cuts = Vec::new();
    let threads = {
        let mut supplier = ModuleSupplier {
            modules: &modules,
            server,
        };
        streams.threads(request, &files, &modules, &mut supplier, &mut cuts)?
    };
    let requesting_thread = threads
        .iter()
        .position(|thread| thread.is_requesting == Some(true));
    let extended = if request.extended {
        Some(extended::extended(
            &dump,
            data,
            request.memory_budget_bytes,
            &mut cuts,
        ))
    } else {
        None
    };
    Ok(Done {
        timestamp: dump.header.time_date_stamp,
        system_info: streams.system_info(),
        crashed: streams.exception.is_some(),
        crash_reason: streams.crash_reason(),
        assertion: assertion(&dump),
        requesting_thread,
        modules: modules.rows(&files),
        threads,
        cuts,
        extended,
    })
}

/// A dump with an owner.
pub(crate) type Dump = Minidump<'static, SharedBytes>;

fn malformed(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureCode::Malformed, error.to_string())
}

/// The streams that walking needs.
struct Streams<'a> {
    dump: &'a Dump,
    system: MinidumpSystemInfo,
    misc: Option<MinidumpMiscInfo>,
    modules: MinidumpModuleList,
    thread_list: MinidumpThreadList<'a>,
    thread_names: MinidumpThreadNames,
    memory: UnifiedMemoryList<'a>,
    exception: Option<MinidumpException<'a>>,
    breakpad: Option<MinidumpBreakpadInfo>,
}

impl<'a> Streams<'a> {
    fn read(dump: &'a Dump) -> Result<Streams<'a>, Failure> {
        Ok(Streams {
            dump,
            system: dump.get_stream().map_err(malformed)?,
            misc: dump.get_stream().ok(),
            modules: dump.get_stream().unwrap_or_default(),
            thread_list: dump
                .get_stream()
                .map_err(|_| malformed("The thread list stream was not found"))?,
            thread_names: dump.get_stream().unwrap_or_default(),
            memory: dump.get_memory().unwrap_or_default(),
            exception: dump.get_stream().ok(),
            breakpad: dump.get_stream().ok(),
        })
    }

    fn system_info(&self) -> SystemInfo {
        let (os_version, os_build) = self.system.os_parts();
        SystemInfo {
            os_name: match self.system.os {
                Os::Windows => "Windows",
                Os::MacOs => "macOS",
                Os::Ios => "iOS",
                Os::Linux => "Linux",
                Os::Solaris => "Solaris",
                Os::Android => "Android",
                Os::Ps3 => "PS3",
                Os::NaCl => "NaCl",
                Os::Unknown(_) => "",
            },
            os_version,
            os_build: os_build.unwrap_or_default(),
            cpu_arch: match self.system.cpu {
                Cpu::X86 => "x86",
                Cpu::X86_64 => "x86_64",
                Cpu::Ppc => "ppc",
                Cpu::Ppc64 => "ppc64",
                Cpu::Arm => "arm",
                Cpu::Arm64 => "arm64",
                Cpu::Mips => "mips",
                Cpu::Mips64 => "mips64",
                _ => "",
            },
            device_model: "",
        }
    }

    fn crash_reason(&self) -> String {
        let (os, cpu) = (self.system.os, self.system.cpu);
        self.exception
            .as_ref()
            .map_or_else(String::new, |exception| {
                let reason = exception.get_crash_reason(os, cpu);
                format!("{reason} / {:#x}", exception.get_crash_address(os, cpu))
            })
    }

    /// The number of the thread that crashed, else of the one that asked for the dump.
    fn requesting_id(&self) -> Option<u32> {
        let crashing = self.exception.as_ref().map(|e| e.get_crashing_thread_id());
        crashing.or(self
            .breakpad
            .as_ref()
            .and_then(|info| info.requesting_thread_id))
    }

    fn dump_writer_id(&self) -> Option<u32> {
        self.breakpad.as_ref().and_then(|info| info.dump_thread_id)
    }

    /// Walks all threads, the requesting one first, as long as the answer stays within the budget.
    fn threads(
        &self,
        request: &Request,
        files: &Files,
        modules: &Modules,
        supplier: &mut dyn Supplier,
        cuts: &mut Vec<Cut>,
    ) -> Result<Vec<ThreadRow>, Failure> {
        let raw = &self.thread_list.threads;
        let (requesting_id, writer_id) = (self.requesting_id(), self.dump_writer_id());
        // Where several threads have one number, the last is meant.
        let requesting = raw.iter().rposition(|thread| {
            let id = Some(thread.raw.thread_id);
            id == requesting_id && id != writer_id
        });
        let client_stacks = self.client_stacks();
        let system = self.walker_system();
        let provider = Provider::new(files, &self.modules);
        let walker = Walker {
            modules: &self.modules,
            system: &system,
            files,
            provider: &provider,
            max_frames: request.max_frames,
        };
        let order: Vec<usize> = requesting
            .into_iter()
            .chain((0..raw.len()).filter(|index| Some(*index) != requesting))
            .collect();
        let mut budget =
            (request.memory_budget_bytes / 4).min(u64::from(MAX_FRAME_BYTES) / 2) as usize;
        let mut rows = BTreeMap::new();
        'batches: for batch in order.chunks(BATCH_THREADS) {
            let starts: Vec<_> = batch
                .iter()
                .map(|index| self.start(&raw[*index], Some(*index) == requesting))
                .collect();
            let registers: Vec<_> = starts.iter().map(registers).collect();
            let there: Vec<_> = starts.iter().map(Option::is_some).collect();
            let mut walked = walker
                .walk(starts.into_iter().flatten().collect(), supplier)?
                .into_iter();
            for ((index, there), registers) in batch.iter().zip(there).zip(registers) {
                let id = raw[*index].raw.thread_id;
                let walked = there.then(|| walked.next()).flatten();
                let mut cut = walked.as_ref().is_some_and(|walked| walked.cut);
                let mut frames =
                    walked.map_or_else(Vec::new, |walked| frame_rows(&walked, files, modules));
                if let Some(stacks) = &client_stacks {
                    let mut client = prewalked(stacks, id);
                    if !client.is_empty() {
                        cut = client.len() > request.max_frames;
                        client.truncate(request.max_frames);
                        frames = client;
                    }
                }
                let row = ThreadRow {
                    thread_id: id,
                    thread_name: self
                        .thread_names
                        .get_name(id)
                        .filter(|_| Some(id) != writer_id)
                        .map(|name| name.into_owned()),
                    is_requesting: requesting.map(|requesting| requesting == *index),
                    registers,
                    frames,
                };
                match budget.checked_sub(cost(&row)) {
                    Some(left) => budget = left,
                    None => break 'batches,
                }
                rows.insert(*index, (row, cut));
            }
        }
        if rows.len() < raw.len() {
            cuts.push(Cut {
                what: "threads",
                kept: rows.len(),
                of: Some(raw.len()),
                thread: None,
            });
        }
        let mut threads = Vec::with_capacity(rows.len());
        for (row, cut) in rows.into_values() {
            if cut {
                cuts.push(Cut {
                    what: "frames",
                    kept: row.frames.len(),
                    of: None,
                    thread: Some(threads.len()),
                });
            }
            threads.push(row);
        }
        Ok(threads)
    }

    /// Where the walk of a thread starts; `None` for the one that wrote the dump and for one without
    /// registers.
    fn start<'b>(&'b self, thread: &'b MinidumpThread<'a>, requesting: bool) -> Option<Start<'b>> {
        if Some(thread.raw.thread_id) == self.dump_writer_id() {
            return None;
        }
        let misc = self.misc.as_ref();
        let of_exception = self
            .exception
            .as_ref()
            .filter(|_| requesting)
            .and_then(|exception| exception.context(&self.system, misc));
        let context = of_exception.or_else(|| thread.context(&self.system, misc))?;
        let context = context.into_owned();
        // The exception's stack may be another one than the thread's: the stack pointer decides.
        let stack_pointer = context.get_stack_pointer();
        let own = thread.stack_memory(&self.memory);
        let memory = own
            .filter(|memory| memory.get_memory_at_address::<u64>(stack_pointer).is_some())
            .or_else(|| self.memory.memory_at_address(stack_pointer))
            .or(own);
        Some(Start { context, memory })
    }

    fn walker_system(&self) -> WalkerSystem {
        let (os_version, os_build) = self.system.os_parts();
        WalkerSystem {
            os: self.system.os,
            os_version: Some(os_version),
            os_build,
            cpu: self.system.cpu,
            cpu_info: None,
            cpu_microcode_version: None,
            cpu_count: self.system.raw.number_of_processors.into(),
        }
    }

    /// The stacks of the client's own stream; one that cannot be read is as good as none.
    fn client_stacks(&self) -> Option<ClientStacks<'_>> {
        let stream = self.dump.get_raw_stream(client_stacks::STREAM_TYPE).ok()?;
        ClientStacks::read(stream)
            .inspect_err(|what| eprintln!("ignored a stream of client stacks: {what}"))
            .ok()
    }
}

/// Puts images to the needs of a walk.
struct ModuleSupplier<'a> {
    modules: &'a Modules,
    server: &'a mut dyn Server,
}

impl Supplier for ModuleSupplier<'_> {
    fn supply(&mut self, needs: &[(usize, What)]) -> Result<Vec<Option<SharedBytes>>, Failure> {
        let needs = needs
            .iter()
            .map(|(module, what)| self.modules.need(*module, *what))
            .collect();
        self.server.ask(needs)
    }
}

fn registers(start: &Option<Start<'_>>) -> BTreeMap<&'static str, Hex> {
    start
        .iter()
        .flat_map(|start| start.context.valid_registers())
        .map(|(name, value)| (name, Hex(value)))
        .collect()
}

fn frame_rows(walked: &Walked, files: &Files, modules: &Modules) -> Vec<FrameRow> {
    let mut callee = None;
    walked
        .frames
        .iter()
        .map(|frame| {
            let row = FrameRow {
                instruction_addr: Hex(frame.resume),
                package: frame
                    .module
                    .and_then(|module| modules.package(module))
                    .map(str::to_owned),
                trust: trust_name(frame),
                function: None,
                module: frame.module,
                note: callee.and_then(|callee| note(frame, callee, files, modules)),
            };
            callee = Some(frame);
            row
        })
        .collect()
}

fn trust_name(frame: &Frame) -> &'static str {
    match frame.trust {
        FrameTrust::Context => "context",
        FrameTrust::CallFrameInfo => "cfi",
        FrameTrust::CfiScan => "cfiscan",
        FrameTrust::FramePointer => "fp",
        FrameTrust::Scan => "scan",
        FrameTrust::PreWalked => "prewalked",
        FrameTrust::None => "none",
    }
}

fn prewalked(stacks: &ClientStacks<'_>, thread: u32) -> Vec<FrameRow> {
    stacks
        .frames_of(thread)
        .map(|frame| FrameRow {
            instruction_addr: Hex(frame.address),
            package: None,
            trust: "prewalked",
            function: Some(String::from_utf8_lossy(frame.symbol).into_owned()),
            module: None,
            note: None,
        })
        .collect()
}

fn cost(row: &ThreadRow) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let frames: usize = row
        .frames
        .iter()
        .map(|frame| {
            let note = frame.note.as_ref().map_or(0, |note| note.message.len());
            FRAME_COST + text(&frame.package) + text(&frame.function) + note
        })
        .sum();
    THREAD_COST + text(&row.thread_name) + frames
}

fn assertion(dump: &Dump) -> String {
    dump.get_stream::<MinidumpAssertion>()
        .ok()
        .and_then(|assertion| assertion.expression())
        .unwrap_or_default()
}
