//! How much processor time does a dump take whose unwind information nobody has in memory?
//!
//! `FRAMEWRIGHT_DUMPS=folder cargo bench --package framewright-crash`, with dumps made on this machine
//! (`crash/dumps/make.sh`).
//!
//! Rivals, in turns, medians of [`RUNS`]:
//! - `ours`: unwind tables and lookup tables of files, mapped anew in each run,
//! - `program`: the same through the pipes of a process that runs already; the processor time of both sides,
//! - `reference`: `minidump-processor` with `breakpad-symbols`, which parses whole text files, as
//!   `minidump-stackwalk --symbols-path` does.
//!
//! One JSON line per dump: frames, milliseconds of each, how many times the reference takes `ours`.

#[path = "../tests/support/reference.rs"]
mod reference;
#[path = "../tests/support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use framewright_core::bytes::SharedBytes;
use framewright_crash::protocol::{Failure, Need, What, read_frame};
use framewright_crash::{Server, process};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

const RUNS: usize = 9;

/// Files on disk, mapped whenever they are asked for.
struct Mapped(HashMap<(What, String), PathBuf>);

impl Mapped {
    fn path(&self, what: What, code_file: &str) -> Option<&PathBuf> {
        self.0.get(&(what, code_file.to_owned()))
    }
}

impl Server for Mapped {
    fn ask(&mut self, needs: Vec<Need>) -> Result<Vec<Option<SharedBytes>>, Failure> {
        let files = needs.iter().map(|need| {
            let path = self.path(need.what, need.image.code_file.as_deref()?)?;
            Some(framewright::mapped::map(path).unwrap())
        });
        Ok(files.collect())
    }
}

struct Program {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
}

impl Program {
    fn start() -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_framewright-crash"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut from = child.stdout.take().unwrap();
        read_frame(&mut from).unwrap();
        Program {
            to: child.stdin.take().unwrap(),
            child,
            from,
        }
    }

    fn say(&mut self, message: &Value) {
        let text = message.to_string();
        let length = (text.len() as u32).to_le_bytes();
        self.to.write_all(&length).unwrap();
        self.to.write_all(text.as_bytes()).unwrap();
    }

    fn process(&mut self, dump: &Path, files: &Mapped) {
        self.say(&json!({"process": {
            "dump": dump, "max_frames": 256, "memory_budget_bytes": 1 << 28,
        }}));
        loop {
            let text = read_frame(&mut self.from).unwrap().unwrap();
            let message: Value = serde_json::from_slice(&text).unwrap();
            let Some(needs) = message["need"].as_array() else {
                assert!(message["done"].is_object(), "{message}");
                return;
            };
            let rows: Vec<_> = needs
                .iter()
                .map(|need| {
                    let what = match need["what"].as_str() {
                        Some("unwind") => What::Unwind,
                        _ => What::Symbols,
                    };
                    let code_file = need["image"]["code_file"].as_str().unwrap_or_default();
                    let path = files.path(what, code_file);
                    json!({"module": need["module"], "what": need["what"], "path": path})
                })
                .collect();
            self.say(&json!({ "provide": rows }));
        }
    }

    /// Milliseconds of processor time that the child has used.
    fn cpu_ms(&self) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/schedstat", self.child.id())).unwrap();
        let used: f64 = text.split(' ').next().unwrap().parse().unwrap();
        used / 1e6
    }

    fn end(self) {
        let mut child = self.child;
        drop(self.to);
        assert!(child.wait().unwrap().success());
    }
}

fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let Ok(folder) = std::env::var("FRAMEWRIGHT_DUMPS") else {
        println!("FRAMEWRIGHT_DUMPS names no folder");
        return;
    };
    for path in reference::dumps_in(Path::new(&folder)) {
        println!("{}", compare(&path));
    }
}

fn compare(path: &Path) -> Value {
    let dump = fs::read(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let objects = reference::objects_on_this_machine(&dump);
    let files = reference::files(&dump, &objects, folder.path());
    let mut mapped = Mapped(HashMap::new());
    for (number, ((what, code_file), bytes)) in files.into_files().enumerate() {
        let path = folder.path().join(format!("table-{number}"));
        fs::write(&path, &*bytes).unwrap();
        mapped.0.insert((what, code_file), path);
    }
    let mut program = Program::start();
    let (mut ours, mut piped, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    let mut frames = 0;
    for _ in 0..RUNS {
        let start = cpu_ms();
        let bytes = framewright::mapped::map(path).unwrap();
        let done = process(&bytes, &support::request(), &mut mapped).unwrap();
        frames = done.threads.iter().map(|thread| thread.frames.len()).sum();
        ours.push(cpu_ms() - start);

        let start = cpu_ms() + program.cpu_ms();
        program.process(path, &mapped);
        piped.push(cpu_ms() + program.cpu_ms() - start);

        let start = cpu_ms();
        reference::theirs(&dump, folder.path());
        theirs.push(cpu_ms() - start);
    }
    program.end();
    let (ours, piped, theirs) = (median(ours), median(piped), median(theirs));
    json!({
        "dump": path.file_name().and_then(|name| name.to_str()),
        "frames": frames,
        "ours_ms": ours,
        "program_ms": piped,
        "reference_ms": theirs,
        "ratio": theirs / ours,
    })
}
