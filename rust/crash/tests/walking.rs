//! How frames are found.

mod support;

use framewright_crash::protocol::{UnwindUse, What};
use support::{CODE, Dump, Files, LE, Registers, STACK, frames, request, rule, run, run_with};
use test_assembler::Section;

const APP: &str = "/bin/app";
const LIB: &str = "/lib/lib.so";
const LIB_CODE: u64 = 0x50_0000;

/// Leaves at CODE + 0x1000 with 16 bytes of stack, called from CODE + 0x2000 with none.
const RULES: &str = "STACK CFI INIT 1000 100 .cfa: $rsp 24 + .ra: .cfa -8 + ^
STACK CFI INIT 2000 100 .cfa: $rsp 8 + .ra: .cfa -8 + ^
STACK CFI 2004 .cfa: $rsp 16 +
";

fn at(rip: u64) -> Registers {
    Registers {
        rip,
        rsp: STACK,
        rbp: 0,
    }
}

fn one_thread(words: &[u64]) -> Dump {
    Dump::linux()
        .module(CODE, APP, 1)
        .module(LIB_CODE, LIB, 2)
        .thread(7, at(CODE + 0x1004), STACK, words)
        .crash(7, 0x45)
}

#[test]
fn rules_that_cover_the_frames_find_their_callers() {
    let mut files = Files::default().unwind(APP, RULES);
    // Two words of locals, the return address; one word by the later rule, the return address.
    let dump = one_thread(&[0, 0, CODE + 0x2008, 0, LIB_CODE + 0x10, 0, 0]);
    let done = run(dump, &mut files);
    assert_eq!(
        frames(&done, 0),
        [
            (CODE + 0x1004, "context"),
            (CODE + 0x2008, "cfi"),
            (LIB_CODE + 0x10, "cfi"),
        ]
    );
    assert_eq!(done.crash_reason, "SIGSEGV / SEGV_MAPERR / 0x45");
    assert_eq!(done.threads[0].registers["rip"].0, CODE + 0x1004);
    assert_eq!(done.threads[0].frames[2].package.as_deref(), Some(LIB));
    assert_eq!(files.asked(What::Unwind), [0, 1]);
    assert_eq!(done.modules[0].unwind, UnwindUse::Asked);
}

#[test]
fn frame_pointers_serve_where_rules_are_missing_and_the_note_says_so() {
    let frame = STACK + 0x20;
    let registers = Registers {
        rbp: frame,
        ..at(CODE + 0x1004)
    };
    let words = [0, 0, 0, 0, frame + 0x20, LIB_CODE + 0x10, 0, 0, 0, 0];
    let dump = Dump::linux()
        .module(CODE, APP, 1)
        .module(LIB_CODE, LIB, 2)
        .thread(7, registers, STACK, &words);
    let done = run(dump, &mut Files::default());
    assert_eq!(frames(&done, 0)[1], (LIB_CODE + 0x10, "fp"));
    let note = done.threads[0].frames[1].note.as_ref().unwrap();
    assert_eq!(note.code, "cfi_missing");
    assert!(note.message.contains(APP), "{}", note.message);
    assert!(done.threads[0].frames[0].note.is_none());
}

/// What becomes of a word on the stack that points to LIB_CODE + 0x10, where nothing says how to walk.
fn scanned(files: Files) -> bool {
    let mut files = files;
    let done = run(one_thread(&[0, LIB_CODE + 0x10, 0, 0]), &mut files);
    frames(&done, 0).contains(&(LIB_CODE + 0x10, "scan"))
}

const ELSEWHERE: &str = "STACK CFI INIT 8000 100 .cfa: $rsp 8 + .ra: .cfa -8 + ^\n";

#[test]
fn scanning_dismisses_an_address_only_if_rules_and_symbols_both_leave_it_out() {
    let outside = || Files::default().unwind(LIB, ELSEWHERE);
    let function = |start: u32| format!("FILE 0 f.c\nFUNC {start:x} 20 0 f\n{start:x} 20 1 0\n");
    assert!(scanned(Files::default()), "without rules");
    assert!(scanned(Files::default().unwind(LIB, "")), "empty rules");
    assert!(scanned(outside()), "no symbols");
    assert!(scanned(outside().symbols(LIB, &function(0))), "a function");
    assert!(
        !scanned(outside().symbols(LIB, &function(0x9000))),
        "neither"
    );
    let unconverted = |start| outside().symbol_file(LIB, &function(start));
    assert!(scanned(unconverted(0)), "a function of a symbol file");
    assert!(!scanned(unconverted(0x9000)), "neither in a symbol file");
}

