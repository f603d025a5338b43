//! Portable PDBs end to end, on files made by a writer of our own, and on real ones where they are.

mod support;

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use framewright_core::bytes::SharedBytes;
use framewright_core::error::Code;
use framewright_core::inspect::{Wanted, inspect};
use framewright_core::portable_pdb::{MethodLines, build_cache, extract_embedded};
use framewright_core::sources::{Sources, SourcesKind};
use framewright_core::wire::ReplyBuilder;

use support::msf::managed_pdb;
use support::portable::{Document, Method, portable_pdb};
use support::reply::{Frame, decode};
use support::{assert_fixture, fixture};

const PROGRAM: &str = r"C:\src\Program.cs";
const SHARED: &str = "/src/Shared.cs";
const TEXT: &str = "class Program\n{\n    static void Main() { }\n}\n";

fn sample() -> Vec<u8> {
    let documents = [
        Document {
            path: PROGRAM,
            text: Some(TEXT),
        },
        Document {
            path: SHARED,
            text: None,
        },
    ];
    let methods = [
        Method {
            document: 1,
            points: &[(0, 3), (6, 4), (20, 70)],
        },
        Method {
            document: 2,
            points: &[(2, 300), (9, 12)],
        },
    ];
    let link = r#"{"documents":{"/src/*":"https://example.com/raw/*"}}"#;
    portable_pdb(&documents, &methods, Some(link))
}

const MANAGED: &str = r"C:\src\Game.cs";

fn managed() -> Vec<u8> {
    managed_pdb(
        MANAGED,
        &[
            (0x0600_0001, 0x10, 0x20, &[(0, 3), (6, 0xfe_efee), (8, 4)]),
            (0x0600_0003, 0x30, 8, &[(0, 70)]),
            // no method: a token of another table
            (0x0200_0002, 0x38, 8, &[(0, 99)]),
        ],
    )
}

/// Java's tests have no writer of such files.
#[test]
fn fixture_of_managed_code_is_what_its_writer_writes() {
    assert_fixture("managed-pdb.bin", &managed());
}

#[test]
fn windows_pdb_of_managed_code_answers_by_token_and_offset() {
    let pdb = managed();
    let asked = [(1, 0), (1, 7), (1, 8), (1, 31), (3, 2), (2, 0), (0x38, 0)];
    let lines: Vec<_> = look_up(&pdb, &asked)
        .iter()
        .map(|frames| frames.first().map(|frame| (frame.line, frame.lang)))
        .collect();
    let at = |line| Some((line, "csharp"));
    assert_eq!(lines, [at(3), at(3), at(4), at(4), at(70), None, None]);
    let frame = look_up(&pdb, &[(3, 0)]).remove(0).remove(0);
    assert_eq!(frame.path.as_deref(), Some(MANAGED));
    let mut cache = Vec::new();
    build_cache(&pdb, &mut cache, 1 << 20).unwrap();
    let table = MethodLines::open(SharedBytes::new(cache)).unwrap();
    let id = "11111111-1111-1111-1111-111111111111-1";
    assert_eq!(table.debug_id().to_string(), id);
    let error = build_cache(&pdb, &mut Vec::new(), 100).unwrap_err();
    assert_eq!(error.code, Code::OutputTooLarge);
}

#[test]
fn windows_pdb_that_is_cut_off_or_damaged_is_an_error_or_answers() {
    let pdb = managed_pdb("a.cs", &[(0x0600_0001, 0, 4, &[(0, 3)])]);
    for at in 0..pdb.len() / 16 {
        let mut damaged = pdb.clone();
        damaged[at * 16 + at % 16] ^= 0xff;
        let mut cache = Vec::new();
        if build_cache(&damaged, &mut cache, 1 << 20).is_ok() {
            assert!(MethodLines::open(SharedBytes::new(cache)).is_ok(), "{at}");
        }
    }
    // of the last page only the first word is used
    for end in (0..pdb.len() - 4096).step_by(16) {
        assert!(build_cache(&pdb[..end], &mut Vec::new(), 1 << 20).is_err());
    }
}

fn look_up(pdb: &[u8], pairs: &[(u32, u32)]) -> Vec<Vec<Frame>> {
    let mut cache = Vec::new();
    build_cache(pdb, &mut cache, 1 << 20).unwrap();
    let lines = MethodLines::open(SharedBytes::new(cache)).unwrap();
    let mut reply = ReplyBuilder::new();
    lines.lookup(pairs, &mut reply).unwrap();
    decode(&reply.finish())
}

#[test]
fn lookup_finds_the_last_sequence_point_at_or_before_the_offset() {
    let pairs = [
        (1, 0),
        (1, 5),
        (1, 6),
        (1, 999),
        (2, 2),
        (2, 9),
        (2, 1),
        (3, 0),
    ];
    let answers = look_up(&sample(), &pairs);
    let lines: Vec<_> = answers
        .iter()
        .map(|frames| {
            frames
                .first()
                .map(|frame| (frame.path.as_deref().unwrap(), frame.line))
        })
        .collect();
    let expected = [
        Some((PROGRAM, 3)),
        Some((PROGRAM, 3)),
        Some((PROGRAM, 4)),
        Some((PROGRAM, 70)),
        Some((SHARED, 300)),
        Some((SHARED, 12)),
        None,
        None,
    ];
    assert_eq!(lines, expected);
    let frame = &answers[0][0];
    assert_eq!(
        (frame.symbol.as_str(), frame.function.as_str(), frame.lang),
        ("", "", "csharp")
    );
    assert_eq!(frame.sym_addr, None);
}

