//! What is told besides stacks.

mod support;

use framewright_core::unwind_build::{UnwindLimits, build_unwind_table};
use framewright_crash::protocol::{Done, What};
use minidump_synth::{CrashpadInfo, DumpString, UnloadedModule};
use serde_json::{Value, json};
use support::{CODE, Dump, Files, LE, Registers, STACK, request, run, run_with};

fn extended(dump: Dump) -> Done {
    let mut request = request();
    request.extended = true;
    run_with(dump, &mut Files::default(), &request)
}

fn part(done: &Done, pointer: &str) -> Value {
    let extended = done.extended.as_ref().unwrap();
    extended.pointer(pointer).cloned().unwrap_or_default()
}

fn thread(dump: Dump) -> Dump {
    let registers = Registers {
        rip: CODE + 4,
        rsp: STACK,
        rbp: 0,
    };
    dump.module(CODE, "/bin/app", 1)
        .thread(7, registers, STACK, &[0; 8])
}

#[test]
fn nothing_is_told_unasked_and_a_bare_dump_tells_nothing() {
    assert!(
        run(thread(Dump::linux()), &mut Files::default())
            .extended
            .is_none()
    );
    let done = extended(thread(Dump::linux()));
    assert_eq!(done.extended, Some(json!({})));
}

#[test]
fn streams_of_a_dump_are_told() {
    let name = DumpString::new("gone.dll", LE);
    let gone = UnloadedModule::new(LE, 0x70_0000, 0x1000, &name, 0x5ab3_8077, 0);
    let crashpad = CrashpadInfo::new(LE).add_simple_annotation("channel", "beta");
    let done = extended(thread(Dump::linux()).with(|dump| {
        dump.add_unloaded_module(gone)
            .add(name)
            .add_crashpad_info(crashpad)
            .set_linux_proc_status(b"Pid:\t7\nState:\tR\n")
            .set_linux_environ(b"TOKEN=secret\0")
            .set_soft_errors("[{\"InitErrors\":1}]")
    }));
    let unloaded = part(&done, "/unloaded_modules/0");
    assert_eq!(unloaded["code_file"], "gone.dll");
    assert_eq!(unloaded["code_id"], "5ab380771000");
    assert_eq!(unloaded["image_addr"], "0x700000");
    assert_eq!(
        part(&done, "/crashpad/annotations"),
        json!({"channel": "beta"})
    );
    assert_eq!(
        part(&done, "/linux/status"),
        json!({"Pid": "7", "State": "R"})
    );
    assert_eq!(part(&done, "/soft_errors"), json!([{"InitErrors": 1}]));
    assert!(!done.extended.unwrap().to_string().contains("secret"));
}

#[test]
fn crash_address_is_told_with_what_is_mapped_there() {
    let maps = b"00400000-00410000 r-xp 00000000 00:00 0 /bin/app\n\
        7ffeffff0000-7ffeffff1000 ---p 00000000 00:00 0 \n\
        7ffeffff1000-7fff00001000 rw-p 00000000 00:00 0 [stack]\n";
    let at = |address| {
        let dump = thread(Dump::linux()).crash(7, address);
        let done = extended(dump.with(|dump| dump.set_linux_maps(maps)));
        part(&done, "/memory/0")
    };
    let null = at(0x45);
    assert_eq!(
        (&null["null_like"], &null["mapped"]),
        (&json!(true), &json!(false))
    );
    let code = at(CODE);
    assert_eq!(code["permissions"], "r-x");
    assert_eq!(
        (&code["name"], &code["guard"]),
        (&json!("/bin/app"), &json!(false))
    );
    assert_eq!(at(0x7ffe_ffff_0800)["guard"], true);
    let below = at(0x7ffe_fffe_fff8);
    assert_eq!(below["mapping_above"]["distance"], 8);
    assert!(at(0x6000_0000_0000)["mapping_above"].is_null());
}

#[test]
fn lists_beyond_the_budget_are_cut_and_told() {
    let maps = "00400000-00410000 r-xp 00000000 00:00 0 /bin/app\n".repeat(200_000);
    let dump = thread(Dump::linux()).with(|dump| dump.set_linux_maps(maps.as_bytes()));
    let done = extended(dump);
    let cut = &done.cuts[0];
    assert_eq!((cut.what, cut.of), ("linux_maps", Some(200_000)));
    assert_eq!(
        part(&done, "/linux/maps").as_array().unwrap().len(),
        cut.kept
    );
    assert!(cut.kept > 100_000);
}

#[test]
fn instruction_of_a_real_crash_is_told_with_its_registers_and_accesses() {
    let dump = include_bytes!("fixtures/c-recursion.dmp").to_vec();
    let mut request = request();
    request.extended = true;
    let bytes = framewright_core::bytes::SharedBytes::new(dump);
    let done = framewright_crash::process(&bytes, &request, &mut Files::default()).unwrap();
    assert!(part(&done, "/crash_site/instruction").is_string());
    let access = part(&done, "/crash_site/accesses/0");
    assert_eq!(
        (&access["address"], &access["type"]),
        (&json!("0x0"), &json!("Read"))
    );
    let registers = part(&done, "/crash_site/registers");
    assert!(!registers.as_object().unwrap().is_empty());
    assert_eq!(part(&done, "/exception/code"), "0xb");
}

#[test]
fn crash_site_of_a_dump_beyond_the_budget_is_cut_and_told() {
    let mut request = request();
    request.extended = true;
    request.memory_budget_bytes = 40_000;
    let dump = include_bytes!("fixtures/c-recursion.dmp").to_vec();
    let bytes = framewright_core::bytes::SharedBytes::new(dump);
    let done = framewright_crash::process(&bytes, &request, &mut Files::default()).unwrap();
    assert!(done.cuts.iter().any(|cut| cut.what == "crash_site"));
}

#[test]
fn ids_that_a_module_lacks_come_from_the_file_that_was_found_for_it() {
    let limits = UnwindLimits {
        max_bytes: 1 << 20,
        max_chain: 128,
    };
    let object = include_bytes!("../../core/tests/fixtures/pe-x64.dll");
    let table = build_unwind_table(object, limits).unwrap();
    let mut files = Files::default();
    files.insert(What::Unwind, "/bin/app", table.to_vec());
    let registers = Registers {
        rip: CODE + 4,
        rsp: STACK,
        rbp: 0,
    };
    let dump = Dump::linux()
        .module(CODE, "/bin/app", 0)
        .thread(7, registers, STACK, &[0; 8]);
    let done = run(dump, &mut files);
    let image = &done.modules[0].image;
    assert_eq!(image.debug_file, table.debug_file);
    assert!(image.debug_file.is_some());
    assert_eq!(image.debug_id, Some(table.debug_id.to_string()));
}
