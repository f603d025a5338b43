//! Addresses to rows: from our table, which is the hot path, and from symbolic's own.
//!
//! Both give the same rows for the same object; `tests/table_equals_symcache.rs` compares them at
//! every range boundary of every fixture.

use symbolic_symcache::{SourceLocation, SymCache, Type};

use crate::demangle::demangle;
use crate::error::{Code, Error};
use crate::table::{self, Table};
use crate::wire::{self, ReplyBuilder, Row, Text};

/// Answers a batch of image-relative addresses from a table, in request order.
///
/// # Errors
/// [`Code::MalformedTable`] for a damaged table, [`Code::ReplyTooLarge`] for an answer beyond the
/// bounds of a reply.
pub fn lookup_table(table: &Table, addrs: &[u64], reply: &mut ReplyBuilder) -> Result<(), Error> {
    let symcache = table.symcache().map(parse_symcache).transpose()?;
    for addr in addrs {
        reply.begin_address()?;
        if let Ok(addr) = u32::try_from(*addr) {
            lookup_one(table, addr, symcache.as_ref(), reply)?;
        }
    }
    Ok(())
}

fn lookup_one(
    table: &Table,
    addr: u32,
    symcache: Option<&SymCache<'_>>,
    reply: &mut ReplyBuilder,
) -> Result<(), Error> {
    let Some(mut index) = table.find(addr) else {
        return Ok(());
    };
    let mut variables = symcache.map(|cache| (cache, cache.lookup(addr.into())));
    loop {
        let location = table.location(index)?;
        if location.function == table::NONE {
            return Ok(());
        }
        let vars = variables
            .as_mut()
            .and_then(|(cache, locations)| variables_json(cache, &locations.next()?));
        reply.row(&table_row(table, &location, vars.as_deref())?)?;
        // A call site always precedes what was inlined there, so the chain ends; a damaged table
        // that says otherwise is cut here.
        if location.inlined_into >= index {
            return Ok(());
        }
        index = location.inlined_into;
    }
}

fn table_row<'t>(
    table: &'t Table,
    location: &table::Location,
    vars: Option<&'t str>,
) -> Result<Row<'t>, Error> {
    let text = |id: u32| table.string(id).map(|text| Text { text, id });
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
        vars,
    })
}

/// Opens symbolic's table.
///
/// # Errors
/// [`Code::MalformedTable`]: only tables that we wrote are opened.
pub fn parse_symcache(bytes: &[u8]) -> Result<SymCache<'_>, Error> {
    SymCache::parse(bytes).map_err(|error| Error::caused(Code::MalformedTable, &error))
}

/// Adds the rows of one address from symbolic's table, demangling and joining paths on the way.
///
/// The caller has called [`ReplyBuilder::begin_address`]. Call this on a thread with several
/// megabytes of stack, since demanglers recurse.
///
/// # Errors
/// [`Code::ReplyTooLarge`] for an answer beyond the bounds of a reply.
pub fn lookup_symcache(
    cache: &SymCache<'_>,
    addr: u64,
    variables: bool,
    reply: &mut ReplyBuilder,
) -> Result<(), Error> {
    let mut locations = cache.lookup(addr).peekable();
    while let Some(location) = locations.next() {
        let function = location.function();
        let symbol = function.name();
        let demangled = demangle(symbol, function.language());
        let outermost = locations.peek().is_none() && function.entry_pc() != u32::MAX;
        let path = location.file().map(|file| file.full_path());
        let vars = if variables {
            variables_json(cache, &location)
        } else {
            None
        };
        reply.row(&Row {
            sym_addr: outermost.then_some(function.entry_pc().into()),
            line: location.line(),
            lang: wire::language_index(function.language()),
            symbol: Text::plain(symbol),
            function: Text::plain(demangled.as_deref().unwrap_or(symbol)),
            path: path.as_deref().map(Text::plain),
            vars: vars.as_deref(),
        })?;
    }
    Ok(())
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
