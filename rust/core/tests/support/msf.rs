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
        information(),
        items(types),
        Vec::new(),
        items(ids),
    ];
    container(&streams)
}

/// Version, signature, age, GUID, and an empty map of named streams.
fn information() -> Vec<u8> {
    let mut data = words(&[20_000_404, 1, 1]);
    data.extend([0x11; 16]);
    // Names: no bytes; map: no entries, capacity 1, one word of present bits, no deleted bits.
    data.extend(words(&[0, 0, 1, 1, 0, 0]));
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