#[test]
fn build_cache_other_formats_are_unsupported_and_bounds_are_kept() {
    for name in ["pdb-x64.pdb", "pe-x64.dll"] {
        let error = build_cache(&fixture(name), &mut Vec::new(), 1 << 20).unwrap_err();
        assert_eq!(error.code, Code::UnsupportedObject, "{name}");
    }
    let error = build_cache(&sample(), &mut Vec::new(), 64).unwrap_err();
    assert_eq!(error.code, Code::OutputTooLarge);
}

#[test]
fn open_other_bytes_is_a_malformed_table() {
    for bytes in [Vec::new(), vec![7; 4096]] {
        let error = MethodLines::open(SharedBytes::new(bytes)).err().unwrap();
        assert_eq!(error.code, Code::MalformedTable);
    }
}

#[test]
fn inspect_tells_debug_information_and_sources() {
    let inspection = inspect(&sample(), &Wanted::default()).unwrap();
    let object = &inspection.objects[0];
    assert_eq!(inspection.kind, "portablepdb");
    assert_eq!(
        object.debug_id,
        "04030201-0605-0807-090a-0b0c0d0e0f10-ffffffff"
    );
    assert!(object.has_debug_info && object.has_sources && !object.has_symbols);
}

#[test]
fn sources_are_embedded_text_or_a_link() {
    let sources = Sources::open(SharedBytes::new(sample())).unwrap();
    assert_eq!(sources.kind(), SourcesKind::PortablePdb);
    assert_eq!(sources.file_count(), 2);
    let embedded = sources.get(PROGRAM).unwrap().unwrap();
    assert_eq!((embedded.text.as_deref(), embedded.url), (Some(TEXT), None));
    let linked = sources.get(SHARED).unwrap().unwrap();
    let url = "https://example.com/raw/Shared.cs".to_owned();
    assert_eq!((linked.text, linked.url), (None, Some(url)));
    assert_eq!(sources.get("/src/Other.cs").unwrap(), None);
}

/// A real PE whose CodeView entry was made one of an embedded portable PDB (type 17: `MPDB`, size, deflate).
fn with_embedded(pdb: &[u8]) -> Vec<u8> {
    let mut pe = fixture("pe-x64.dll");
    let word = |pe: &[u8], at: usize| u32::from_le_bytes(pe[at..at + 4].try_into().unwrap());
    let code_view = pe.windows(4).position(|bytes| bytes == b"RSDS").unwrap() as u32;
    let entry = (0..pe.len() - 28)
        .find(|&at| word(&pe, at + 12) == 2 && word(&pe, at + 24) == code_view)
        .unwrap();
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
    deflate.write_all(pdb).unwrap();
    let packed = deflate.finish().unwrap();
    let start = pe.len() as u32;
    let mut put = |at: usize, value: u32| {
        pe[entry + at..entry + at + 4].copy_from_slice(&value.to_le_bytes());
    };
    put(12, 17);
    put(16, packed.len() as u32 + 8);
    put(24, start);
    pe.extend(b"MPDB");
    pe.extend((pdb.len() as u32).to_le_bytes());
    pe.extend(packed);
    pe
}

#[test]
fn extract_embedded_gives_the_pdb_within_the_bound() {
    let pdb = sample();
    let pe = with_embedded(&pdb);
    let mut out = Vec::new();
    let size = extract_embedded(&pe, &mut out, pdb.len() as u64).unwrap();
    assert_eq!(size, pdb.len() as u64);
    assert_eq!(out, pdb);
    let error = extract_embedded(&pe, &mut Vec::new(), pdb.len() as u64 - 1).unwrap_err();
    assert_eq!(error.code, Code::OutputTooLarge);
}

#[test]
fn extract_embedded_without_one_is_not_found() {
    let error = extract_embedded(&fixture("pe-x64.dll"), &mut Vec::new(), 1 << 20).unwrap_err();
    assert_eq!(error.code, Code::NoEmbeddedPdb);
    let error = extract_embedded(b"MODULE", &mut Vec::new(), 1 << 20).unwrap_err();
    assert_eq!(error.code, Code::UnsupportedObject);
}

/// Real files that may not be copied here: `shared` lies beside the tree on the project's machines.
#[test]
fn real_files_beside_the_tree_are_read_if_there_are_any() {
    let root = Path::new("/work/shared/conformance/data/fixtures/symbols");
    let cases = [
        (
            "portable-embedded.pdb/B6919861510C48879994943F64F70C37ffffffff/portable-embedded.pdb",
            true,
        ),
        (
            "integration.pdb/0C1033F78632492E91C6C314B72E1920ffffffff/integration.pdb",
            false,
        ),
    ];
    for (name, embeds) in cases {
        let Ok(pdb) = std::fs::read(root.join(name)) else {
            println!("left out: {name} is not here");
            continue;
        };
        let mut cache = Vec::new();
        build_cache(&pdb, &mut cache, 1 << 20).unwrap();
        let object = &inspect(&pdb, &Wanted::default()).unwrap().objects[0];
        let id = name.split('/').nth(1).unwrap();
        // The age in the path is that of the query, which stands for any.
        assert_eq!(object.breakpad_id[..32], id[..32]);
        assert!(object.has_sources || !embeds);
    }
}
