//! Rewrites of names on the way into a table. The map is borrowed, so that one serves several
//! conversions.

use std::borrow::Cow;

use symbolic_debuginfo::macho::BcSymbolMap;
use symbolic_symcache::transform::{Function, SourceLocation, Transformer};

/// Restores `__hidden#N_` names and paths of an object that was compiled from bitcode.
pub(crate) struct HiddenNames<'m>(pub &'m BcSymbolMap<'m>);

impl HiddenNames<'_> {
    fn resolve<'f>(&'f self, text: Cow<'f, str>) -> Cow<'f, str> {
        let map: &BcSymbolMap<'f> = self.0;
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(map.resolve(text)),
            Cow::Owned(text) => Cow::Owned(self.0.resolve(&text).to_owned()),
        }
    }
}

impl Transformer for HiddenNames<'_> {
    fn transform_function<'f>(&'f mut self, mut function: Function<'f>) -> Function<'f> {
        function.name = self.resolve(function.name);
        function.comp_dir = function.comp_dir.map(|dir| self.resolve(dir));
        function
    }

    fn transform_source_location<'f>(
        &'f mut self,
        mut location: SourceLocation<'f>,
    ) -> SourceLocation<'f> {
        location.file.name = self.resolve(location.file.name);
        location.file.directory = location.file.directory.map(|dir| self.resolve(dir));
        location.file.comp_dir = location.file.comp_dir.map(|dir| self.resolve(dir));
        location
    }
}
