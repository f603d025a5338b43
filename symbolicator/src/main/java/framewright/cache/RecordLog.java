package framewright.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * Records on disk, newest last: two files, {@code current} and {@code previous}, each a row of length, CRC-32 and record. What does not fit into the current one any more makes it the previous one, whose predecessor is forgotten;
 * so the files never grow beyond their size and are never rewritten.
 *
 * <p>Not synced: after a crash the end of a file may be missing or damaged. Reading stops there, and writing goes on
 * from there.
 */
final class RecordLog implements AutoCloseable {
    /** Told of each record that was read back. */
    interface Reader {
        void read(ByteBuffer record, int generation) throws IOException;
    }

    /** Of what is written from the start on, and of the file that it is written to. */
    static final int FIRST_GENERATION = 1;

    private static final int HEAD = 8;

    private final Path currentFile;
    private final Path previousFile;
    private final long fileBytes;
    private FileChannel current;
    private long written;
    private int generation = FIRST_GENERATION;

    /** @param totalBytes what both files may take together */
    RecordLog(Path folder, long totalBytes, Reader reader) throws IOException {
        this.currentFile = folder.resolve("current");
        this.previousFile = folder.resolve("previous");
        this.fileBytes = totalBytes / 2;
        read(previousFile, FIRST_GENERATION - 1, reader);
        this.written = read(currentFile, FIRST_GENERATION, reader);
        this.current = FileChannel.open(currentFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        current.truncate(written);
        current.position(written);
    }

    /** Bytes of whole records; a file of another size, of a larger cap, is dropped. */
    private long read(Path file, int itsGeneration, Reader reader) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        if (Files.size(file) > fileBytes) {
            Files.delete(file);
            return 0;
        }
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        int whole = 0;
        while (in.remaining() > HEAD) {
            int length = in.getInt();
            int crc = in.getInt();
            if (length < 0 || length > in.remaining()) {
                break;
            }
            ByteBuffer record = in.slice(in.position(), length);
            if (crc(record.duplicate()) != crc) {
                break;
            }
            reader.read(record, itsGeneration);
            in.position(in.position() + length);
            whole = in.position();
        }
        return whole;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Adds a record.
     *
     * @return the generation that it belongs to; this one and the one before it are on disk
     */
    synchronized int append(byte[] record) throws IOException {
        if (written + HEAD + record.length > fileBytes) {
            rotate();
        }
        ByteBuffer buffer = ByteBuffer.allocate(HEAD + record.length)
                .putInt(record.length)
                .putInt(crc(ByteBuffer.wrap(record)))
                .put(record)
                .flip();
        while (buffer.hasRemaining()) {
            current.write(buffer);
        }
        written += HEAD + record.length;
        return generation;
    }

    /** Reads all records, oldest first. */
    synchronized void readAll(Reader reader) throws IOException {
        read(previousFile, generation - 1, reader);
        read(currentFile, generation, reader);
    }

    private void rotate() throws IOException {
        current.close();
        Files.move(currentFile, previousFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        current = FileChannel.open(currentFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        written = 0;
        generation++;
    }

    @Override
    public synchronized void close() {
        try {
            current.close();
        } catch (IOException e) {
            // nothing is buffered
        }
    }
}
