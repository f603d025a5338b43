//! Addresses to rows. The variables of frames come from symbolic's table inside ours, if it is there.

use symbolic_symcache::{SourceLocation, SymCache, Type};

use crate::error::{Code, Error};
use crate::table::{self, Table};
use crate::wire::{self, ReplyBuilder, Row, Text};

/// Answers a batch of image-relative addresses from a table, in request order.
///
/// # Errors
/// [`Code::MalformedTable`] for a damaged table, [`Code::ReplyTooLarge`] for an answer beyond the
/// bounds of a reply.
pub fn lookup_table(table: &Table, addrs: &[u64], reply: &mut ReplyBuilder) -> Result<(), Error> {
    look_up(table, addrs, reply, |id| id)
}

/// Like [`lookup_table`], from a table that is thrown away: no string has a stable id.
///
/// # Errors
/// As [`lookup_table`].
pub(crate) fn lookup_passing_table(
    table: &Table,
    addrs: &[u64],
    reply: &mut ReplyBuilder,
) -> Result<(), Error> {
    look_up(table, addrs, reply, |_| wire::NONE)
}

fn look_up(
    table: &Table,
    addrs: &[u64],
    reply: &mut ReplyBuilder,
    stable_id: impl Fn(u32) -> u32,
) -> Result<(), Error> {
    let symcache = table.symcache().map(parse_symcache).transpose()?;
    let mut chain = Vec::new();
    for addr in addrs {
        reply.begin_address()?;
        let Ok(addr) = u32::try_from(*addr) else {
            continue;
        };
        read_chain(table, addr, &mut chain)?;
        let vars = symcache.as_ref().map(|cache| variables(cache, addr));
        for (depth, location) in chain.iter().enumerate() {
            let from_outermost = chain.len() - 1 - depth;
            let vars = vars.as_ref().and_then(|all| all.get(from_outermost));
            let row = table_row(table, location, &stable_id)?;
            // An inlined call that symbolic leaves out would shift what is further in.
            let vars = vars.filter(|frame| frame.symbol == row.symbol.text);
            let row = Row {
                vars: vars.and_then(|frame| frame.json.as_deref()),
                ..row
            };
            match table.managed(location.path, location.line) {
                Some((path, line)) => {
                    let path = Some(table_text(table, path, &stable_id)?);
                    reply.row(&Row { path, line, ..row })?;
                    reply.row(&Row {
                        vars: None,
                        generated: true,
                        ..row
                    })?;
                }
                None => reply.row(&row)?,
            }
        }
    }
    Ok(())
}

/// The locations of an address, innermost first; none in a gap.
fn read_chain(table: &Table, addr: u32, chain: &mut Vec<table::Location>) -> Result<(), Error> {
    chain.clear();
    let mut next = table.find(addr);
    while let Some(index) = next {
        let location = table.location(index)?;
        if location.function == table::NONE {
            return Ok(());
        }
        chain.push(location);
        // A call site always precedes what was inlined there, so the chain ends; a damaged table
        // that says otherwise is cut here.
        next = Some(location.inlined_into).filter(|caller| *caller < index);
    }
    Ok(())
}

fn table_row<'t>(
    table: &'t Table,
    location: &table::Location,
    stable_id: &impl Fn(u32) -> u32,
) -> Result<Row<'t>, Error> {
    let text = |id: u32| table_text(table, id, stable_id);
    let function = table.function(location.function)?;
    let outermost = location.inlined_into == table::NONE && function.entry_pc != table::NONE;
    Ok(Row {
        sym_addr: outermost.then_some(function.entry_pc.into()),
        line: location.line,
        lang: function.lang,
        symbol: text(function.symbol)?,
        function: text(function.function)?,
        path: match location.path {
            table::NONE => None,
            path => Some(text(path)?),
        },
        vars: None,
        generated: false,
    })
}

fn table_text<'t>(
    table: &'t Table,
    offset: u32,
    stable_id: &impl Fn(u32) -> u32,
) -> Result<Text<'t>, Error> {
    table.string(offset).map(|text| Text {
        text,
        id: stable_id(offset),
    })
}

/// The variables of one frame of symbolic's table.
struct FrameVariables {
    symbol: String,
    json: Option<String>,
}

/// The frames of symbolic's table with their variables, outermost first.
fn variables(cache: &SymCache<'_>, addr: u32) -> Vec<FrameVariables> {
    let mut frames: Vec<_> = cache
        .lookup(addr.into())
        .map(|location| FrameVariables {
            symbol: location.function().name().to_owned(),
            json: variables_json(cache, &location),
        })
        .collect();
    frames.reverse();
    frames
}

/// Opens symbolic's table.
///
/// # Errors
/// [`Code::MalformedTable`]: only tables that we wrote are opened.
pub fn parse_symcache(bytes: &[u8]) -> Result<SymCache<'_>, Error> {
    SymCache::parse(bytes).map_err(|error| Error::caused(Code::MalformedTable, &error))
}

/// The variables in scope of one frame as a JSON object `{name: type}`; `None` when there are none.
///
/// Of two variables with one name the later one stays, as inner scopes come later.
fn variables_json(cache: &SymCache<'_>, location: &SourceLocation<'_, '_>) -> Option<String> {
    let mut json = serde_json::Map::new();
    for variable in location.variables() {
        if let Some(name) = variable.name() {
            let ty = type_name(cache, variable.ty(), MAX_TYPE_DEPTH);
            json.insert(name.to_owned(), ty.into());
        }
    }
    (!json.is_empty()).then(|| serde_json::Value::Object(json).to_string())
}

/// Levels of pointers that are spelled out; the converter keeps five.
const MAX_TYPE_DEPTH: u32 = 8;

fn type_name(cache: &SymCache<'_>, ty: Option<Type<'_>>, depth: u32) -> String {
    let name = match ty {
        None => "<unknown>",
        Some(_) if depth == 0 => "<unknown>",
        Some(Type::Primitive(primitive)) => primitive.name().unwrap_or("<unknown>"),
        Some(Type::Pointer(pointer)) => match pointer.pointee() {
            None => "void*",
            Some(to) => return type_name(cache, cache.lookup_type(to), depth - 1) + "*",
        },
        Some(_) => "<not implemented>",
    };
    name.to_owned()
}
