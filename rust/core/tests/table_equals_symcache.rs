//! Our table answers every address as symbolic's SymCache of the same object does.

mod support;

use framewright_core::object::parse_single;
use framewright_core::symcache_build::{TableOptions, convert};
use framewright_core::symcache_lookup::parse_symcache;
use symbolic_demangle::{Demangle, DemangleOptions};
use symbolic_symcache::SymCache;

use support::reply::Frame;
use support::{fixture, interesting_addresses, look_up, object_fixtures, table_of};

/// Both at every range boundary and beside it.
fn compare(name: &str, options: &TableOptions<'_>) {
    let data = fixture(name);
    let Ok(object) = parse_single(&data) else {
        assert!(name.contains("fat"), "{name}");
        return;
    };
    let symcache = convert(&object, options).unwrap();
    let symcache = parse_symcache(&symcache).unwrap();
    let table = table_of(name, options);
    assert_eq!(table.arch(), symcache.arch(), "{name}");
    assert_eq!(table.debug_id(), symcache.debug_id(), "{name}");
    let addrs = interesting_addresses(&table);
    // Symbolic gives no lines to symbols.
    if name == "elf-assembly.so" {
        return;
    }
    for (addr, frames) in addrs.iter().zip(look_up(&table, &addrs)) {
        assert_eq!(
            frames.len(),
            by_symbolic(&symcache, *addr, &frames),
            "{name} at {addr:#x}"
        );
    }
}

/// Compares with symbolic's own interface, without our code in between; gives the number of frames.
fn by_symbolic(symcache: &SymCache<'_>, addr: u64, frames: &[Frame]) -> usize {
    let options = DemangleOptions::complete().return_type(false);
    let locations: Vec<_> = symcache.lookup(addr).collect();
    for (i, (location, frame)) in locations.iter().zip(frames).enumerate() {
        let function = location.function();
        let outermost = i + 1 == locations.len();
        let path = location.file().map(|file| file.full_path());
        assert_eq!(frame.symbol, function.name());
        assert_eq!(
            frame.function,
            function.name_for_demangling().try_demangle(options)
        );
        assert_eq!(frame.lang, function.language().name());
        assert_eq!(frame.line, location.line());
        // Symbolic makes a path of the directory alone where the line program has no such file.
        if frame.path.is_some() || frame.line > 0 {
            assert_eq!(frame.path, path);
        }
        let entry = (outermost && function.entry_pc() != u32::MAX).then(|| function.entry_pc());
        assert_eq!(frame.sym_addr, entry.map(u64::from));
    }
    locations.len()
}

#[test]
fn table_answers_as_the_symcache_for_every_fixture() {
    for name in object_fixtures() {
        compare(&name, &TableOptions::default());
    }
}

#[test]
fn table_with_variables_answers_as_the_symcache_with_variables() {
    let options = TableOptions {
        variables: true,
        threads: 2,
        ..TableOptions::default()
    };
    for name in object_fixtures() {
        compare(&name, &options);
    }
}

#[test]
fn ids_name_the_same_string_in_every_reply() {
    let table = table_of("elf-dwarf5.so", &TableOptions::default());
    let addrs = interesting_addresses(&table);
    for frame in look_up(&table, &addrs).iter().flatten() {
        let [symbol, function, path] = frame.ids;
        assert_eq!(table.string(symbol).unwrap(), frame.symbol);
        assert_eq!(table.string(function).unwrap(), frame.function);
        match &frame.path {
            Some(text) => assert_eq!(table.string(path).unwrap(), text),
            None => assert_eq!(path, u32::MAX),
        }
    }
}
