//! Dumps made of parts, and a server that answers from memory.
#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::HashMap;

use framewright_core::bytes::SharedBytes;
use framewright_core::object::build_object_table;
use framewright_core::symcache_build::TableOptions;
use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_crash::protocol::{Done, Failure, Need, Request, RewriteRule, What};
use framewright_crash::{Server, process};
use minidump_synth::{
    DumpString, Exception, Memory, Module, SynthMinidump, SystemInfo, Thread, ThreadName,
};
use test_assembler::{Endian, Section};

pub const LE: Endian = Endian::Little;
/// Where stacks of test threads start.
pub const STACK: u64 = 0x7fff_0000_0000;
/// Where the first module is, of 64 KiB.
pub const CODE: u64 = 0x40_0000;

/// Registers of an x86-64 thread.
#[derive(Clone, Copy, Default)]
pub struct Registers {
    pub rip: u64,
    pub rsp: u64,
    pub rbp: u64,
}

/// A context record of Windows' layout, as all dump writers use it.
pub fn amd64_context(registers: Registers) -> Section {
    let mut bytes = vec![0; 1232];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0x30, &0x10_001fu32.to_le_bytes());
    put(0x98, &registers.rsp.to_le_bytes());
    put(0xa0, &registers.rbp.to_le_bytes());
    put(0xf8, &registers.rip.to_le_bytes());
    Section::with_endian(LE).append_bytes(&bytes)
}

/// Words on a stack.
pub fn stack(words: &[u64]) -> Section {
    words
        .iter()
        .fold(Section::with_endian(LE), |section, word| section.D64(*word))
}

/// Parts of a Linux dump.
pub struct Dump(SynthMinidump);

impl Dump {
    pub fn linux() -> Dump {
        let system = SystemInfo::new(LE)
            .set_processor_architecture(9)
            .set_platform_id(0x8201);
        Dump(SynthMinidump::with_endian(LE).add_system_info(system))
    }

    pub fn windows_x86() -> Dump {
        let system = SystemInfo::new(LE)
            .set_processor_architecture(0)
            .set_platform_id(2);
        Dump(SynthMinidump::with_endian(LE).add_system_info(system))
    }

    pub fn with(self, change: impl FnOnce(SynthMinidump) -> SynthMinidump) -> Dump {
        Dump(change(self.0))
    }

    /// A thread with these registers and a stack that starts at `at`.
    pub fn thread(self, id: u32, registers: Registers, at: u64, words: &[u64]) -> Dump {
        self.thread_with(id, amd64_context(registers), at, stack(words))
    }

    pub fn thread_with(self, id: u32, context: Section, at: u64, memory: Section) -> Dump {
        let memory = Memory::with_section(memory, at);
        let thread = Thread::new(LE, id, &memory, &context);
        self.with(|dump| dump.add_thread(thread).add(context).add_memory(memory))
    }

    pub fn thread_name(self, id: u32, name: &str) -> Dump {
        let text = DumpString::new(name, LE);
        let name = ThreadName::new(LE, id, Some(&text));
        self.with(|dump| dump.add_thread_name(name).add(text))
    }

    /// A module of 64 KiB, with a build id of twenty times `id` or, for 0, without one.
    pub fn module(self, base: u64, path: &str, id: u8) -> Dump {
        let name = DumpString::new(path, LE);
        let mut module = Module::new(LE, base, 0x1_0000, &name, 0, 0, None);
        let record = Section::with_endian(LE)
            .D32(0x4270_454c)
            .append_bytes(&[id; 20]);
        if id != 0 {
            module = module.cv_record(&record);
        }
        self.with(|dump| dump.add_module(module).add(name).add(record))
    }

    /// A Linux SIGSEGV in a thread, at an address.
    pub fn crash(self, thread_id: u32, address: u64) -> Dump {
        let mut exception = Exception::new(LE);
        exception.thread_id = thread_id;
        exception.exception_record.exception_code = 11;
        exception.exception_record.exception_flags = 1;
        exception.exception_record.exception_address = address;
        self.with(|dump| dump.add_exception(exception))
    }

