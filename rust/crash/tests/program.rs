//! The program at the other end of its pipes.

mod support;

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use serde_json::{Value, json};
use support::{CODE, Dump, Registers, STACK};

struct Program {
    child: Child,
    to: Option<ChildStdin>,
    from: ChildStdout,
}

impl Program {
    fn start(options: &[&str]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_framewright-crash"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut program = Program {
            to: child.stdin.take(),
            from: child.stdout.take().unwrap(),
            child,
        };
        assert_eq!(program.hear()["hello"]["protocol"], 1);
        program
    }

    fn say_bytes(&mut self, bytes: &[u8]) {
        self.to.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn say(&mut self, message: &Value) {
        let text = message.to_string();
        self.say_bytes(&(text.len() as u32).to_le_bytes());
        self.say_bytes(text.as_bytes());
    }

    fn hear(&mut self) -> Value {
        let mut length = [0; 4];
        self.from.read_exact(&mut length).unwrap();
        let mut text = vec![0; u32::from_le_bytes(length) as usize];
        self.from.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// Ends the input; the exit status and what was on standard error.
    fn end(mut self) -> (ExitStatus, String) {
        drop(self.to.take());
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap(), log)
    }
}

/// A dump that needs one file.
fn dump_file() -> tempfile::NamedTempFile {
    let registers = Registers {
        rip: CODE + 0x1004,
        rsp: STACK,
        rbp: 0,
    };
    let dump = Dump::linux()
        .module(CODE, "/bin/app", 1)
        .thread(7, registers, STACK, &[0; 8]);
    file(&dump.bytes())
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn process(path: &std::path::Path) -> Value {
    json!({"process": {
        "dump": path, "max_frames": 256, "extended": false,
        "rewrite_first_module": [], "memory_budget_bytes": 1 << 28,
    }})
}

#[test]
fn one_process_answers_many_requests_and_ends_with_its_input() {
    let mut program = Program::start(&["--memory-bytes", "268435456", "--cpu-seconds", "20"]);
    let dump = dump_file();
    for _ in 0..3 {
        program.say(&process(dump.path()));
        let need = program.hear();
        let row = &need["need"][0];
        assert_eq!(row["what"], "unwind");
        assert_eq!(row["image"]["type"], "elf");
        assert_eq!(row["image"]["image_addr"], "0x400000");
        program.say(&json!({"provide": [{"module": 0, "what": "unwind", "missing": true}]}));
        let done = &program.hear()["done"];
        assert_eq!(
            done["threads"][0]["frames"][0]["instruction_addr"],
            "0x401004"
        );
        assert_eq!(done["threads"][0]["registers"]["rip"], "0x401004");
    }
    let (status, log) = program.end();
    assert!(status.success() && log.is_empty(), "{status} {log}");
}

#[test]
fn what_is_not_understood_costs_one_request() {
    let mut program = Program::start(&[]);
    let dump = dump_file();
    for message in [json!({}), json!({"provide": []}), json!([1, "x"])] {
        program.say(&message);
        assert_eq!(program.hear()["failed"]["code"], "internal");
    }
    program.say_bytes(&[3, 0, 0, 0, 0xff, 0xfe, 0]);
    assert_eq!(program.hear()["failed"]["code"], "internal");
    // An answer that leaves out what was asked for, and one that names a file that is not there.
    for provided in [
        json!([]),
        json!([{"module": 0, "what": "unwind", "path": "/absent"}]),
    ] {
        program.say(&process(dump.path()));
        assert!(program.hear()["need"].is_array());
        program.say(&json!({ "provide": provided }));
        assert_eq!(program.hear()["failed"]["code"], "internal");
    }
    let wrong_version = file(b"MDMP\0\0\0\0................................");
    program.say(&process(wrong_version.path()));
    let failed = &program.hear()["failed"];
    assert_eq!(failed["code"], "malformed");
    assert_eq!(failed["message"], "Minidump version mismatch");
    assert!(program.end().0.success());
}

#[test]
fn table_that_cannot_be_read_is_told_in_the_note() {
    let mut program = Program::start(&[]);
    let (dump, garbage) = (dump_file(), file(&[7; 500]));
    program.say(&process(dump.path()));
    program.hear();
    let row = json!({"module": 0, "what": "unwind", "path": garbage.path()});
    program.say(&json!({ "provide": [row] }));
    assert_eq!(program.hear()["done"]["modules"][0]["unwind"], "asked");
    assert!(program.end().0.success());
}

#[test]
fn frame_that_is_too_long_or_cut_short_ends_the_process() {
    for bytes in [&[0xff_u8; 4][..], &[9, 0, 0, 0, b'{'], &[1, 0]] {
        let mut program = Program::start(&[]);
        program.say_bytes(bytes);
        let (status, log) = program.end();
        assert_eq!(status.code(), Some(2));
        assert!(log.starts_with("framewright-crash: "), "{log}");
    }
}

#[test]
fn end_of_input_inside_a_request_ends_the_process() {
    let mut program = Program::start(&[]);
    let dump = dump_file();
    program.say(&process(dump.path()));
    program.hear();
    assert_eq!(program.end().0.code(), Some(2));
}

#[test]
fn memory_beyond_the_limit_kills_the_process_and_says_why() {
    let mut program = Program::start(&["--memory-bytes", "33554432"]);
    // A list of 800,000 threads has 38 MB here and more when it is read.
    let count: u32 = 800_000;
    let mut list = test_assembler::Section::with_endian(support::LE).D32(u64::from(count) as u32);
    list = list.append_repeated(0, count as usize * 48);
    let dump = file(&Dump::linux().stream(3, list).bytes());
    program.say(&process(dump.path()));
    let (status, log) = program.end();
    assert!(status.signal().is_some(), "{status}");
    assert!(log.contains("memory allocation of"), "{log}");
}

#[test]
fn options_that_are_not_known_are_refused() {
    for options in [&["--help"][..], &["--memory-bytes", "x"], &["dump.dmp"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_framewright-crash"))
            .args(options)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
    }
}
