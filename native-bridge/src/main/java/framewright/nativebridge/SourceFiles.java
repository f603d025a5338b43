package framewright.nativebridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The sources that a debug file carries or points to: a source bundle, or a portable PDB. */
public final class SourceFiles implements AutoCloseable {
    private static final int HEADER_BYTES = 8;
    private static final int HAS_TEXT = 1;
    private static final int HAS_URL = 2;

    private final NativeHandle handle;

    private SourceFiles(NativeHandle handle) {
        this.handle = handle;
    }

    /**
     * One source file.
     *
     * @param text its content, where the debug file embeds it
     * @param url where it can be fetched, where the debug file says so
     */
    public record Source(@Nullable String text, @Nullable String url) {}

    /**
     * How many of the sources that a debug file names went into a bundle.
     *
     * @param missing not where the debug file says, no text, or too large
     */
    public record Bundled(int bundled, int missing) {}

    /**
     * Writes the sources that a debug file names, as they lie on this machine, to {@code to} as a source bundle; run it
     * on {@link NativePool}, and only on files of whoever asks: they say which files are read.
     *
     * @param maxBytes of sources; what would be more is left out
     */
    public static NativeResult<Bundled> bundle(Path object, Path to, long maxBytes) {
        byte[] path = Signatures.utf8(object.toString());
        byte[] dest = Signatures.utf8(to.toString());
        long[] out = new long[3];
        Signatures.fw_source_bundle(path, path.length, dest, dest.length, maxBytes, out);
        return Reply.json(
                out,
                node -> new Bundled(
                        node.path("bundled").asInt(), node.path("missing").asInt()));
    }

    public static NativeResult<SourceFiles> open(Path object) {
        byte[] path = Signatures.utf8(object.toString());
        long[] out = new long[3];
        Signatures.fw_sources_open(path, path.length, out);
        return Reply.json(
                out,
                node -> new SourceFiles(new NativeHandle(node.path("handle").asLong())));
    }

    /** The source at a full path as frames name it; its text and URL are both null where it is not known. */
    public NativeResult<Source> get(String sourcePath) {
        byte[] path = Signatures.utf8(sourcePath);
        long[] out = new long[3];
        return handle.with(id -> {
            Signatures.fw_source_get(id, path, path.length, out);
            return Reply.bytes(out).map(SourceFiles::read);
        });
    }

    private static Source read(byte[] body) {
        ByteBuffer header = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int kind = header.getInt(0);
        int urlLength = header.getInt(4);
        int textStart = Math.addExact(HEADER_BYTES, urlLength);
        String url = (kind & HAS_URL) == 0 ? null : new String(body, HEADER_BYTES, urlLength, StandardCharsets.UTF_8);
        String text = (kind & HAS_TEXT) == 0
                ? null
                : new String(body, textStart, body.length - textStart, StandardCharsets.UTF_8);
        return new Source(text, url);
    }

    @Override
    public void close() {
        handle.close();
    }
}
