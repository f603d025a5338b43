//! The exports as the Java side calls them: replies, statuses, handles.

mod support;

use std::fs;
use std::path::Path;
use std::thread;

use support::*;

/// First words of a reply: addresses and rows.
fn counts(reply: &Reply) -> (u32, u32) {
    let (status, bytes) = reply;
    assert_eq!(*status, 0, "{}", String::from_utf8_lossy(bytes));
    assert_eq!(&bytes[..4], b"FWL1");
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    (word(8), word(12))
}

#[test]
fn abi_is_five() {
    assert_eq!(framewright::fw_abi(), 5);
}

#[test]
fn table_is_built_opened_asked_and_closed() {
    let scratch = Scratch::new();
    let table = scratch.file("table");
    let built = json(&table_build(&fixture("elf-dwarf5.so"), "", &table, 1 << 20));
    assert_eq!(built["arch"], "x86_64");
    assert_eq!(built["bytes"], fs::metadata(&table).unwrap().len());
    let opened = json(&table_open(&table));
    assert_eq!(opened["debug_id"], built["debug_id"]);
    let handle = opened["handle"].as_i64().unwrap();
    // The file may go: the map stays.
    fs::remove_file(&table).unwrap();
    let (addrs, rows) = counts(&table_lookup(handle, &[0x1450, -1, i64::MAX]));
    assert_eq!(addrs, 3);
    assert!(rows <= 8);
    assert_eq!(counts(&table_lookup(handle, &[])), (0, 0));
    assert_eq!(framewright::fw_close(handle), 0);
    assert_eq!(framewright::fw_close(handle), 6);
    assert_eq!(
        failure(&table_lookup(handle, &[1])),
        (6, "stale_handle".into())
    );
}

#[test]
fn table_build_beyond_the_bound_leaves_no_file() {
    let scratch = Scratch::new();
    let table = scratch.file("table");
    let reply = table_build(&fixture("elf-dwarf5.so"), "", &table, 200);
    assert_eq!(failure(&reply), (4, "output_too_large".into()));
    assert!(!table.exists());
}