#[test]
fn walk_beyond_the_cap_ends_there_and_is_told() {
    // Frame pointers that lead through 50,000 frames outside all modules, where nobody is asked.
    let words: Vec<u64> = (0..50_000)
        .flat_map(|i| [STACK + 16 * (i + 1), 0x9_0000_0000 + i])
        .collect();
    let registers = Registers {
        rip: 0x9_0000_0000,
        rsp: STACK,
        rbp: STACK,
    };
    let dump = Dump::linux().thread(7, registers, STACK, &words);
    let done = run(dump, &mut Files::default());
    assert_eq!(done.threads[0].frames.len(), 256);
    let cut = &done.cuts[0];
    assert_eq!((cut.what, cut.kept, cut.thread), ("frames", 256, Some(0)));
    assert_eq!(frames(&done, 0)[255].0, 0x9_0000_0000 + 254);
}

#[test]
fn threads_that_lack_files_are_asked_for_in_one_round() {
    let mut dump = Dump::linux();
    for i in 0..60 {
        let base = CODE + i * 0x10_0000;
        dump = dump
            .module(base, &format!("/lib/{i}.so"), i as u8 + 1)
            .thread(
                i as u32,
                Registers {
                    rip: base + 0x10,
                    rsp: STACK + i * 0x1000,
                    rbp: 0,
                },
                STACK + i * 0x1000,
                &[0; 4],
            );
    }
    let mut files = Files::default();
    let done = run(dump, &mut files);
    assert_eq!((done.threads.len(), files.rounds), (60, 1));
    assert_eq!(files.asked(What::Unwind), (0..60).collect::<Vec<_>>());
    assert!(
        done.threads
            .iter()
            .all(|thread| thread.is_requesting.is_none())
    );
}

#[test]
fn answer_beyond_the_budget_keeps_the_requesting_thread_and_tells_the_cut() {
    let mut dump = Dump::linux().crash(99, 0);
    for i in 0..100 {
        dump = dump.thread(i, at(0x10), STACK + u64::from(i) * 0x1000, &[0]);
    }
    let mut tight = request();
    tight.memory_budget_bytes = 64 << 10;
    let done = run_with(dump, &mut Files::default(), &tight);
    let cut = &done.cuts[0];
    assert_eq!((cut.what, cut.of), ("threads", Some(100)));
    assert!((2..50).contains(&done.threads.len()), "{}", cut.kept);
    let requesting = &done.threads[done.requesting_thread.unwrap()];
    assert_eq!(requesting.thread_id, 99);
}

#[test]
fn thread_that_wrote_the_dump_has_no_frames_and_names_are_kept() {
    // Valid flags, the writer's number, the requester's.
    let breakpad = Section::with_endian(LE).D32(3).D32(8).D32(7);
    let dump = Dump::linux()
        .module(CODE, APP, 1)
        .thread(7, at(CODE + 0x1004), STACK, &[0])
        .thread(8, at(CODE + 0x1004), STACK + 0x1000, &[0])
        .thread_name(7, "main")
        .stream(0x4767_0001, breakpad);
    let done = run(dump, &mut Files::default());
    assert_eq!(done.threads[0].thread_name.as_deref(), Some("main"));
    assert_eq!(done.threads[0].is_requesting, Some(true));
    assert!(!done.crashed && done.crash_reason.is_empty());
    let writer = &done.threads[1];
    assert!(writer.frames.is_empty() && writer.registers.is_empty());
}

#[test]
fn modules_without_ids_are_dropped_unless_a_walk_came_by() {
    let dump = Dump::linux()
        .module(CODE, APP, 0)
        .module(LIB_CODE, LIB, 0)
        .module(0x60_0000, "/lib/known.so", 3)
        .thread(7, at(CODE + 0x1004), STACK, &[0]);
    let done = run(dump, &mut Files::default());
    let rows: Vec<_> = done
        .modules
        .iter()
        .map(|row| {
            (
                row.module,
                row.image.code_file.as_deref().unwrap(),
                row.touched,
            )
        })
        .collect();
    assert_eq!(rows, [(0, APP, true), (2, "/lib/known.so", false)]);
    let known = &done.modules[1].image;
    assert_eq!(known.kind, "elf");
    assert_eq!(known.code_id.as_deref(), Some("03".repeat(20).as_str()));
    let id = "03030303-0303-0303-0303-030303030303";
    assert_eq!(known.debug_id.as_deref(), Some(id));
}

