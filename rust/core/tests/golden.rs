//! What every fixture is, and what every address range of it answers, as text under `golden`.
//!
//! The fixtures' sources and compile lines are beside them. `FRAMEWRIGHT_UPDATE=1 cargo test` rewrites
//! the files; look at the difference before committing it.

mod support;

use std::fmt::Write as _;

use framewright_core::inspect::{Wanted, inspect};
use framewright_core::object::build_object_table;
use framewright_core::options::{parse_bcsymbolmap, parse_il2cpp};
use framewright_core::symcache_build::TableOptions;
use support::reply::Frame;
use support::{assert_golden, fixture, look_up, object_fixtures, table_of};

fn describe(name: &str, options: &TableOptions<'_>) -> String {
    let mut text = String::new();
    let inspection = inspect(&fixture(name), &Wanted::default()).unwrap();
    let json = serde_json::to_string_pretty(&inspection).unwrap();
    writeln!(text, "{json}\n").unwrap();
    match build_object_table(&fixture(name), options) {
        Ok(_) => describe_table(name, options, &mut text),
        Err(error) => writeln!(text, "no table: {error}").unwrap(),
    }
    text
}

fn describe_table(name: &str, options: &TableOptions<'_>, text: &mut String) {
    let table = table_of(name, options);
    let starts: Vec<_> = table.range_starts().map(u64::from).collect();
    let (arch, debug_id) = (table.arch(), table.debug_id());
    writeln!(text, "table {arch} {debug_id}, {} ranges", starts.len()).unwrap();
    for (start, frames) in starts.iter().zip(look_up(&table, &starts)) {
        if frames.is_empty() {
            writeln!(text, "{start:#x}\n    nothing").unwrap();
            continue;
        }
        writeln!(text, "{start:#x}").unwrap();
        for frame in frames {
            describe_frame(&frame, text);
        }
    }
}

fn describe_frame(frame: &Frame, text: &mut String) {
    let generated = if frame.generated { "generated " } else { "" };
    write!(text, "    {generated}{}", frame.function).unwrap();
    if let Some(path) = &frame.path {
        write!(text, " {path}:{}", frame.line).unwrap();
    }
    if let Some(entry) = frame.sym_addr {
        write!(text, " entry {entry:#x}").unwrap();
    }
    if frame.lang != "unknown" {
        write!(text, " {}", frame.lang).unwrap();
    }
    if frame.symbol != frame.function {
        write!(text, " = {}", frame.symbol).unwrap();
    }
    if let Some(vars) = &frame.vars {
        write!(text, " {vars}").unwrap();
    }
    text.push('\n');
}

#[test]
fn every_object_fixture_answers_as_its_golden_file() {
    for name in object_fixtures() {
        let text = describe(&name, &TableOptions::default());
        assert_golden(&format!("{name}.txt"), &text);
    }
}

#[test]
fn variables_are_named_with_their_types() {
    let options = TableOptions {
        variables: true,
        ..TableOptions::default()
    };
    let text = describe("elf-variables.so", &options);
    assert_golden("elf-variables.with-variables.txt", &text);
}

#[test]
fn bcsymbolmap_restores_hidden_names() {
    let map = fixture("hidden.bcsymbolmap");
    let map = parse_bcsymbolmap(&map).unwrap();
    let options = TableOptions {
        bcsymbolmap: Some(&map),
        ..TableOptions::default()
    };
    let text = describe("macho-hidden.dylib", &options);
    assert_golden("macho-hidden.with-bcsymbolmap.txt", &text);
}

#[test]
fn il2cpp_replaces_files_and_lines_and_keeps_functions() {
    let map = parse_il2cpp(&fixture("il2cpp.json")).unwrap();
    let options = TableOptions {
        il2cpp: Some(&map),
        ..TableOptions::default()
    };
    let text = describe("elf-dwarf5.so", &options);
    assert_golden("elf-dwarf5.with-il2cpp.txt", &text);
}

#[test]
fn side_files_are_recognised() {
    for name in ["hidden.bcsymbolmap", "uuidmap.plist", "il2cpp.json"] {
        let inspection = inspect(&fixture(name), &Wanted::default()).unwrap();
        let json = serde_json::to_string_pretty(&inspection).unwrap();
        assert_golden(&format!("{name}.txt"), &(json + "\n"));
    }
}
