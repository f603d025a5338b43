//! Writes PDB files that no compiler would: an MSF container with type and id records of one's own.

const PAGE: usize = 4096;

/// A record: its kind and what follows.
pub type Record = (u16, Vec<u8>);

pub const LF_POINTER: u16 = 0x1002;
pub const LF_ARGLIST: u16 = 0x1201;
pub const LF_ARRAY: u16 = 0x1503;
pub const LF_FUNC_ID: u16 = 0x1601;
/// Index of the first record of a stream.
pub const FIRST: u32 = 0x1000;
/// A primitive type: `int`.
pub const INT: u32 = 0x74;

/// A 64-bit pointer to the type with this index.
pub fn pointer(to: u32) -> Record {
    (LF_POINTER, words(&[to, 0x1000c]))
}

/// An argument list.
pub fn arguments(types: &[u32]) -> Record {
    let mut data = words(&[types.len() as u32]);
    data.extend(words(types));
    (LF_ARGLIST, data)
}

/// An array of eight bytes of this type.
pub fn array(of: u32) -> Record {
    let mut data = words(&[of, INT]);
    data.extend([8, 0, 0]);
    (LF_ARRAY, data)
}

/// A function id in a scope.
pub fn function_id(scope: u32, ty: u32) -> Record {
    let mut data = words(&[scope, ty]);
    data.extend(b"f\0");
    (LF_FUNC_ID, data)
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A PDB with these type and id records, an information stream and nothing else.
pub fn pdb(types: &[Record], ids: &[Record]) -> Vec<u8> {
    let streams = [
        Vec::new(),
        information(None),
        items(types),
        Vec::new(),
        items(ids),
    ];
    container(&streams)
}

/// A managed procedure: token, offset and size of its code, and its lines by offset within it.
pub type Managed<'l> = (u32, u32, u32, &'l [(u32, u32)]);

