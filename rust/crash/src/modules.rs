//! The modules of a dump as the server knows images.

use minidump::system_info::Os;
use minidump::{MinidumpModule, MinidumpModuleList, Module};
use regex::{Regex, RegexBuilder};

use crate::files::{File, Files};
use crate::protocol::{
    Failure, FailureCode, Hex, Image, ModuleRow, Need, RewriteRule, UnwindUse, What,
};

/// Bytes that a rule's compiled expression may have.
const MAX_REGEX_BYTES: usize = 1 << 20;

/// All modules by number, which is their place in the order of addresses.
pub(crate) struct Modules {
    images: Vec<Image>,
    /// The rewritten name of each module's debug file, where a rule changed it.
    lookup_names: Vec<Option<String>>,
}

impl Modules {
    /// Reads the list. The rules apply to the first module and to those with its debug id.
    ///
    /// # Errors
    /// [`FailureCode::Unsupported`] for a rule that is no regular expression, or a huge one.
    pub(crate) fn new(
        modules: &MinidumpModuleList,
        os: Os,
        rules: &[RewriteRule],
    ) -> Result<Modules, Failure> {
        let images: Vec<Image> = modules
            .by_addr()
            .map(|module| image(module, image_kind(os)))
            .collect();
        let mut lookup_names = vec![None; images.len()];
        let rules = compile(rules)?;
        if let Some(first) = images.first().and_then(|image| image.debug_id.as_ref()) {
            for (image, name) in images.iter().zip(&mut lookup_names) {
                if image.debug_id.as_ref() == Some(first) {
                    *name = image
                        .debug_file
                        .as_deref()
                        .and_then(|file| rewrite(file, &rules));
                }
            }
        }
        Ok(Modules {
            images,
            lookup_names,
        })
    }

    /// Path of the code of a module.
    pub(crate) fn package(&self, number: usize) -> Option<&str> {
        self.images[number].code_file.as_deref()
    }

    /// The image of a module as the dump states it.
    pub(crate) fn image(&self, number: usize) -> &Image {
        &self.images[number]
    }

    /// What to ask the server for.
    pub(crate) fn need(&self, number: usize, what: What) -> Need {
        let mut image = self.images[number].clone();
        if let Some(name) = &self.lookup_names[number] {
            image.debug_file = Some(name.clone());
        }
        Need {
            module: number,
            what,
            image,
        }
    }

    /// The modules for the answer: all but those without ids that no walk came by.
    pub(crate) fn rows(self, files: &Files) -> Vec<ModuleRow> {
        self.images
            .into_iter()
            .zip(self.lookup_names)
            .enumerate()
            .filter_map(|(number, (mut image, lookup_debug_file))| {
                let asked = files.asked_unwind(number);
                let touched = asked.is_some();
                if !touched && image.code_id.is_none() && image.debug_id.is_none() {
                    return None;
                }
                if let Some(File::Ready(table)) = asked {
                    // Only PE files have a name to fill in with; Breakpad's id goes with it.
                    if let Some(file) = table.debug_file() {
                        image
                            .debug_id
                            .get_or_insert_with(|| table.debug_id().to_string());
                        image.debug_file.get_or_insert_with(|| file.to_owned());
                    }
                }
                Some(ModuleRow {
                    module: number,
                    image,
                    lookup_debug_file,
                    unwind: if touched {
                        UnwindUse::Asked
                    } else {
                        UnwindUse::Unused
                    },
                    touched,
                })
            })
            .collect()
    }
}

fn image_kind(os: Os) -> &'static str {
    match os {
        Os::Windows => "pe",
        Os::MacOs | Os::Ios => "macho",
        Os::Linux | Os::Solaris | Os::Android => "elf",
        _ => "unknown",
    }
}

fn image(module: &MinidumpModule, kind: &'static str) -> Image {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Image {
        kind,
        code_id: module
            .code_identifier()
            .filter(|id| !id.is_nil())
            .map(|id| id.to_string()),
        code_file: some(&module.code_file()),
        debug_id: module
            .debug_identifier()
            .filter(|id| !id.is_nil())
            .map(|id| id.to_string()),
        debug_file: module.debug_file().as_deref().and_then(some),
        image_addr: Hex(module.base_address()),
        image_size: Some(module.size()).filter(|size| *size > 0),
    }
}

fn compile(rules: &[RewriteRule]) -> Result<Vec<(Regex, &str)>, Failure> {
    rules
        .iter()
        .map(|rule| {
            RegexBuilder::new(&rule.from)
                .size_limit(MAX_REGEX_BYTES)
                .dfa_size_limit(MAX_REGEX_BYTES)
                .build()
                .map(|from| (from, rule.to.as_str()))
                .map_err(|error| {
                    let message = format!("rewrite_first_module: {error}");
                    Failure::new(FailureCode::Unsupported, message)
                })
        })
        .collect()
}

fn rewrite(file: &str, rules: &[(Regex, &str)]) -> Option<String> {
    let (from, to) = rules.iter().find(|(from, _)| from.is_match(file))?;
    let name = from.replace(file, *to).into_owned();
    (name != file).then_some(name)
}
