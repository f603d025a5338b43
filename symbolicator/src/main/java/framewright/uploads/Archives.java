package framewright.uploads;

import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.api.ZipFiles;
import framewright.nativebridge.Decompressor;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What is in archives: zip, tar, and files packed with gzip, zstd, zlib or as a cabinet, tar among them. Nothing is
 * written where a member's name says; members are streams, and each is bounded, as are all together.
 */
public final class Archives {
    private static final int BUFFER = 64 << 10;

    private final NativePool pool;
    private final Supplier<Path> scratch;
    private long membersLeft;
    private long bytesLeft;

    /**
     * @param scratch gives names of files for what is unpacked on the way; they are gone afterwards
     * @param maxMembers of all archives together that this looks into
     * @param maxBytes that come out of all of them together
     */
    public Archives(NativePool pool, Supplier<Path> scratch, long maxMembers, long maxBytes) {
        this.pool = pool;
        this.scratch = scratch;
        this.membersLeft = maxMembers;
        this.bytesLeft = maxBytes;
    }

    /** Takes the members in their order. */
    public interface Visitor {
        /**
         * @param name with slashes, within the archive
         * @param content of the file; fails as {@link BrokenException} where the archive is damaged
         */
        void file(String name, InputStream content) throws IOException, InterruptedException;

        /** What is not looked at, and why. */
        void refused(String name, String reason);
    }

    /** The archive breaks the rules of its format, or a bound of ours. */
    public static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1;

        BrokenException(String message) {
            super(message);
        }
    }

    /** What the first bytes say. */
    private enum Kind {
        ZIP,
        TAR,
        PACKED,
        NONE
    }

    /** Whether {@link #read} finds something in it, by its first bytes. */
    public static boolean isArchive(Path file) throws IOException {
        return kind(file) != Kind.NONE;
    }

    private static Kind kind(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(TarReader.BLOCK);
        }
        if (head.length < 4) {
            return Kind.NONE;
        }
        int two = (head[0] & 0xFF) << 8 | (head[1] & 0xFF);
        return switch (two << 16 | (head[2] & 0xFF) << 8 | (head[3] & 0xFF)) {
            case 0x504B_0304, 0x504B_0506 -> Kind.ZIP;
            case 0x28B5_2FFD, 0x4D53_4346 -> Kind.PACKED;
            default -> two == 0x1F8B ? Kind.PACKED : TarReader.isHeader(head) ? Kind.TAR : Kind.NONE;
        };
    }

    /**
     * Shows what is in an archive. What came before a damaged place has been shown.
     *
     * @param name what a packed file is called, whose own name lacks the ending
     * @return how many members there are; {@link Malformed} where the archive is damaged or a bound was reached
     * @throws IOException the local disk failed, or the visitor
     */
    public Outcome<Integer> read(Path file, String name, Visitor visitor) throws IOException, InterruptedException {
        try {
            return Outcome.found(
                    switch (kind(file)) {
                        case ZIP -> zip(file, visitor);
                        case TAR -> tar(file, visitor);
                        case PACKED -> packed(file, name, visitor);
                        case NONE -> 0;
                    });
        } catch (BrokenException e) {
            return Outcome.failed(new Malformed(String.valueOf(e.getMessage())));
        }
    }

    private int zip(Path file, Visitor visitor) throws IOException, InterruptedException {
        int count = 0;
        try (ZipFile zip = open(file)) {
            for (Iterator<? extends ZipEntry> all = zip.entries().asIterator(); all.hasNext(); ) {
                ZipEntry entry = all.next();
                member();
                String name = MemberName.normal(entry.getName());
                if (entry.isDirectory() || !isUsable(name, visitor)) {
                    continue;
                }
                count++;
                try (InputStream in = new Bounded(open(zip, entry))) {
                    visitor.file(name, in);
                }
            }
        }
        return count;
    }

    private static ZipFile open(Path file) throws BrokenException {
        try {
            return ZipFiles.open(file);
        } catch (IOException e) {
            throw new BrokenException("the zip archive is damaged: " + e.getMessage());
        }
    }

    private static InputStream open(ZipFile zip, ZipEntry entry) throws IOException {
        try {
            return zip.getInputStream(entry);
        } catch (ZipException e) {
            throw new BrokenException("the zip archive is damaged: " + e.getMessage());
        }
    }

    private int tar(Path file, Visitor visitor) throws IOException, InterruptedException {
        int count = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            TarReader tar = new TarReader(in);
            for (TarReader.Member member; (member = tar.next()) != null; ) {
                member();
                String name = MemberName.normal(member.name());
                while (name.startsWith("./")) {
                    name = name.substring(2);
                }
                if (member.type() == TarReader.Type.FOLDER || !isUsable(name, visitor)) {
                    continue;
                }
                count++;
                switch (member.type()) {
                    case FILE -> visitor.file(name, new Bounded(tar.content()));
                    case LINK -> visitor.refused(name, "it is a link; put the file itself into the archive");
                    default -> visitor.refused(name, "it is neither a file nor a folder");
                }
            }
        }
        return count;
    }

    private int packed(Path file, String name, Visitor visitor) throws IOException, InterruptedException {
        Path unpacked = scratch.get();
        try {
            NativeResult<Decompressor.Outcome> result =
                    pool.call(() -> Decompressor.decompress(file, unpacked, bytesLeft));
            if (result instanceof NativeResult.Failed<Decompressor.Outcome>(NativeFailure failure)) {
                throw new BrokenException("it cannot be unpacked: " + failure.describe());
            }
            bytesLeft -= Files.size(unpacked);
            if (kind(unpacked) == Kind.TAR) {
                return tar(unpacked, visitor);
            }
            member();
            try (InputStream in = Files.newInputStream(unpacked)) {
                visitor.file(MemberName.unpacked(name), in);
            }
            return 1;
        } finally {
            Files.deleteIfExists(unpacked);
        }
    }

    private void member() throws BrokenException {
        if (--membersLeft < 0) {
            throw new BrokenException("it holds more files than are taken at once");
        }
    }

    private static boolean isUsable(String name, Visitor visitor) {
        if (MemberName.isClutter(name)) {
            return false;
        }
        String problem = MemberName.problem(name);
        if (problem != null) {
            visitor.refused(name, problem);
        }
        return problem == null;
    }

    /** Counts what comes out against what may come out of all; the sizes that an archive states bind nobody. */
    private final class Bounded extends FilterInputStream {
        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(into, offset, length);
            } catch (ZipException | java.io.EOFException e) {
                throw new BrokenException("the zip archive is damaged: " + e.getMessage());
            }
            bytesLeft -= Math.max(0, count);
            if (bytesLeft < 0) {
                throw new BrokenException("more comes out of it than is taken at once");
            }
            return count;
        }
    }
}
