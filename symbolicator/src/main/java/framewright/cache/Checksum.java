package framewright.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** CRC-32C of files: against disks and people that change them, not against attackers. */
final class Checksum {
    private static final int BUFFER = 1 << 20;

    private Checksum() {}

    /** In eight digits. */
    static String of(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(Math.clamp(channel.size(), 1, BUFFER));
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        return text((int) crc.getValue());
    }

    /** Eight digits. */
    static String text(int crc) {
        return HexFormat.of().toHexDigits(crc);
    }
}
