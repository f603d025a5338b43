//! Which object of a file is the wanted one, and what is no object file.

mod support;

use framewright_core::error::{Code, Status};
use framewright_core::inspect::{Inspection, Wanted, inspect};
use framewright_core::object::{build_object_table, parse_single};
use framewright_core::symcache_build::TableOptions;

use support::{fixture, object_fixtures};

fn fat(wanted: &Wanted) -> Inspection {
    inspect(&fixture("macho-fat.dsym"), wanted).unwrap()
}

fn wanted_debug_id(id: &str) -> Wanted {
    Wanted {
        debug_id: Some(id.into()),
        code_id: None,
    }
}

#[test]
fn select_without_wish_takes_the_first_slice() {
    let inspection = fat(&Wanted::default());
    assert_eq!(
        (inspection.matched, inspection.match_rule),
        (Some(0), "first")
    );
    assert!(inspection.multi);
    let nil = wanted_debug_id("00000000-0000-0000-0000-000000000000");
    assert_eq!(fat(&nil).match_rule, "first");
}

#[test]
fn select_finds_each_slice_by_either_id() {
    for object in fat(&Wanted::default()).objects {
        for id in [&object.debug_id, &object.breakpad_id] {
            let found = fat(&wanted_debug_id(id));
            assert_eq!(
                (found.matched, found.match_rule),
                (Some(object.index), "debug_id")
            );
        }
        let wanted = Wanted {
            debug_id: None,
            code_id: object.code_id.clone(),
        };
        let found = fat(&wanted);
        assert_eq!(
            (found.matched, found.match_rule),
            (Some(object.index), "code_id")
        );
    }
}

#[test]
fn select_foreign_or_newer_id_matches_nothing() {
    let own = fat(&Wanted::default()).objects[1].debug_id.clone();
    for id in ["492e2dd2-3cc3-06ca-9c49-4eef1533a381", &format!("{own}-1")] {
        let found = fat(&wanted_debug_id(id));
        assert_eq!((found.matched, found.match_rule), (None, "none"), "{id}");
    }
}

#[test]
fn slices_cut_by_offset_and_size_are_whole_objects() {
    let data = fixture("macho-fat.dsym");
    for object in fat(&Wanted::default()).objects {
        let slice = &data[object.offset as usize..][..object.size as usize];
        let alone = inspect(slice, &Wanted::default()).unwrap();
        assert_eq!(alone.kind, "macho");
        assert_eq!(alone.objects[0].debug_id, object.debug_id);
        parse_single(slice).unwrap();
    }
}

#[test]
fn single_object_matches_whatever_is_wanted() {
    let wanted = wanted_debug_id("492e2dd2-3cc3-06ca-9c49-4eef1533a381");
    let inspection = inspect(&fixture("elf-dwarf5.so"), &wanted).unwrap();
    assert_eq!(
        (inspection.matched, inspection.match_rule),
        (Some(0), "single")
    );
    assert!(!inspection.multi);
}

#[test]
fn cheap_answers_equal_those_of_the_full_parser() {
    for name in object_fixtures() {
        let data = fixture(&name);
        let Ok(object) = parse_single(&data) else {
            continue;
        };
        let info = &inspect(&data, &Wanted::default()).unwrap().objects[0];
        assert_eq!(info.debug_id, object.debug_id().to_string(), "{name}");
        assert_eq!(
            info.code_id,
            object.code_id().map(|id| id.to_string()),
            "{name}"
        );
        assert_eq!(info.arch, object.arch().name(), "{name}");
        assert_eq!(info.object_kind, object.kind().name(), "{name}");
        assert_eq!(info.has_debug_info, object.has_debug_info(), "{name}");
        assert_eq!(info.has_symbols, object.has_symbols(), "{name}");
        assert_eq!(info.has_unwind_info, object.has_unwind_info(), "{name}");
        assert_eq!(info.has_sources, object.has_sources(), "{name}");
        assert_eq!((info.offset, info.size), (0, data.len() as u64), "{name}");
    }
}

#[test]
fn unknown_files_are_named_as_such() {
    for data in [
        &b""[..],
        b"<html><body>404",
        b"PK\x03\x04",
        &[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52],
    ] {
        let error = inspect(data, &Wanted::default()).unwrap_err();
        assert_eq!(error.code, Code::UnknownFormat);
        let error = build_object_table(data, &TableOptions::default()).unwrap_err();
        assert_eq!(error.code, Code::UnknownFormat);
    }
}

#[test]
fn fat_file_is_not_converted_whole() {
    let error = build_object_table(&fixture("macho-fat.dsym"), &TableOptions::default());
    assert_eq!(error.unwrap_err().code, Code::UnsupportedObject);
}

#[test]
fn wanted_ids_are_lenient_and_other_json_is_not() {
    assert_eq!(Wanted::parse("").unwrap(), Wanted::default());
    let wanted = Wanted::parse(r#"{"debug_id":null,"code_id":"AB12","other":1}"#).unwrap();
    assert_eq!(wanted.code_id.as_deref(), Some("AB12"));
    assert_eq!(Wanted::parse("7").unwrap_err().code, Code::InvalidArgument);
}

#[test]
fn inspect_of_a_cut_file_names_the_part_that_is_cut_and_where() {
    let cases = [
        ("elf-dwarf5.so", 99, "section headers"),
        ("macho-x86_64.dsym", 99, "__DWARF"),
        ("macho-arm64.dylib", 99, "__LINKEDIT"),
        ("pdb-x64.pdb", 90, "MSF blocks"),
    ];
    for (name, percent, part) in cases {
        let whole = fixture(name);
        let cut = &whole[..whole.len() * percent / 100];
        let error = inspect(cut, &Wanted::default()).unwrap_err();
        assert_eq!(error.code, Code::MalformedObject);
        assert_eq!(error.section.as_deref(), Some(part), "{name}");
        let message = &error.message;
        assert!(
            message.ends_with(&format!("the file ends at {}", cut.len())),
            "{message}"
        );
        // where the part begins and how much of it is there: the end of the file
        let from = message
            .rsplit_once("at bytes ")
            .and_then(|(_, rest)| rest.split(' ').next());
        let from: u64 = from.unwrap().parse().unwrap();
        assert_eq!(from + error.offset.unwrap(), cut.len() as u64, "{name}");
        assert!(error.remedy.is_some());
    }
}

#[test]
fn inspect_of_every_prefix_answers_or_calls_it_malformed() {
    for name in [
        "elf-dwarf5.so",
        "elf-arm.so",
        "macho-x86_64.dsym",
        "pe-x64.dll",
        "pdb-x86.pdb",
    ] {
        let whole = fixture(name);
        for end in 0..whole.len().min(12 << 10) {
            if let Err(error) = inspect(&whole[..end], &Wanted::default()) {
                assert_eq!(error.status(), Status::Malformed, "{name} cut at {end}");
            }
        }
    }
}

/// What is looked at of a unit's head, as `-gsplit-dwarf` writes it.
#[test]
fn inspect_skeleton_unit_tells_that_debug_information_is_elsewhere() {
    let whole = fixture("elf-dwarf5.so");
    assert!(!inspect(&whole, &Wanted::default()).unwrap().objects[0].split);
    let head = [5, 0, 1, 8];
    let at = whole
        .windows(4)
        .position(|bytes| bytes == head)
        .expect("the head of a compile unit of DWARF 5");
    let mut skeleton = whole.to_vec();
    skeleton[at + 2] = 4;
    let split = &inspect(&skeleton, &Wanted::default()).unwrap().objects[0];
    assert!(split.split && split.has_debug_info);
}