    pub fn stream(self, kind: u32, section: Section) -> Dump {
        self.with(|dump| {
            dump.add_stream(minidump_synth::SimpleStream {
                stream_type: kind,
                section,
            })
        })
    }

    pub fn bytes(self) -> Vec<u8> {
        self.0.finish().expect("all labels of the dump are set")
    }
}

/// Files by what they are and the path of the code they are of.
#[derive(Default)]
pub struct Files {
    files: HashMap<(What, String), SharedBytes>,
    pub asked: Vec<Need>,
    pub rounds: usize,
}

impl Files {
    /// Unwind information as Breakpad's text.
    pub fn unwind(mut self, code_file: &str, records: &str) -> Files {
        let object = format!("MODULE Linux x86_64 {} x\n{records}", "0".repeat(33));
        let limits = UnwindLimits {
            max_bytes: 1 << 20,
            max_chain: 128,
        };
        let table = build_unwind_table(object.as_bytes(), limits).unwrap();
        self.insert(What::Unwind, code_file, table.to_vec());
        self
    }

    /// Functions as Breakpad's text.
    pub fn symbols(mut self, code_file: &str, records: &str) -> Files {
        let object = format!("MODULE Linux x86_64 {} x\n{records}", "0".repeat(33));
        let table = build_object_table(object.as_bytes(), &TableOptions::default()).unwrap();
        self.insert(What::Symbols, code_file, table.to_vec());
        self
    }

    /// The same as a file that has no table yet.
    pub fn symbol_file(mut self, code_file: &str, records: &str) -> Files {
        let object = format!("MODULE Linux x86_64 {} x\n{records}", "0".repeat(33));
        self.insert(What::Symbols, code_file, object.into_bytes());
        self
    }

    pub fn insert(&mut self, what: What, code_file: &str, bytes: Vec<u8>) {
        self.files
            .insert((what, code_file.to_owned()), SharedBytes::new(bytes));
    }

    /// All files, by what they are and the path of their code.
    pub fn into_files(self) -> impl Iterator<Item = ((What, String), SharedBytes)> {
        self.files.into_iter()
    }

    /// Numbers of the modules that one kind of file was asked for, in the order of asking.
    pub fn asked(&self, what: What) -> Vec<usize> {
        let asked = self.asked.iter().filter(|need| need.what == what);
        asked.map(|need| need.module).collect()
    }
}

impl Server for Files {
    fn ask(&mut self, needs: Vec<Need>) -> Result<Vec<Option<SharedBytes>>, Failure> {
        self.rounds += 1;
        let answer = needs
            .iter()
            .map(|need| {
                let code_file = need.image.code_file.clone().unwrap_or_default();
                self.files.get(&(need.what, code_file)).cloned()
            })
            .collect();
        self.asked.extend(needs);
        Ok(answer)
    }
}

pub fn request() -> Request {
    Request {
        dump: String::new(),
        max_frames: 256,
        extended: false,
        rewrite_first_module: Vec::new(),
        memory_budget_bytes: 256 << 20,
    }
}

pub fn rule(from: &str, to: &str) -> RewriteRule {
    RewriteRule {
        from: from.to_owned(),
        to: to.to_owned(),
    }
}

pub fn run(dump: Dump, files: &mut Files) -> Done {
    run_with(dump, files, &request())
}

pub fn run_with(dump: Dump, files: &mut Files, request: &Request) -> Done {
    process(&SharedBytes::new(dump.bytes()), request, files).unwrap()
}

/// Address and trust of each frame of a thread.
pub fn frames(done: &Done, thread: usize) -> Vec<(u64, &'static str)> {
    let frames = done.threads[thread].frames.iter();
    frames
        .map(|frame| (frame.instruction_addr.0, frame.trust))
        .collect()
}
