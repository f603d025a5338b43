package framewright.nativebridge;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Breakpad symbol files ({@code .sym}), which stack walkers of other makers read: the functions, lines and inlined
 * calls of {@link LookupTable} and the rules of {@link UnwindTables} as text.
 */
public final class BreakpadSymbols {
    private BreakpadSymbols() {}

    /**
     * The files of one module.
     *
     * @param symbols the object with the functions: ELF, Mach-O, PE, PDB or Breakpad
     * @param unwind another object of the module with the unwind information that {@code symbols} lacks: the PE of a
     *     PDB, the stripped file of a {@code .debug} file
     * @param name of the debug file, without folders
     */
    public record ModuleFiles(Path symbols, @Nullable Path unwind, String name) {}

    /**
     * What a symbol file holds.
     *
     * @param bytes size of the file
     * @param functions number of functions that have a size, lines or inlined calls
     * @param publics number of those that have nothing but a beginning
     */
    public record Written(long bytes, long functions, long publics) {}

    /**
     * Writes the symbol file of a module; run it on {@link NativePool}. It takes the memory of a conversion to a
     * {@link LookupTable}. After a failure there is no file. Fails as {@link NativeStatus#UNSUPPORTED} for objects
     * of systems without minidumps and for two files of different modules.
     *
     * @param maxBytes size that the file may have
     * @param maxChain records that a chain of PE unwind information may have for one function
     */
    public static NativeResult<Written> write(ModuleFiles files, Path to, long maxBytes, int maxChain) {
        byte[] symbols = Signatures.utf8(files.symbols().toString());
        byte[] unwind = files.unwind() == null
                ? new byte[0]
                : Signatures.utf8(files.unwind().toString());
        byte[] name = Signatures.utf8(files.name());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_breakpad_write(
                symbols,
                symbols.length,
                unwind,
                unwind.length,
                name,
                name.length,
                dest,
                dest.length,
                maxBytes,
                maxChain,
                out);
        return Reply.json(
                out,
                node -> new Written(
                        node.path("bytes").asLong(),
                        node.path("functions").asLong(),
                        node.path("publics").asLong()));
    }
}
