package framewright.cache;

import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import org.jspecify.annotations.Nullable;

/**
 * What the disk cache holds. Each kind has a folder of its own, and in it one folder for the version of its format;
 * folders of other versions are removed at start.
 *
 * <p>Raise a version when files of that kind written before can no longer be read, or no longer say the same.
 */
public enum CacheKind {
    /** Debug files, unpacked, one architecture each. Version 1: the first. */
    OBJECTS("objects", 1, false),
    /** What an object file is and offers. Version 1: the first. Version 2: with its size. */
    OBJECT_META("object_meta", 2, true),
    /** BCSymbolMaps and the plists that lead to them. Version 1: the first. */
    AUXDIFS("auxdifs", 1, false),
    /** Line mappings from C++ to C#. Version 1: the first. */
    IL2CPP("il2cpp", 1, false),
    /**
     * Lookup tables of native code; see table.rs. Version 3: symbols without a size end with their section, and lines of
     * generated C++ are kept beside those of C#.
     */
    TABLES("tables", 3, true),
    /** What stacks are walked with; see unwind_table.rs. Version 1: the first. */
    UNWIND_TABLES("unwind_tables", 1, true),
    /** Lookup tables of PDBs of managed code. Version 2: of Windows PDBs, too. */
    PPDB_TABLES("ppdb_tables", 2, true),
    /** Mappings of obfuscated JVM names, by ProGuard or R8. Version 1: the first. */
    PROGUARD("proguard", 1, false),
    /**
     * Tables of such mappings; see proguard.rs. Version 1: the first. Version 2: with an index. Version 3: another hash.
     * Version 4: short lines.
     */
    PROGUARD_TABLES("proguard_tables", 4, true),
    /** Source code fetched over source links. Version 1: the first. */
    SOURCE_FILES("sourcefiles", 1, false),
    /** Bundles and single files of JavaScript, as uploaded. Version 1: the first. */
    ARTIFACTS("artifacts", 1, false),
    /** Scripts and source maps from the web, each with what its answer said of a source map. Version 1: the first. */
    SCRAPED("scraped", 1, false),
    /** Lookup tables of source maps, by what is in the map. Version 1: the first. */
    SOURCE_MAPS("source_maps", 1, true),
    /** Functions of a script, by what is in it; see js_scopes.rs. Version 2: not yet named by a source map. */
    JS_FUNCTIONS("js_functions", 2, true),
    /** Symbol files of Breakpad. Version 2: symbols without a size end with their section; see breakpad_sym.rs. */
    BREAKPAD_SYMBOLS("breakpad_symbols", 2, true),
    /** Beginnings of downloads that were cut, to be continued; see {@link Partials}. Version 1: the first. */
    PARTIALS("partials", 1, false);

    private final String folder;
    private final int version;
    private final boolean derived;

    CacheKind(String folder, int version, boolean derived) {
        this.folder = folder;
        this.version = version;
        this.derived = derived;
    }

    /** Name of the folder below the cache directory; also names the kind in metrics. */
    public String folder() {
        return folder;
    }

    /** Version of the format of its files. */
    public int version() {
        return version;
    }

    /** Whether its files are made of others here, so that they can be made again at any time. */
    boolean isDerived() {
        return derived;
    }

    /**
     * Whether nodes share its files. What a web page links to is small, changes, and comes with the asker's headers;
     * what was cut is of use to whoever goes on with it.
     */
    boolean isShared() {
        return this != SOURCE_FILES && this != PARTIALS;
    }

    /** Whether it costs so much to have that the other nodes wait while one gets it. */
    public boolean isMadeOnce() {
        return this != OBJECT_META;
    }

    /** The kind with this folder and version; null where there is none. */
    static @Nullable CacheKind of(String folder, int version) {
        for (CacheKind kind : values()) {
            if (kind.folder.equals(folder) && kind.version == version) {
                return kind;
            }
        }
        return null;
    }

    Lifetimes lifetimes(CacheSettings settings) {
        return derived ? settings.derived() : settings.downloaded();
    }
}
