//! Single records of an unwind table, evaluated by Breakpad's rules.

use breakpad_symbols::{CfiRules, SymbolFile, walker};
use minidump::Module;
use minidump_unwind::FrameWalker;

/// Walks by a `STACK CFI INIT` record and those of its `STACK CFI` lines that start at or before `rva`.
pub(crate) fn walk_cfi(
    record: &str,
    rva: u64,
    module: &dyn Module,
    walker: &mut dyn FrameWalker,
) -> Option<()> {
    let mut lines = record.lines();
    let init = lines.next()?.strip_prefix("STACK CFI INIT ")?;
    let (start, rest) = init.split_once(' ')?;
    let (_length, rules) = rest.split_once(' ')?;
    let init = rules_at(start, rules)?;
    let mut later: Vec<CfiRules> = lines
        .filter_map(|line| {
            let (start, rules) = line.strip_prefix("STACK CFI ")?.split_once(' ')?;
            rules_at(start, rules)
        })
        .collect();
    later.sort();
    later.truncate(later.partition_point(|rules| rules.address <= rva));
    walker.set_cfi_rules_start_address(module.base_address().checked_add(init.address));
    let result = walker::walk_with_stack_cfi(&init, &later, walker);
    walker.set_cfi_rules_start_address(None);
    result
}

fn rules_at(address: &str, rules: &str) -> Option<CfiRules> {
    Some(CfiRules {
        address: u64::from_str_radix(address, 16).ok()?,
        rules: rules.to_owned(),
    })
}

/// Walks by a `STACK WIN` line.
pub(crate) fn walk_win(
    record: &str,
    module: &dyn Module,
    walker: &mut dyn FrameWalker,
) -> Option<()> {
    SymbolFile::from_bytes(record.as_bytes())
        .ok()?
        .walk_frame(module, walker)
}

/// Bytes of arguments on the stack by a `STACK WIN` line: its sixth number.
pub(crate) fn parameter_bytes(record: &str) -> Option<u32> {
    let digits = record.split(' ').nth(7)?;
    u32::from_str_radix(digits, 16).ok()
}
