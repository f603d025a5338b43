//! Files that go with a debug file: recognised by their content, since downloads have no useful names.

use std::ops::ControlFlow;

/// What a side file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SideFile {
    /// An Apple BCSymbolMap: the names that bitcode compilation hid.
    BcSymbolMap,
    /// A property list that names the object a rebuilt one came from.
    UuidMap {
        /// The original UUID, dashed, lower case.
        target: String,
    },
    /// A Unity il2cpp line mapping.
    Il2cpp,
    /// A mapping of obfuscated JVM names, by ProGuard or R8.
    Proguard,
}

/// Bytes of a property list that are searched; real ones have about a thousand.
const PLIST_BYTES: usize = 64 << 10;

/// Bytes of a JSON file that are looked at; a path is at most a few thousand.
const JSON_BYTES: usize = 64 << 10;

/// Recognises a side file by its first bytes.
pub fn recognise(data: &[u8]) -> Option<SideFile> {
    if data.starts_with(b"BCSymbolMap Version: 2.0") {
        return Some(SideFile::BcSymbolMap);
    }
    if let Some(target) = uuid_map_target(&data[..data.len().min(PLIST_BYTES)]) {
        return Some(SideFile::UuidMap { target });
    }
    starts_like_il2cpp(&data[..data.len().min(JSON_BYTES)]).then_some(SideFile::Il2cpp)
}

/// The `DBGOriginalUUID` of a property list.
///
/// The list is searched, not parsed: the key and the string after it are all there is to know, and a
/// parser would have to be kept from deep nesting.
fn uuid_map_target(data: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(data).ok()?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !["<?xml", "<!DOCTYPE plist", "<plist"]
        .iter()
        .any(|head| start.starts_with(head))
    {
        return None;
    }
    let (_, after_key) = text.split_once("<key>DBGOriginalUUID</key>")?;
    let value = after_key.trim_start().strip_prefix("<string>")?;
    let (uuid, _) = value.split_once("</string>")?;
    let uuid: symbolic_common::Uuid = uuid.trim().parse().ok()?;
    Some(uuid.hyphenated().to_string())
}

/// Whether the JSON text starts like `{"a.cpp": {"b.cs": {`, the shape of a line mapping. The part
/// `"__debug-id__": {"<id>": {}}` that makes the files of two architectures differ has it too.
fn starts_like_il2cpp(data: &[u8]) -> bool {
    let mut rest = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    for level in 0..3 {
        rest = rest.trim_ascii_start();
        let Some(inner) = rest.strip_prefix(b"{") else {
            return false;
        };
        if level == 2 {
            return true;
        }
        let Some(after) = skip_key(inner.trim_ascii_start()) else {
            return false;
        };
        rest = after;
    }
    false
}

/// What follows `"text":`.
fn skip_key(data: &[u8]) -> Option<&[u8]> {
    let text = data.strip_prefix(b"\"")?;
    let end = text
        .iter()
        .enumerate()
        .try_fold(false, |escaped, (at, byte)| match (escaped, byte) {
            (true, _) => ControlFlow::Continue(false),
            (false, b'\\') => ControlFlow::Continue(true),
            (false, b'"') => ControlFlow::Break(at),
            (false, _) => ControlFlow::Continue(false),
        });
    let ControlFlow::Break(end) = end else {
        return None;
    };
    text[end + 1..].trim_ascii_start().strip_prefix(b":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognise_uuid_map_gives_the_original_uuid() {
        let plist = br#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>DBGOriginalUUID</key>
  <string>C8374B6D-6E96-34D8-AE38-EFAA5FEC424F</string>
  <key>DBGVersion</key><string>3</string>
</dict></plist>"#;
        let target = "c8374b6d-6e96-34d8-ae38-efaa5fec424f".to_owned();
        assert_eq!(recognise(plist), Some(SideFile::UuidMap { target }));
    }

    #[test]
    fn recognise_plist_without_uuid_is_unknown() {
        assert_eq!(recognise(b"<?xml?><plist><dict/></plist>"), None);
        let other = b"<plist><key>DBGOriginalUUID</key><string>none</string></plist>";
        assert_eq!(recognise(other), None);
    }

    #[test]
    fn recognise_il2cpp_by_three_levels_of_objects() {
        for json in [
            r#"{"/a \"b\".cpp": {"/c.cs": {"1": 2}}}"#,
            r#"{"__debug-id__":{"00000000-0000-0000-0000-000000000000":{}}}"#,
        ] {
            assert_eq!(recognise(json.as_bytes()), Some(SideFile::Il2cpp), "{json}");
        }
        for json in [
            "",
            "{",
            "{}",
            r#"{"a":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a"#,
            r#"["a"]"#,
        ] {
            assert_eq!(recognise(json.as_bytes()), None, "{json}");
        }
    }

    #[test]
    fn recognise_bcsymbolmap_by_its_header() {
        let map = b"BCSymbolMap Version: 2.0\n_main\n";
        assert_eq!(recognise(map), Some(SideFile::BcSymbolMap));
        assert_eq!(recognise(b"BCSymbolMap Version: 1.0\n"), None);
    }
}