#[test]
fn first_rule_that_matches_renames_the_first_module_and_its_twins_for_look_ups() {
    let dump = Dump::linux()
        .module(CODE, APP, 1)
        .module(LIB_CODE, LIB, 2)
        .module(0x60_0000, "/copy/of/app", 1)
        .thread(7, at(CODE + 0x1004), STACK, &[LIB_CODE + 1, 0x60_0001, 0]);
    let mut with_rules = request();
    with_rules.rewrite_first_module = vec![
        rule("^nothing$", "x"),
        rule(r"^.*/(?<name>[a-z]+)$", "renamed/$name.debug"),
        rule("app", "y"),
    ];
    let mut files = Files::default();
    let done = run_with(dump, &mut files, &with_rules);
    let asked: Vec<_> = files
        .asked
        .iter()
        .map(|need| (need.module, need.image.debug_file.as_deref().unwrap()))
        .collect();
    let renamed = "renamed/app.debug";
    assert_eq!(asked, [(0, renamed), (1, LIB), (2, renamed)]);
    let names: Vec<_> = done
        .modules
        .iter()
        .map(|row| {
            (
                row.image.debug_file.as_deref(),
                row.lookup_debug_file.as_deref(),
            )
        })
        .collect();
    assert_eq!(names[0], (Some(APP), Some(renamed)));
    assert_eq!(names[1], (Some(LIB), None));
}

/// A stream of client stacks: thread 7 with two frames, thread 8 with none.
fn client_stacks() -> Section {
    [1u32, 2, 2, 9, 7, 0, 2, 8, 2, 0]
        .iter()
        .fold(Section::with_endian(LE), |section, word| section.D32(*word))
        .D64(0x1234)
        .D32(0)
        .D32(4)
        .D64(0x5678)
        .D32(4)
        .D32(5)
        .append_bytes(b"mainstart")
}

fn with_client_stacks(stream: Section) -> Dump {
    Dump::linux()
        .thread(7, at(0x10), STACK, &[0])
        .thread(8, at(0x20), STACK + 0x1000, &[0])
        .stream(0x5379_0001, stream)
}

#[test]
fn stacks_of_the_client_replace_those_that_were_walked() {
    let done = run(with_client_stacks(client_stacks()), &mut Files::default());
    assert_eq!(
        frames(&done, 0),
        [(0x1234, "prewalked"), (0x5678, "prewalked")]
    );
    let names = done.threads[0].frames.iter().map(|frame| &frame.function);
    let names: Vec<_> = names.flatten().collect();
    assert_eq!(names, ["main", "start"]);
    assert_eq!(frames(&done, 1), [(0x20, "context")]);
}

#[test]
fn stacks_of_the_client_that_contradict_themselves_are_ignored() {
    let longer = client_stacks().D8(0);
    let lying = Section::with_endian(LE)
        .D32(1)
        .D32(u32::MAX)
        .D32(u32::MAX)
        .D32(u32::MAX);
    for stream in [longer, lying, Section::with_endian(LE).D32(2)] {
        let done = run(with_client_stacks(stream), &mut Files::default());
        assert_eq!(frames(&done, 0), [(0x10, "context")]);
    }
}

#[test]
fn stack_win_program_finds_the_caller_on_x86() {
    let records = "STACK WIN 4 1000 100 0 0 0 0 8 0 1 $T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + =
STACK CFI INIT 1000 100 .cfa: $nonsense .ra: $nonsense
";
    let mut files = Files::default().unwind("c:\\app.exe", records);
    let context = minidump_synth::x86_context(LE, CODE as u32 + 0x1004, 0x8000_0000);
    let words = [0u32, 0, LIB_CODE as u32 + 0x10, 0, 0];
    let memory = words
        .iter()
        .fold(Section::with_endian(LE), |section, word| section.D32(*word));
    let dump = Dump::windows_x86()
        .module(CODE, "c:\\app.exe", 1)
        .module(LIB_CODE, "c:\\lib.dll", 2)
        .thread_with(7, context, 0x8000_0000, memory);
    let done = run(dump, &mut files);
    assert_eq!(frames(&done, 0)[1], (LIB_CODE + 0x10, "cfi"));
    assert_eq!(done.system_info.cpu_arch, "x86");
}