/// A PDB of one module of managed code, all of whose lines are of one file.
pub fn managed_pdb(path: &str, procedures: &[Managed<'_>]) -> Vec<u8> {
    let mut names = vec![0];
    names.extend(path.as_bytes());
    names.push(0);
    let mut strings = words(&[0xeffe_effe, 1, names.len() as u32]);
    strings.extend(names);
    // How strings are found: one bucket, with nothing in it, of no strings.
    strings.extend(words(&[1, 0, 0]));
    let mut symbols = words(&[4]);
    // Checksums of files: the name's offset in the strings, and no checksum.
    let mut lines = words(&[0xf4, 8, 1, 0]);
    for (token, start, size, points) in procedures {
        symbols.extend(symbol(
            S_GMANPROC,
            &managed_procedure(*token, *start, *size),
        ));
        symbols.extend(symbol(S_END, &[]));
        let count = points.len() as u32;
        lines.extend(words(&[0xf2, 24 + 8 * count, *start, 1, *size]));
        lines.extend(words(&[0, count, 12 + 8 * count]));
        for (offset, line) in *points {
            lines.extend(words(&[*offset, *line | 1 << 31]));
        }
    }
    let sizes = (symbols.len() as u32, lines.len() as u32);
    symbols.extend(lines);
    container(&[
        Vec::new(),
        information(Some(("/names", 5))),
        items(&[]),
        debug_information(6, sizes),
        items(&[]),
        strings,
        symbols,
    ])
}

const S_END: u16 = 0x0006;
const S_GMANPROC: u16 = 0x112a;

fn managed_procedure(token: u32, start: u32, size: u32) -> Vec<u8> {
    let mut data = words(&[0, 0, 0, size, 0, 0, token, start]);
    // Section, flags, register; then the name.
    data.extend([1, 0, 0, 0, 0]);
    data.extend(b"Run\0");
    data
}

/// A record of a symbol stream.
fn symbol(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = (body.len() + 4).next_multiple_of(4) - 2;
    let mut data = (length as u16).to_le_bytes().to_vec();
    data.extend(kind.to_le_bytes());
    data.extend(body);
    data.resize(length + 2, 0);
    data
}

/// A header and one module with this stream and these sizes of symbols and lines.
fn debug_information(stream: u16, (symbols, lines): (u32, u32)) -> Vec<u8> {
    let mut module = words(&[0; 8]);
    module.extend([0, 0]);
    module.extend(stream.to_le_bytes());
    module.extend(words(&[symbols, 0, lines, 0, 0, 0, 0]));
    module.extend(b"m\0o\0");
    let mut data = words(&[u32::MAX, 19_990_903, 1]);
    for number in [u16::MAX, 0, u16::MAX, 0, u16::MAX, 0] {
        data.extend(number.to_le_bytes());
    }
    data.extend(words(&[module.len() as u32, 0, 0, 0, 0, 0, 0, 0]));
    // Flags, the machine, and what nobody uses.
    data.extend([0; 8]);
    data.extend(module);
    data
}

/// Version, signature, age, GUID, and a map of named streams, with at most one.
fn information(named: Option<(&str, u32)>) -> Vec<u8> {
    let mut data = words(&[20_000_404, 1, 1]);
    data.extend([0x11; 16]);
    // Names; map: number of entries, capacity 1, one word of present bits, no deleted bits.
    let name = named.map_or(String::new(), |(name, _)| format!("{name}\0"));
    data.extend(words(&[name.len() as u32]));
    data.extend(name.as_bytes());
    let count = u32::from(named.is_some());
    data.extend(words(&[count, 1, 1, count, 0]));
    if let Some((_, stream)) = named {
        data.extend(words(&[0, stream]));
    }
    data
}

fn items(records: &[Record]) -> Vec<u8> {
    let mut data = Vec::new();
    for (kind, body) in records {
        let padding = (body.len() + 2).next_multiple_of(4) - body.len() - 2;
        data.extend(((body.len() + padding + 2) as u16).to_le_bytes());
        data.extend(kind.to_le_bytes());
        data.extend(body);
        data.extend((0..padding).map(|i| 0xf0 | (padding - i) as u8));
    }
    let end = FIRST + records.len() as u32;
    let mut stream = words(&[20_040_203, 56, FIRST, end, data.len() as u32]);
    // Hash stream (none), key and bucket sizes, and three empty buffers.
    stream.extend([0xff; 4]);
    stream.extend(words(&[4, 0x3ffff, 0, 0, 0, 0, 0, 0]));
    stream.extend(data);
    stream
}

fn container(streams: &[Vec<u8>]) -> Vec<u8> {
    let mut pages: Vec<u8> = vec![0; 3 * PAGE];
    let mut directory = words(&[streams.len() as u32]);
    directory.extend(words(
        &streams.iter().map(|s| s.len() as u32).collect::<Vec<_>>(),
    ));
    for stream in streams {
        directory.extend(append(&mut pages, stream));
    }
    let length = directory.len() as u32;
    let directory_pages = append(&mut pages, &directory);
    let map = append(&mut pages, &directory_pages);
    let map_page = u32::from_le_bytes(map[..4].try_into().unwrap());
    let mut head = b"Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0".to_vec();
    head.extend(words(&[
        PAGE as u32,
        1,
        (pages.len() / PAGE) as u32,
        length,
        0,
        map_page,
    ]));
    pages[..head.len()].copy_from_slice(&head);
    pages
}

/// Appends a stream as whole pages and gives their numbers as words.
fn append(pages: &mut Vec<u8>, stream: &[u8]) -> Vec<u8> {
    let first = pages.len() / PAGE;
    pages.extend(stream);
    pages.resize(pages.len().next_multiple_of(PAGE), 0);
    words(
        &(first..pages.len() / PAGE)
            .map(|page| page as u32)
            .collect::<Vec<_>>(),
    )
}
