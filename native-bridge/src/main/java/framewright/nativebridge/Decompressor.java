package framewright.nativebridge;

import java.nio.file.Path;

/** Unpacks what symbol servers compress: zstd, gzip, zlib, and zip or cab files with one entry. */
public final class Decompressor {
    private Decompressor() {}

    /**
     * @param compressed false: the file is not compressed, nothing was written
     * @param format {@code zstd}, {@code gzip}, {@code zlib}, {@code zip}, {@code cab} or {@code none}
     * @param bytes how many were written
     */
    public record Outcome(boolean compressed, String format, long bytes) {}

    /**
     * Looks at the first bytes and unpacks; run it on {@link NativePool}.
     *
     * @param maxBytes no more than these are written; fails as {@link NativeStatus#LIMIT} when there would be more
     */
    public static NativeResult<Outcome> decompress(Path file, Path to, long maxBytes) {
        byte[] in = Signatures.utf8(file.toString());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_decompress(in, in.length, dest, dest.length, maxBytes, out);
        return Reply.json(
                out,
                node -> new Outcome(
                        node.path("compressed").asBoolean(),
                        node.path("format").asText("none"),
                        node.path("bytes").asLong()));
    }
}
