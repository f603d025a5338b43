//! Writes portable PDBs: the format by ECMA-335 partition II.24 and the Portable PDB specification
//! (v1.0), only the tables that hold documents, sequence points and embedded sources.

use std::io::Write;

/// Kind of a custom debug record that embeds a source: {0E8A571B-6926-466E-B4AD-8AB04611F5FE}.
const EMBEDDED_SOURCE: [u8; 16] = [
    0x1b, 0x57, 0x8a, 0x0e, 0x26, 0x69, 0x6e, 0x46, 0xb4, 0xad, 0x8a, 0xb0, 0x46, 0x11, 0xf5, 0xfe,
];
/// Kind of the record that maps documents to URLs: {CC110556-A091-4D38-9FEC-25AB9A351A6A}.
const SOURCE_LINK: [u8; 16] = [
    0x56, 0x05, 0x11, 0xcc, 0x91, 0xa0, 0x38, 0x4d, 0x9f, 0xec, 0x25, 0xab, 0x9a, 0x35, 0x1a, 0x6a,
];
/// The language C#: {3F5162F8-07C6-11D3-9053-00C04FA302A1}.
const CSHARP: [u8; 16] = [
    0xf8, 0x62, 0x51, 0x3f, 0xc6, 0x07, 0xd3, 0x11, 0x90, 0x53, 0x00, 0xc0, 0x4f, 0xa3, 0x02, 0xa1,
];

/// A document: its path, and its text if that is embedded.
pub struct Document {
    pub path: &'static str,
    pub text: Option<&'static str>,
}

/// A method: the 1-based number of its document, and (IL offset, line) of its sequence points.
pub struct Method {
    pub document: u32,
    pub points: &'static [(u32, u32)],
}

/// A portable PDB with these documents and methods and, if given, a source link map.
pub fn portable_pdb(
    documents: &[Document],
    methods: &[Method],
    source_link: Option<&str>,
) -> Vec<u8> {
    let mut blobs = vec![0];
    let mut document_rows = Vec::new();
    let mut custom_rows = Vec::new();
    for (number, document) in (1..).zip(documents) {
        let name = document_name(&mut blobs, document.path);
        // Name, hash algorithm, hash, language: one GUID is C#.
        document_rows.extend(halves(&[name, 0, 0, 1]));
        if let Some(text) = document.text {
            let value = append(&mut blobs, &embedded(text));
            // The parent is a coded index: five bits of kind, of which 22 is a document.
            custom_rows.extend(halves(&[number << 5 | 22, 2, value]));
        }
    }
    if let Some(json) = source_link {
        let value = append(&mut blobs, json.as_bytes());
        // Kind 7 is the module, row 1.
        custom_rows.extend(halves(&[1 << 5 | 7, 3, value]));
    }
    let mut method_rows = Vec::new();
    for method in methods {
        let points = append(&mut blobs, &sequence_points(method.points));
        method_rows.extend(halves(&[method.document, points]));
    }
    let tables = [
        (0x30, 8, document_rows),
        (0x31, 4, method_rows),
        (0x37, 6, custom_rows),
    ];
    metadata(&[
        ("#Pdb", pdb_stream()),
        ("#~", table_stream(&tables)),
        ("#Strings", vec![0]),
        ("#US", vec![0]),
        ("#GUID", [CSHARP, EMBEDDED_SOURCE, SOURCE_LINK].concat()),
        ("#Blob", blobs),
    ])
}

/// Separator and the blobs of the parts between.
fn document_name(blobs: &mut Vec<u8>, path: &str) -> u32 {
    let separator = if path.contains('\\') { '\\' } else { '/' };
    let mut name = vec![separator as u8];
    for part in path.split(separator) {
        let at = if part.is_empty() {
            0
        } else {
            append(blobs, part.as_bytes())
        };
        name.extend(compressed(at));
    }
    append(blobs, &name)
}

