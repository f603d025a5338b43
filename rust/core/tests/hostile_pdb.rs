//! PDB files whose records would send the name formatter into endless or bottomless recursion are
//! refused before it sees them.

mod support;

use framewright_core::error::{Code, Error};
use framewright_core::pdb_guard::check;
use pdb2::FallibleIterator;
use support::msf::{FIRST, INT, Record, arguments, array, function_id, pdb, pointer};
use support::{fixture, object_fixtures};

fn check_types(types: &[Record]) -> Result<(), Error> {
    check(&pdb(types, &[]))
}

fn refused(result: Result<(), Error>, why: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code, Code::InputLimit, "{error}");
    assert!(error.message.contains(why), "{error}");
}

#[test]
fn check_real_files_pass() {
    for name in object_fixtures()
        .iter()
        .filter(|name| name.ends_with(".pdb"))
    {
        assert_eq!(check(&fixture(name)), Ok(()), "{name}");
    }
}

#[test]
fn check_small_hand_made_files_pass() {
    let types = [
        pointer(INT),
        pointer(FIRST),
        arguments(&[INT, FIRST + 1]),
        array(FIRST),
    ];
    let ids = [function_id(0, FIRST), function_id(FIRST, FIRST)];
    assert_eq!(check(&pdb(&types, &ids)), Ok(()));
}

#[test]
fn check_references_to_later_records_pass_when_they_end() {
    let forward: Vec<_> = (1..100)
        .map(|i| pointer(FIRST + i))
        .chain([pointer(INT)])
        .collect();
    assert_eq!(check_types(&forward), Ok(()));
}

#[test]
fn check_type_that_contains_itself_is_refused() {
    refused(check_types(&[pointer(FIRST)]), "part of itself");
    refused(check_types(&[array(FIRST)]), "part of itself");
    refused(
        check_types(&[pointer(FIRST + 1), pointer(FIRST)]),
        "part of itself",
    );
}

#[test]
fn check_function_that_is_its_own_scope_is_refused() {
    let ids = [function_id(FIRST, INT)];
    refused(check(&pdb(&[], &ids)), "part of itself");
}

#[test]
fn check_deep_chains_are_refused() {
    let chain = |records: u32| -> Vec<_> {
        (0..records)
            .map(|i| pointer(if i == 0 { INT } else { FIRST + i - 1 }))
            .collect()
    };
    assert_eq!(check_types(&chain(500)), Ok(()));
    refused(check_types(&chain(100_000)), "too deeply nested");
    let scopes: Vec<_> = (0..1000)
        .map(|i| function_id(if i == 0 { 0 } else { FIRST + i - 1 }, INT))
        .collect();
    refused(check(&pdb(&[], &scopes)), "too deeply nested");
}

#[test]
fn check_lists_that_double_are_refused() {
    let doubling: Vec<_> = (0..40)
        .map(|i| {
            if i == 0 {
                arguments(&[INT])
            } else {
                arguments(&[FIRST + i - 1; 2])
            }
        })
        .collect();
    refused(check_types(&doubling), "too large when written out");
}

#[test]
fn check_reference_across_modules_is_refused() {
    refused(check_types(&[pointer(0x8000_0001)]), "across modules");
}

#[test]
fn check_lines_behind_the_end_of_their_module_are_refused() {
    let mut file = fixture("pdb-x64.pdb");
    let sizes = {
        let mut pdb = pdb2::PDB::open(std::io::Cursor::new(&file[..])).unwrap();
        let debug = pdb.debug_information().unwrap();
        let mut modules = debug.modules().unwrap();
        let module = modules.find(|module| Ok(module.info().c13_lines_size > 0));
        let module = module.unwrap().unwrap();
        let info = module.info();
        [info.symbols_size, info.lines_size, info.c13_lines_size].map(u32::to_le_bytes)
    };
    let sizes = sizes.as_flattened();
    let places: Vec<usize> = (0..file.len())
        .filter(|at| file[*at..].starts_with(sizes))
        .collect();
    assert_eq!(places.len(), 1);
    file[places[0] + 8..places[0] + 12].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    let error = check(&file).unwrap_err();
    assert_eq!(error.code, Code::MalformedObject);
    assert!(
        error.message.contains("behind the end of its stream"),
        "{error}"
    );
}

#[test]
fn check_what_is_no_pdb_is_malformed() {
    for data in [&b""[..], b"Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0"] {
        assert_eq!(check(data).unwrap_err().code, Code::MalformedObject);
    }
}
