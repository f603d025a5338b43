package framewright.nativebridge;

import java.nio.file.Path;

/**
 * Unwind tables: how to find the caller of every address of one image, derived once from an object file and read by
 * the crash program (see {@link CrashProgram}).
 */
public final class UnwindTables {
    private UnwindTables() {}

    /**
     * What a table holds.
     *
     * @param bytes size of the file
     * @param records number of records; 0 for an object that says nothing about unwinding
     */
    public record Built(long bytes, long records) {}

    /**
     * Reads the unwind information of an object; run it on {@link NativePool}.
     *
     * @param maxBytes size that the table may have
     * @param maxChain records that a chain of PE unwind information may have for one function
     */
    public static NativeResult<Built> build(Path object, Path to, long maxBytes, int maxChain) {
        byte[] in = Signatures.utf8(object.toString());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_unwind_build(in, in.length, dest, dest.length, maxBytes, maxChain, out);
        return Reply.json(
                out,
                node -> new Built(
                        node.path("bytes").asLong(), node.path("records").asLong()));
    }
}
