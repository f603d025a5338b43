//! Reads a flat reply by its description in `wire.rs`, with nothing of the writer's code.

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub sym_addr: Option<u64>,
    pub line: u32,
    pub lang: &'static str,
    pub symbol: String,
    pub function: String,
    pub path: Option<String>,
    pub vars: Option<String>,
    /// Symbol, function and path id.
    pub ids: [u32; 3],
    pub generated: bool,
}

const LANGUAGES: [&str; 12] = [
    "unknown",
    "c",
    "cpp",
    "d",
    "go",
    "objc",
    "objcpp",
    "rust",
    "swift",
    "csharp",
    "visualbasic",
    "fsharp",
];

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// The frames of each address; panics on a reply that breaks the format.
pub fn decode(reply: &[u8]) -> Vec<Vec<Frame>> {
    assert_eq!(&reply[..4], b"FWL1");
    assert_eq!(word(reply, 4), 2, "version");
    let [addrs, rows, strings_len] = [8, 12, 16].map(|at| word(reply, at) as usize);
    assert!(reply[20..32].iter().all(|byte| *byte == 0), "reserved");
    let rows_at = (32 + 4 * (addrs + 1)).next_multiple_of(8);
    let strings_at = rows_at + 64 * rows;
    assert_eq!(reply.len(), strings_at + strings_len, "length");
    let strings = &reply[strings_at..];
    let starts: Vec<_> = (0..=addrs)
        .map(|i| word(reply, 32 + 4 * i) as usize)
        .collect();
    assert_eq!(starts[addrs], rows);
    assert!(starts.is_sorted());
    (0..addrs)
        .map(|i| {
            (starts[i]..starts[i + 1])
                .map(|row| decode_row(&reply[rows_at + 64 * row..][..64], strings))
                .collect()
        })
        .collect()
}

fn decode_row(row: &[u8], strings: &[u8]) -> Frame {
    let text = |at: usize| {
        let (offset, length) = (word(row, at), word(row, at + 4) as usize);
        if offset == u32::MAX {
            return None;
        }
        let text = &strings[offset as usize..][..length];
        Some(std::str::from_utf8(text).unwrap().to_owned())
    };
    let sym_addr = u64::from_le_bytes(row[..8].try_into().unwrap());
    assert!(word(row, 60) <= 1, "flag");
    Frame {
        sym_addr: (sym_addr != u64::MAX).then_some(sym_addr),
        line: word(row, 8),
        lang: LANGUAGES[word(row, 12) as usize],
        symbol: text(16).expect("symbol"),
        function: text(24).expect("function"),
        path: text(32),
        vars: text(40),
        ids: [48, 52, 56].map(|at| word(row, at)),
        generated: word(row, 60) == 1,
    }
}
