//! Answers the stack walker from unwind tables and lookup tables.

use std::collections::HashMap;
use std::path::PathBuf;

use async_trait::async_trait;
use framewright_core::unwind_table::UnwindTable;
use minidump::{MinidumpModuleList, Module};
use minidump_unwind::{
    FileError, FileKind, FillSymbolError, FrameSymbolizer, FrameWalker, SymbolProvider,
};

use crate::files::{File, Files};
use crate::records;

/// The name of every function. The walker wants one where an address is sure to be code, and only looks
/// whether it is empty: debug information never names frames here.
const CODE: &str = "code";

/// The seam to the stack walker.
pub(crate) struct Provider<'a> {
    files: &'a Files,
    numbers: HashMap<u64, usize>,
}

impl<'a> Provider<'a> {
    pub(crate) fn new(files: &'a Files, modules: &MinidumpModuleList) -> Provider<'a> {
        let numbers = modules
            .by_addr()
            .enumerate()
            .map(|(number, module)| (module.base_address(), number))
            .collect();
        Provider { files, numbers }
    }

    /// The number of a module of the list that this was made with.
    pub(crate) fn number(&self, module: &dyn Module) -> Option<usize> {
        self.numbers.get(&module.base_address()).copied()
    }

    async fn unwind_table(&self, module: &(dyn Module + Sync)) -> Option<UnwindTable> {
        match self.files.unwind(self.number(module)?).await {
            File::Ready(table) if !table.is_empty() => Some(table),
            _ => None,
        }
    }
}

#[async_trait]
impl SymbolProvider for Provider<'_> {
    /// Tells whether an address is code. A frame that was found by scanning the stack is dismissed only
    /// if the module has unwind information that does not cover it and symbols that do not either;
    /// what is lacking, and an address inside, count for it.
    async fn fill_symbol(
        &self,
        module: &(dyn Module + Sync),
        frame: &mut (dyn FrameSymbolizer + Send),
    ) -> Result<(), FillSymbolError> {
        let Some(rva) = rva(frame.get_instruction(), module) else {
            return Err(FillSymbolError {});
        };
        let Some(table) = self.unwind_table(module).await else {
            return Err(FillSymbolError {});
        };
        if table.covers(rva) {
            // A `STACK WIN` record says how many bytes of arguments a function takes, which the
            // walker needs for that function's caller.
            let parameters = table
                .win(rva)
                .ok()
                .flatten()
                .and_then(records::parameter_bytes)
                .unwrap_or(0);
            frame.set_function(CODE, frame.get_instruction(), parameters);
            return Ok(());
        }
        let number = self.number(module).ok_or(FillSymbolError {})?;
        let File::Ready(symbols) = self.files.symbols(number).await else {
            return Err(FillSymbolError {});
        };
        if symbols.covers(rva) {
            frame.set_function(CODE, frame.get_instruction(), 0);
        }
        Ok(())
    }

    /// Finds the caller of a frame by its module's unwind information.
    async fn walk_frame(
        &self,
        module: &(dyn Module + Sync),
        walker: &mut (dyn FrameWalker + Send),
    ) -> Option<()> {
        let rva = rva(walker.get_instruction(), module)?;
        let table = self.unwind_table(module).await?;
        let by_win = match table.win(rva) {
            Ok(Some(record)) => records::walk_win(record, module, walker),
            _ => None,
        };
        by_win.or_else(|| records::walk_cfi(table.cfi(rva).ok()??, rva, module, walker))
    }

    async fn get_file_path(
        &self,
        _module: &(dyn Module + Sync),
        _kind: FileKind,
    ) -> Result<PathBuf, FileError> {
        Err(FileError::NotFound)
    }
}

fn rva(instruction: u64, module: &dyn Module) -> Option<u64> {
    instruction.checked_sub(module.base_address())
}
