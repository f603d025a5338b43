//! The first answer from a Breakpad symbol file, without reading its lines: one search for where functions
//! and public symbols begin, then the ordinary conversion of an excerpt.
//!
//! The excerpt is a symbol file itself. It holds the records that can decide the answers to the addresses asked
//! for: the functions between the floor of each address (see [`near`](crate::dwarf_lookup)) and the address, the
//! public symbols at the floors, and the files and inlined functions that those functions name. The order is that
//! of the file, since of what overlaps the later counts. What symbolic makes of the excerpt near the addresses is
//! what it makes of the whole.
//!
//! # What equality rests on
//!
//! Lines and inlined calls lie inside their function's range. Damage fails a conversion wherever it is; here only
//! damage near the addresses is noticed.

use std::collections::HashSet;
use std::ops::Range;

use memchr::memmem;
use symbolic_debuginfo::breakpad::{
    BreakpadFuncRecord, BreakpadObject, BreakpadPublicRecord, Lines,
};

use crate::dwarf_lookup::near::Near;
use crate::error::{Code, Error};
use crate::symcache_build::{TableOptions, build_table};
use crate::table::TableImage;

/// Functions and symbols of one file: three times as many as the largest browser has.
const MAX_RECORDS: usize = 8 << 20;

/// Where functions and public symbols of a symbol file begin, in its order.
pub(crate) struct BreakpadIndex {
    functions: Vec<FunctionLine>,
    publics: Vec<PublicLine>,
    /// Of every line that starts with `INLINE_ORIGIN `.
    origins: Vec<usize>,
    /// End of the records of symbols, which those of the stack follow.
    end: usize,
}

struct FunctionLine {
    offset: usize,
    address: u32,
    /// Bytes of code, 0 where the conversion passes the function over.
    size: u32,
}

struct PublicLine {
    offset: usize,
    /// `None` for what the conversion passes over.
    address: Option<u32>,
}

impl BreakpadIndex {
    /// Finds the records of a symbol file.
    ///
    /// # Errors
    /// [`Code::MalformedDebugInfo`] for a function that cannot be read, [`Code::InputLimit`] for too many records
    /// and for a function that reaches beyond 32 bits, whose end the conversion cuts.
    pub(crate) fn build(data: &[u8]) -> Result<BreakpadIndex, Error> {
        let end = memmem::find(data, b"\nSTACK ").map_or(data.len(), |at| at + 1);
        let symbols = &data[..end];
        let mut functions = Vec::new();
        for offset in line_starts(symbols, "\nFUNC ") {
            functions.push(function_line(symbols, offset)?);
            check_count(functions.len())?;
        }
        let mut publics = Vec::new();
        for offset in line_starts(symbols, "\nPUBLIC ") {
            let record = BreakpadPublicRecord::parse(line_at(symbols, offset)).ok();
            let address = record.and_then(|record| u32::try_from(record.address).ok());
            publics.push(PublicLine { offset, address });
            check_count(publics.len())?;
        }
        let origins: Vec<usize> = line_starts(symbols, "\nINLINE_ORIGIN ")
            .take(MAX_RECORDS + 1)
            .collect();
        check_count(origins.len())?;
        Ok(BreakpadIndex {
            functions,
            publics,
            origins,
            end,
        })
    }

    /// A table that answers these addresses and no others.
    ///
    /// # Errors
    /// As [`build_table`].
    pub(crate) fn table(
        &self,
        data: &[u8],
        addrs: &[u64],
        options: &TableOptions<'_>,
    ) -> Result<TableImage, Error> {
        let excerpt = self.excerpt(data, addrs);
        let object = BreakpadObject::parse(&excerpt)
            .map_err(|error| Error::caused(Code::MalformedObject, &error))?;
        build_table(&object, options)
    }

    fn excerpt(&self, data: &[u8], addrs: &[u64]) -> Vec<u8> {
        let mut near = Near::new(addrs);
        let begins = self
            .functions
            .iter()
            .filter(|function| function.size > 0)
            .map(|function| function.address)
            .chain(self.publics.iter().filter_map(|public| public.address));
        near.raise(begins.map(u64::from));

        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut named = Named::default();
        for (number, function) in self.functions.iter().enumerate() {
            let begin = u64::from(function.address);
            // A function that ends at a floor says that nothing is there, if nothing is.
            let end = begin + u64::from(function.size) + 1;
            if function.size > 0 && near.touches(begin, end) {
                let block = function.offset..self.block_end(number);
                named.read(&data[block.clone()]);
                parts.push(block);
            }
        }
        let blocks = parts.clone();
        let is_in_a_block = |at: usize| {
            let after = blocks.partition_point(|block| block.start <= at);
            after > 0 && at < blocks[after - 1].end
        };
        for at in &self.origins {
            let line = line_range(data, *at);
            let id = number(&data[line.clone()], 1);
            // What has no number is for symbolic to judge.
            if id.is_none_or(|id| named.origins.contains(&id)) && !is_in_a_block(*at) {
                parts.push(line);
            }
        }
        for public in &self.publics {
            if public.address.is_some_and(|at| near.is_floor(at)) {
                parts.push(line_range(data, public.offset));
            }
        }
        parts.sort_by_key(|part| part.start);

        let mut excerpt = Vec::new();
        let mut at = 0;
        while at < self.end {
            let line = line_range(data, at);
            let text = &data[line.clone()];
            let wanted = if text.starts_with(b"FILE ") {
                number(text, 1).is_none_or(|id| named.files.contains(&id))
            } else if text.starts_with(b"MODULE ") {
                true
            } else if text.starts_with(b"INFO ") {
                false
            } else {
                break;
            };
            if wanted {
                excerpt.extend_from_slice(text);
            }
            at = line.end;
        }
        for part in parts {
            excerpt.extend_from_slice(&data[part]);
        }
        excerpt
    }