#[test]
fn table_build_uses_side_files_and_variables() {
    let scratch = Scratch::new();
    let table = scratch.file("table");
    let map = fixture("il2cpp.json");
    let options = format!(
        r#"{{"il2cpp":{:?},"variables":true}}"#,
        map.to_str().unwrap()
    );
    json(&table_build(
        &fixture("elf-dwarf5.so"),
        &options,
        &table,
        1 << 20,
    ));
    let written = fs::read(&table).unwrap();
    assert!(written.windows(15).any(|bytes| bytes == b"/game/Shapes.cs"));
    let wrong = format!(r#"{{"bcsymbolmap":{:?}}}"#, map.to_str().unwrap());
    let reply = table_build(&fixture("macho-hidden.dylib"), &wrong, &table, 1 << 20);
    assert_eq!(failure(&reply), (1, "malformed_mapping".into()));
    let missing = r#"{"il2cpp":"/nowhere/map.json"}"#;
    let reply = table_build(&fixture("elf-dwarf5.so"), missing, &table, 1 << 20);
    assert_eq!(failure(&reply), (5, "io_error".into()));
}

#[test]
fn symbol_file_is_written_of_two_files_or_not_at_all() {
    let scratch = Scratch::new();
    let sym = scratch.file("sym");
    let (debug, code) = (fixture("elf-debug-only.debug"), fixture("elf-dwarf5.so"));
    let written = json(&breakpad_write(&debug, Some(&code), &sym, 1 << 20));
    let text = fs::read_to_string(&sym).unwrap();
    assert_eq!(written["bytes"], text.len());
    assert_eq!(written["functions"], 4);
    assert!(text.starts_with("MODULE Linux x86_64 ") && text.contains("\nSTACK CFI INIT "));
    let reply = breakpad_write(&debug, None, &sym, 200);
    assert_eq!(failure(&reply), (4, "output_too_large".into()));
    assert!(!sym.exists());
    let reply = breakpad_write(&fixture("wasm.wasm"), None, &sym, 1 << 20);
    assert_eq!(failure(&reply), (2, "unsupported_object".into()));
}

#[test]
fn inspect_tells_objects_and_failures() {
    let inspected = json(&inspect(&fixture("macho-fat.dsym"), ""));
    assert_eq!(
        (&inspected["kind"], &inspected["match"]),
        (&"fat_macho".into(), &0.into())
    );
    let id = &inspected["objects"][1]["debug_id"];
    let wanted = json(&inspect(
        &fixture("macho-fat.dsym"),
        &format!(r#"{{"debug_id":{id}}}"#),
    ));
    assert_eq!(
        (&wanted["match"], &wanted["match_rule"]),
        (&1.into(), &"debug_id".into())
    );
    let map = json(&inspect(&fixture("uuidmap.plist"), ""));
    assert_eq!(
        map["uuidmap_target"],
        "c8374b6d-6e96-34d8-ae38-efaa5fec424f"
    );
    assert_eq!(
        failure(&inspect(&fixture("build.sh"), "")),
        (1, "unknown_format".into())
    );
    assert_eq!(
        failure(&inspect(Path::new("/nowhere"), "")),
        (5, "io_error".into())
    );
    assert_eq!(
        failure(&inspect(Path::new("/dev/null"), "")),
        (5, "io_error".into())
    );
    assert_eq!(
        failure(&inspect(&fixture("wasm.wasm"), "{")),
        (8, "invalid_argument".into())
    );
}

#[test]
fn empty_file_is_an_unknown_format() {
    let scratch = Scratch::new();
    let empty = scratch.write("empty", b"");
    assert_eq!(failure(&inspect(&empty, "")), (1, "unknown_format".into()));
    assert_eq!(failure(&table_open(&empty)), (1, "malformed_table".into()));
    let unpacked = json(&decompress(&empty, &scratch.file("out"), 10));
    assert_eq!(unpacked["compressed"], false);
}

#[test]
fn decompress_writes_the_file_or_nothing() {
    let scratch = Scratch::new();
    let out = scratch.file("out");
    let plain = json(&decompress(&fixture("breakpad.sym"), &out, 1 << 20));
    assert_eq!(
        (&plain["compressed"], &plain["format"]),
        (&false.into(), &"none".into())
    );
    assert!(!out.exists());
    // zlib of "hi" by hand: header, one stored block, Adler-32.
    let zlib = b"\x78\x01\x01\x02\0\xfd\xffhi\x01\x3b\0\xd2";
    let packed = scratch.write("packed", zlib);
    let unpacked = json(&decompress(&packed, &out, 2));
    assert_eq!(
        (&unpacked["format"], &unpacked["bytes"]),
        (&"zlib".into(), &2.into())
    );
    assert_eq!(fs::read(&out).unwrap(), b"hi");
    assert_eq!(
        failure(&decompress(&packed, &out, 1)),
        (4, "decompressed_too_large".into())
    );
    assert!(!out.exists());
    assert_eq!(
        failure(&decompress(&packed, &out, -1)),
        (8, "invalid_argument".into())
    );
}

#[test]
fn sources_of_other_files_are_unsupported() {
    let reply = sources_open(&fixture("elf-dwarf5.so"));
    assert_eq!(failure(&reply), (2, "unsupported_object".into()));
    let scratch = Scratch::new();
    let out = scratch.file("out");
    assert_eq!(
        failure(&embedded_ppdb(&fixture("pe-x64.dll"), &out)),
        (3, "no_embedded_pdb".into())
    );
    assert_eq!(failure(&ppdb_build(&fixture("pdb-x64.pdb"), &out, 99)).0, 2);
    assert!(!out.exists());
    assert_eq!(
        failure(&ppdb_open(&fixture("pdb-x64.pdb"))),
        (1, "malformed_table".into())
    );
}

#[test]
fn lazy_open_refuses_what_it_cannot_do() {
    let reply = lazy_open(&fixture("pdb-x64.pdb"), "");
    assert_eq!(failure(&reply), (2, "lazy_unsupported".into()));
    let hidden = r#"{"bcsymbolmap":"/any"}"#;
    let reply = lazy_open(&fixture("macho-hidden.dylib"), hidden);
    assert_eq!(failure(&reply), (2, "lazy_unsupported".into()));
}

#[test]
fn demangle_answers_in_order() {
    let (status, bytes) = demangle(r#"[["_ZN3foo3barEi",null],["main",null]]"#);
    assert_eq!((status, &bytes[..]), (0, &br#"["foo::bar(int)",null]"#[..]));
    assert_eq!(failure(&demangle("")), (8, "invalid_argument".into()));
}

#[test]
fn handle_of_another_kind_is_an_invalid_argument() {
    let scratch = Scratch::new();
    let table = scratch.file("table");
    json(&table_build(&fixture("breakpad.sym"), "", &table, 1 << 20));
    let handle = json(&table_open(&table))["handle"].as_i64().unwrap();
    for reply in [
        lazy_lookup(handle, &[1], 1),
        ppdb_lookup(handle, &[1, 0]),
        source_get(handle, "/a"),
    ] {
        assert_eq!(failure(&reply), (8, "invalid_argument".into()));
    }
    assert_eq!(framewright::fw_close(handle), 0);
}

#[test]
fn lookups_while_the_handle_is_closed_end_with_an_answer_or_stale() {
    let scratch = Scratch::new();
    let table = scratch.file("table");
    json(&table_build(&fixture("elf-dwarf4.so"), "", &table, 1 << 20));
    for _ in 0..20 {
        let handle = json(&table_open(&table))["handle"].as_i64().unwrap();
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let reply = table_lookup(handle, &[0x1450, 0x1460]);
                        if reply.0 != 0 {
                            assert_eq!(failure(&reply), (6, "stale_handle".into()));
                            return;
                        }
                        assert_eq!(counts(&reply).0, 2);
                    }
                });
            }
            scope.spawn(|| assert_eq!(framewright::fw_close(handle), 0));
        });
    }
}

#[test]
fn counters_are_numbers() {
    let counters = counters();
    assert!(counters["panics"].is_u64() && counters["open_handles"].is_u64());
}

#[test]
fn js_scopes_tells_functions_or_why_not() {
    let (status, reply) = js_scopes(b"function f(){}");
    assert_eq!(status, 0);
    assert_eq!(reply[..4], 1_u32.to_le_bytes());
    assert_eq!(
        failure(&js_scopes(b"function (")),
        (2, "unsupported_object".into())
    );
    assert_eq!(failure(&js_scopes(&[0xFF])), (8, "invalid_argument".into()));
}