/// Format word (the size before compression) and a deflate stream.
fn embedded(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(
        (text.len() as u32).to_le_bytes().to_vec(),
        flate2::Compression::best(),
    );
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A header without local signature, then each point: offset, one line, four columns.
fn sequence_points(points: &[(u32, u32)]) -> Vec<u8> {
    let mut blob = compressed(0);
    let mut previous: Option<(u32, u32)> = None;
    for (offset, line) in points {
        blob.extend(compressed(
            offset - previous.map_or(0, |(offset, _)| offset),
        ));
        blob.extend(compressed(0)); // lines spanned
        blob.extend(compressed(4)); // columns spanned
        match previous {
            None => {
                blob.extend(compressed(*line));
                blob.extend(compressed(9)); // start column
            }
            Some((_, before)) => {
                blob.extend(signed(*line as i32 - before as i32));
                blob.extend(signed(0));
            }
        }
        previous = Some((*offset, *line));
    }
    blob
}

/// Appends a blob with its length and gives its offset.
fn append(blobs: &mut Vec<u8>, data: &[u8]) -> u32 {
    let at = blobs.len() as u32;
    blobs.extend(compressed(data.len() as u32));
    blobs.extend(data);
    at
}

/// A compressed unsigned integer, II.23.2.
fn compressed(value: u32) -> Vec<u8> {
    match value {
        0..0x80 => vec![value as u8],
        0x80..0x4000 => (value as u16 | 0x8000).to_be_bytes().to_vec(),
        _ => (value | 0xc000_0000).to_be_bytes().to_vec(),
    }
}

/// A compressed signed integer of one or two bytes: rotated left, the sign lowest.
fn signed(value: i32) -> Vec<u8> {
    let sign = u32::from(value < 0);
    if (-0x40..0x40).contains(&value) {
        return vec![((value as u32) << 1 & 0x7e | sign) as u8];
    }
    assert!((-0x2000..0x2000).contains(&value));
    let rotated = (value as u32) << 1 & 0x3ffe | sign;
    (rotated as u16 | 0x8000).to_be_bytes().to_vec()
}

/// Id (GUID and stamp), entry point, and no tables of the assembly referred to.
fn pdb_stream() -> Vec<u8> {
    let mut data: Vec<u8> = (1..=16).collect();
    data.extend(words(&[0xffff_ffff, 0, 0, 0]));
    data
}

/// Heaps below 64 KiB, so that every index has two bytes.
fn table_stream(tables: &[(u32, usize, Vec<u8>)]) -> Vec<u8> {
    let mut data = words(&[0]);
    data.extend([2, 0, 0, 1]);
    let present = tables
        .iter()
        .filter(|(_, _, rows)| !rows.is_empty())
        .fold(0_u64, |mask, (number, _, _)| mask | 1 << number);
    data.extend(present.to_le_bytes());
    data.extend([0; 8]);
    for (_, row_bytes, rows) in tables.iter().filter(|(_, _, rows)| !rows.is_empty()) {
        data.extend(words(&[(rows.len() / row_bytes) as u32]));
    }
    tables.iter().for_each(|(_, _, rows)| data.extend(rows));
    data.extend([0; 4]);
    data
}

/// The metadata root and its streams.
fn metadata(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut root = b"BSJB\x01\0\x01\0\0\0\0\0\x0c\0\0\0PDB v1.0\0\0\0\0\0\0".to_vec();
    root.extend((streams.len() as u16).to_le_bytes());
    let name_bytes = |name: &str| (name.len() + 1).next_multiple_of(4);
    let headers: usize = streams.iter().map(|(name, _)| 8 + name_bytes(name)).sum();
    let mut at = root.len() + headers;
    for (name, data) in streams {
        root.extend(words(&[at as u32, data.len().next_multiple_of(4) as u32]));
        root.extend(name.bytes());
        root.resize(root.len() + name_bytes(name) - name.len(), 0);
        at += data.len().next_multiple_of(4);
    }
    for (_, data) in streams {
        root.extend(data);
        root.resize(root.len().next_multiple_of(4), 0);
    }
    root
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn halves(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| u16::try_from(*value).unwrap().to_le_bytes())
        .collect()
}
