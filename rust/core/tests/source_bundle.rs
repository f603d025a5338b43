//! Source bundles, on archives made with a zip writer.

mod support;

use std::io::{Cursor, Write};

use framewright_core::bytes::SharedBytes;
use framewright_core::decompress::{Packing, packing};
use framewright_core::error::Code;
use framewright_core::inspect::{Wanted, inspect};
use framewright_core::source_bundle_build::build_source_bundle;
use framewright_core::sources::{FoundSource, Sources, SourcesKind};

use support::fixture;

#[test]
fn build_bundles_what_can_be_read_and_counts_the_rest() {
    let mut out = Cursor::new(Vec::new());
    let mut asked = Vec::new();
    let sources = build_source_bundle(&fixture("elf-dwarf5.so"), "app", &mut out, |path| {
        asked.push(path.to_owned());
        let text: &[u8] = if path.ends_with(".h") {
            b"\xFF\xFE"
        } else {
            b"int main(void) {}\n"
        };
        (!path.starts_with("/usr")).then_some(text)
    })
    .unwrap();
    assert!(sources.bundled > 0, "{asked:?}");
    assert_eq!(sources.bundled + sources.missing, asked.len());
    let bundle = Sources::open(SharedBytes::new(out.into_inner())).unwrap();
    assert_eq!(bundle.file_count(), sources.bundled);
    let inspected = inspect(&fixture("elf-dwarf5.so"), &Wanted::default()).unwrap();
    assert_eq!(bundle.debug_id().to_string(), inspected.objects[0].debug_id);
    let main = asked
        .iter()
        .find(|path| path.ends_with(".c") || path.ends_with(".cpp"))
        .unwrap();
    let text = bundle.get(main).unwrap().unwrap().text;
    assert_eq!(text.as_deref(), Some("int main(void) {}\n"));
}

const MANIFEST: &str = r#"{
    "files": {
        "files/src/main.c": {"type": "source", "path": "C:\\src\\main.c"},
        "files/src/util.h": {"type": "source", "path": "/src/util.h", "url": "https://example.com/util.h"},
        "files/src/gone.c": {"type": "source", "path": "/src/gone.c"}
    },
    "source_links": {"/lib/*": "https://example.com/*?raw=1"},
    "debug_id": "492e2dd2-3cc3-06ca-9c49-4eef1533a381",
    "object_name": "app",
    "arch": "x86_64"
}"#;

fn bundle(manifest: &str) -> Vec<u8> {
    let mut out = Cursor::new(b"SYSB\x02\0\0\0".to_vec());
    out.set_position(8);
    let mut zip = zip::ZipWriter::new(out);
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let files = [
        ("manifest.json", manifest),
        ("files/src/main.c", "int main(void) {}\n"),
        ("files/src/util.h", "#pragma once\n"),
    ];
    for (name, text) in files {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn get_finds_text_by_path_in_either_spelling_and_links_by_pattern() {
    let sources = Sources::open(SharedBytes::new(bundle(MANIFEST))).unwrap();
    assert_eq!(sources.kind(), SourcesKind::SourceBundle);
    assert_eq!(sources.file_count(), 3);
    assert_eq!(
        sources.debug_id().to_string(),
        "492e2dd2-3cc3-06ca-9c49-4eef1533a381"
    );
    let main = Some(FoundSource {
        text: Some("int main(void) {}\n".into()),
        url: None,
    });
    assert_eq!(sources.get(r"C:\src\main.c").unwrap(), main);
    assert_eq!(sources.get("C:/src/main.c").unwrap(), main);
    let util = sources.get("/src/util.h").unwrap().unwrap();
    assert_eq!(util.text.as_deref(), Some("#pragma once\n"));
    assert_eq!(util.url.as_deref(), Some("https://example.com/util.h"));
    let linked = sources.get("/LIB/a/b.c").unwrap().unwrap();
    assert_eq!(linked.text, None);
    assert_eq!(
        linked.url.as_deref(),
        Some("https://example.com/a/b.c?raw=1")
    );
    assert_eq!(sources.get("/src/other.c").unwrap(), None);
}

#[test]
fn get_listed_file_that_is_not_in_the_archive_is_malformed() {
    let sources = Sources::open(SharedBytes::new(bundle(MANIFEST))).unwrap();
    let error = sources.get("/src/gone.c").unwrap_err();
    assert_eq!(error.code, Code::MalformedObject);
}

#[test]
fn inspect_tells_the_bundle_and_its_object() {
    let inspection = inspect(&bundle(MANIFEST), &Wanted::default()).unwrap();
    let object = &inspection.objects[0];
    assert_eq!(
        (inspection.kind, inspection.match_rule),
        ("sourcebundle", "single")
    );
    assert_eq!((object.arch, object.object_kind), ("x86_64", "src"));
    assert!(object.has_sources && !object.has_debug_info && object.stripped);
    assert_eq!(packing(&bundle(MANIFEST)), Ok(Packing::None));
}

#[test]
fn open_damaged_bundles_are_malformed() {
    let whole = bundle(MANIFEST);
    for bytes in [whole[..8].to_vec(), whole[..100].to_vec(), bundle("[1]")] {
        let error = Sources::open(SharedBytes::new(bytes.clone()))
            .err()
            .unwrap();
        assert_eq!(error.code, Code::MalformedObject);
        let error = inspect(&bytes, &Wanted::default()).unwrap_err();
        assert_eq!(error.code, Code::MalformedObject);
    }
    let error = Sources::open(SharedBytes::new(b"MODULE".to_vec()))
        .err()
        .unwrap();
    assert_eq!(error.code, Code::UnsupportedObject);
}
