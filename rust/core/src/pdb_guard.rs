//! Refuses PDB files whose type records would send the name formatter astray.
//!
//! The situation: names of PDB functions are put together from type records by recursive descent
//! (`pdb-addr2line`). A chain of a million pointers, a function id that is its own scope, an array of
//! itself, or argument lists that each name the previous one twice are all valid bytes, and they end
//! in a stack overflow (which no panic net catches), an endless loop, or a name of gigabytes. What a
//! compiler writes is shallow and small. So the records are walked once before, without recursion,
//! and each gets the depth and size of what formatting it would cost.
//!
//! Tests: `tests/hostile_pdb.rs` builds such files.

use std::io::Cursor;

use pdb2::{FallibleIterator, IdData, IdIndex, ItemIndex, TypeData, TypeIndex};

use crate::error::{Code, Error};

/// Levels of records below one record. Compilers stay below fifty.
const MAX_DEPTH: u32 = 512;

/// Bytes of all records that formatting one record visits, each counted as often as it is visited.
/// Names of deeply templated functions reach some hundred thousand.
const MAX_EXPANDED_BYTES: u32 = 4 << 20;

/// Records that refer to later ones. Only old type servers write any.
const MAX_FORWARD: usize = 1 << 20;

/// Passes over the records that refer to later ones; each settles at least one level.
const MAX_PASSES: usize = 64;

/// Bytes of one line of the source server stream, whose variables are read by recursive descent too.
const MAX_SOURCE_SERVER_LINE: usize = 64 << 10;

/// Kind of a field list record: long, frequent, and never visited for a name.
const LF_FIELDLIST: u16 = 0x1203;

/// What formatting a record costs; zero depth means not known yet.
#[derive(Clone, Copy, Default)]
struct Cost {
    depth: u32,
    bytes: u32,
}

/// Checks the type and id records, the modules and the source server stream of a PDB.
///
/// # Errors
/// [`Code::InputLimit`] when a record refers to itself or is too deep or too large,
/// [`Code::MalformedObject`] when the streams cannot be read.
pub fn check(data: &[u8]) -> Result<(), Error> {
    let mut pdb = pdb2::PDB::open(Cursor::new(data)).map_err(malformed)?;
    let types = pdb.type_information().map_err(malformed)?;
    let types = check_types(&types)?;
    // Files of old compilers have no id stream.
    if let Ok(ids) = pdb.id_information() {
        check_ids(&ids, &types)?;
    }
    check_modules(&mut pdb)?;
    check_source_server(&mut pdb)
}

/// Lines that are said to lie behind the end of their module's stream make `pdb2` panic, where all else that lies
/// there is an error of its own.
fn check_modules<'d>(pdb: &mut pdb2::PDB<'d, Cursor<&'d [u8]>>) -> Result<(), Error> {
    let Ok(debug) = pdb.debug_information() else {
        // Without it there are no modules, and whoever asks for them hears of it.
        return Ok(());
    };
    let mut modules = debug.modules().map_err(malformed)?;
    while let Some(module) = modules.next().map_err(malformed)? {
        let info = module.info();
        let end = u64::from(info.symbols_size) + u64::from(info.c13_lines_size);
        if let Ok(Some(stream)) = pdb.raw_stream(info.stream)
            && end > stream.len() as u64
        {
            return Err(Error::new(
                Code::MalformedObject,
                "the lines of a module lie behind the end of its stream",
            ));
        }
    }
    Ok(())
}

/// The costs of all records of one stream, by index.
struct Costs {
    first: u32,
    costs: Vec<Cost>,
}

impl Costs {
    fn new(first: u32) -> Self {
        Costs {
            first,
            costs: Vec::new(),
        }
    }

    /// The cost of a reference; `None` while it is not known. Primitive types and references out of
    /// the stream (which the formatter prints as missing) cost nothing.
    fn of(&self, index: u32, records: usize) -> Option<Cost> {
        let nothing = Cost {
            depth: 1,
            bytes: 16,
        };
        let Some(at) = index.checked_sub(self.first) else {
            return Some(nothing);
        };
        match self.costs.get(at as usize) {
            Some(cost) if cost.depth == 0 => None,
            Some(cost) => Some(*cost),
            None if (at as usize) < records => None,
            None => Some(nothing),
        }
    }

    /// The cost of a record with these references, if all are known.
    fn sum(&self, own: usize, refs: &[u32], records: usize) -> Option<Cost> {
        let mut sum = Cost {
            depth: 1,
            bytes: u32::try_from(own).unwrap_or(u32::MAX).saturating_add(16),
        };
        for index in refs {
            let cost = self.of(*index, records)?;
            sum.depth = sum.depth.max(cost.depth + 1);
            sum.bytes = sum.bytes.saturating_add(cost.bytes);
        }
        Some(sum)
    }
}

/// A record whose references were not all known when it was read.
struct Waiting {
    at: usize,
    own: usize,
    refs: Vec<u32>,
}

fn check_types(types: &pdb2::TypeInformation<'_>) -> Result<Costs, Error> {
    let records = types.len();
    let mut costs = Costs::new(0x1000);
    let mut waiting = Vec::new();
    let mut refs = Vec::new();
    let mut iter = types.iter();
    while let Some(record) = iter.next().map_err(malformed)? {
        let at = costs.costs.len();
        if at == 0 {
            costs.first = record.index().0;
        }
        refs.clear();
        if record.raw_kind() != LF_FIELDLIST {
            // A record that cannot be parsed is printed as its kind.
            if let Ok(data) = record.parse() {
                type_references(&data, &mut refs);
            }
        }
        settle(&mut costs, at, record.len(), &refs, records, &mut waiting)?;
    }
    settle_waiting(&mut costs, waiting, records)?;
    Ok(costs)
}