    /// Where the lines of a function end: at the next function or public symbol.
    fn block_end(&self, function: usize) -> usize {
        let begin = self.functions[function].offset;
        let next = self.functions.get(function + 1).map(|next| next.offset);
        let after = self.publics.partition_point(|public| public.offset < begin);
        let public = self.publics.get(after).map(|public| public.offset);
        next.unwrap_or(self.end).min(public.unwrap_or(self.end))
    }
}

/// The files and inlined functions that lines of functions name.
#[derive(Default)]
struct Named {
    files: HashSet<u64>,
    origins: HashSet<u64>,
}

impl Named {
    /// Takes note of what the lines of a function name.
    ///
    /// `address size line file` is a line, `INLINE depth line file origin [address size]+` a call.
    fn read(&mut self, block: &[u8]) {
        for line in block.split(|byte| *byte == b'\n') {
            if line.starts_with(b"INLINE ") {
                self.files.extend(number(line, 3));
                self.origins.extend(number(line, 4));
            } else {
                self.files.extend(number(line, 3));
            }
        }
    }
}

fn check_count(records: usize) -> Result<(), Error> {
    if records > MAX_RECORDS {
        return Err(Error::new(
            Code::InputLimit,
            "a symbol file with more records than can be looked up one by one",
        ));
    }
    Ok(())
}

/// Offsets of the lines that start with `head`, which begins with the end of the line before.
fn line_starts<'d>(data: &'d [u8], head: &'static str) -> impl Iterator<Item = usize> + 'd {
    memmem::find_iter(data, head.as_bytes()).map(|at| at + 1)
}

/// A line with its end.
fn line_range(data: &[u8], offset: usize) -> Range<usize> {
    let end = memchr::memchr(b'\n', &data[offset..]).map_or(data.len(), |at| offset + at + 1);
    offset..end
}

fn line_at(data: &[u8], offset: usize) -> &[u8] {
    data[line_range(data, offset)].trim_ascii_end()
}

/// The decimal number in a field of a line, counted from 0.
fn number(line: &[u8], field: usize) -> Option<u64> {
    let field = line
        .split(u8::is_ascii_whitespace)
        .filter(|field| !field.is_empty())
        .nth(field)?;
    std::str::from_utf8(field).ok()?.parse().ok()
}

fn function_line(data: &[u8], offset: usize) -> Result<FunctionLine, Error> {
    let line = line_at(data, offset);
    let (address, size) = match plain_function(line) {
        Some(range) => range,
        None => BreakpadFuncRecord::parse(line, Lines::default())
            .map(|record| (record.address, record.size))
            .map_err(|error| Error::caused(Code::MalformedDebugInfo, &error).at(offset as u64))?,
    };
    // The conversion leaves out what begins beyond 32 bits.
    let (Ok(begin), true) = (u32::try_from(address), size > 0) else {
        return Ok(FunctionLine {
            offset,
            address: 0,
            size: 0,
        });
    };
    match u32::try_from(size) {
        Ok(size) if begin.checked_add(size).is_some() => Ok(FunctionLine {
            offset,
            address: begin,
            size,
        }),
        _ => Err(
            Error::new(Code::InputLimit, "a function that reaches beyond 32 bits")
                .at(offset as u64),
        ),
    }
}

/// Address and size of a `FUNC` line as all programs write it: most of them, a tenth of the time of reading whole
/// records.
fn plain_function(line: &[u8]) -> Option<(u64, u64)> {
    let rest = line.strip_prefix(b"FUNC ")?;
    let rest = rest.strip_prefix(b"m ").unwrap_or(rest);
    let (address, rest) = hexadecimal(rest)?;
    let (size, rest) = hexadecimal(rest)?;
    let (_parameters, _name) = hexadecimal(rest)?;
    Some((address, size))
}

/// A number of at most 16 digits, and what follows the space behind it.
fn hexadecimal(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in text.iter().take(17).enumerate() {
        match char::from(*byte).to_digit(16) {
            Some(digit) if index < 16 => value = value << 4 | u64::from(digit),
            None if index > 0 && *byte == b' ' => return Some((value, &text[index + 1..])),
            _ => return None,
        }
    }
    None
}