/// Ids refer to their scope, another id, and to types.
fn check_ids(ids: &pdb2::IdInformation<'_>, types: &Costs) -> Result<(), Error> {
    let records = ids.len();
    let mut costs = Costs::new(0x1000);
    let mut waiting = Vec::new();
    let mut iter = ids.iter();
    while let Some(record) = iter.next().map_err(malformed)? {
        let at = costs.costs.len();
        if at == 0 {
            costs.first = record.index().0;
        }
        let mut own = record.len();
        let mut refs = Vec::new();
        if let Ok(data) = record.parse() {
            let mut type_refs = Vec::new();
            match data {
                IdData::Function(function) => {
                    refs.extend(function.scope.map(|IdIndex(scope)| scope));
                    type_refs.push(function.function_type);
                }
                IdData::MemberFunction(method) => {
                    type_refs.extend([method.parent, method.function_type]);
                }
                IdData::StringList(list) => type_refs.extend(list.substrings),
                _ => {}
            }
            // All types are settled by now: what is not known lies outside the stream.
            own += type_refs
                .iter()
                .filter_map(|TypeIndex(index)| types.of(*index, 0))
                .fold(0usize, |sum, cost| sum.saturating_add(cost.bytes as usize));
        }
        refuse_cross_module(&refs)?;
        settle(&mut costs, at, own, &refs, records, &mut waiting)?;
    }
    settle_waiting(&mut costs, waiting, records)
}

/// The references that formatting follows.
fn type_references(data: &TypeData<'_>, refs: &mut Vec<u32>) {
    let mut follow = |index: TypeIndex| refs.push(index.0);
    match data {
        TypeData::Pointer(pointer) => follow(pointer.underlying_type),
        TypeData::Modifier(modifier) => follow(modifier.underlying_type),
        TypeData::Enumeration(enumeration) => follow(enumeration.underlying_type),
        TypeData::Bitfield(bitfield) => follow(bitfield.underlying_type),
        TypeData::Array(array) => follow(array.element_type),
        TypeData::Procedure(procedure) => {
            procedure.return_type.into_iter().for_each(&mut follow);
            follow(procedure.argument_list);
        }
        TypeData::MemberFunction(method) => {
            follow(method.return_type);
            follow(method.class_type);
            method.this_pointer_type.into_iter().for_each(&mut follow);
            follow(method.argument_list);
        }
        TypeData::ArgumentList(list) => list.arguments.iter().copied().for_each(follow),
        _ => {}
    }
}

/// Records the cost of the record at `at`, or queues it.
fn settle(
    costs: &mut Costs,
    at: usize,
    own: usize,
    refs: &[u32],
    records: usize,
    waiting: &mut Vec<Waiting>,
) -> Result<(), Error> {
    refuse_cross_module(refs)?;
    let cost = costs.sum(own, refs, records);
    costs.costs.push(cost.unwrap_or_default());
    match cost {
        Some(cost) => refuse_large(cost, at),
        None if waiting.len() < MAX_FORWARD => {
            waiting.push(Waiting {
                at,
                own,
                refs: refs.to_vec(),
            });
            Ok(())
        }
        None => Err(refusal(at, "one of too many that refer to later records")),
    }
}

/// Settles queued records, the last first: a chain of references to later ones settles in one pass.
fn settle_waiting(
    costs: &mut Costs,
    mut waiting: Vec<Waiting>,
    records: usize,
) -> Result<(), Error> {
    for _ in 0..MAX_PASSES {
        let mut left = Vec::new();
        for record in waiting.into_iter().rev() {
            match costs.sum(record.own, &record.refs, records) {
                Some(cost) => {
                    refuse_large(cost, record.at)?;
                    costs.costs[record.at] = cost;
                }
                None => left.push(record),
            }
        }
        left.reverse();
        waiting = left;
        if waiting.is_empty() {
            return Ok(());
        }
    }
    let at = waiting.first().map_or(0, |record| record.at);
    Err(refusal(at, "part of itself"))
}

fn refuse_large(cost: Cost, at: usize) -> Result<(), Error> {
    if cost.depth > MAX_DEPTH {
        return Err(refusal(at, "too deeply nested"));
    }
    if cost.bytes > MAX_EXPANDED_BYTES {
        return Err(refusal(at, "too large when written out"));
    }
    Ok(())
}

/// Records refer within their stream; only symbols refer across modules.
fn refuse_cross_module(refs: &[u32]) -> Result<(), Error> {
    if refs.iter().any(|index| TypeIndex(*index).is_cross_module()) {
        return Err(refusal(0, "referring across modules"));
    }
    Ok(())
}

fn check_source_server<'d>(pdb: &mut pdb2::PDB<'d, Cursor<&'d [u8]>>) -> Result<(), Error> {
    let Ok(stream) = pdb.named_stream(b"srcsrv") else {
        return Ok(());
    };
    let longest = stream
        .as_slice()
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0);
    if longest > MAX_SOURCE_SERVER_LINE {
        let message = format!("the source server stream has a line of {longest} bytes");
        return Err(Error::new(Code::InputLimit, message).in_section("srcsrv"));
    }
    Ok(())
}

fn refusal(at: usize, what: &str) -> Error {
    Error::new(
        Code::InputLimit,
        format!("type record {at} of the PDB is {what}; no compiler writes that"),
    )
    .in_section("TPI")
}

fn malformed(error: pdb2::Error) -> Error {
    Error::caused(Code::MalformedObject, &error)
}
