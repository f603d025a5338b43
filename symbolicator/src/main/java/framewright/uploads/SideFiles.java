package framewright.uploads;

import framewright.api.LineMapping;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.store.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files beside a program that are text, and how to tell which program is meant (contract, A4 to A6). */
final class SideFiles {
    /** {@code /proguard/UUID.txt}, {@code UUID.bcsymbolmap}, {@code UUID.plist}. */
    private static final Pattern ID_IN_NAME = Pattern.compile(
            "(?:.*/)?(?:mapping-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.[a-z]+", Pattern.CASE_INSENSITIVE);

    /** {@code 1:3:void run():10:12 -> a}, or the same with {@code 0:} only. */
    private static final Pattern LINES = Pattern.compile("\\s+\\d+:\\d+:.*->.*");

    private static final Pattern MAP_ID = Pattern.compile("(?m)^# *pg_map_id: *([0-9a-fA-F]{7,64})\\b");

    /** The comments that a mapping begins with. */
    private static final int MAX_HEAD = 8 << 10;

    private static final int MAX_LINE = 64 << 10;

    /** The name space of DNS names (RFC 9562, 6.6). */
    private static final UUID DNS = new UUID(0x6ba7_b810_9dad_11d1L, 0x80b4_00c0_4fd4_30c8L);

    private static final int BUFFER_BYTES = 64 << 10;

    private SideFiles() {}

    static @Nullable DebugId idInName(String name) {
        Matcher matcher = ID_IN_NAME.matcher(name);
        return matcher.matches() ? DebugId.parse(matcher.group(1)) : null;
    }

    /** Whether the first byte that is no space opens an array; an il2cpp mapping is an object. */
    static boolean startsLikeDartMap(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (byte one : in.readNBytes(64)) {
                if (!Character.isWhitespace(one)) {
                    return one == '[';
                }
            }
            return false;
        }
    }

    /** The id of the program that an il2cpp mapping says it is of; null where it says none. */
    static @Nullable DebugId idInIl2cpp(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return LineMapping.debugId(in);
        }
    }

    /** The id that build tools give a mapping: a UUID of version 5 over its bytes. */
    static DebugId idOfMapping(Path file) throws IOException {
        UUID space = uuid5(hash(DNS).digest("guardsquare.com".getBytes(StandardCharsets.US_ASCII)));
        MessageDigest hash = hash(space);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            int count;
            while ((count = in.read(buffer)) >= 0) {
                hash.update(buffer, 0, count);
            }
        }
        return new DebugId(uuid5(hash.digest()), 0);
    }

    private static MessageDigest hash(UUID space) {
        MessageDigest hash = Digest.hash("SHA-1");
        hash.update(ByteBuffer.allocate(16)
                .putLong(space.getMostSignificantBits())
                .putLong(space.getLeastSignificantBits())
                .flip());
        return hash;
    }

    private static UUID uuid5(byte[] sha1) {
        ByteBuffer bytes = ByteBuffer.wrap(sha1);
        long high = (bytes.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
        long low = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** What R8 calls its mapping, {@code # pg_map_id: 9a7c1f2}, so that traces that name it find it; null: nothing. */
    static @Nullable CodeId mapId(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String head = new String(in.readNBytes(MAX_HEAD), StandardCharsets.ISO_8859_1);
            Matcher matcher = MAP_ID.matcher(head);
            return matcher.find() ? CodeId.parse(matcher.group(1)) : null;
        }
    }

    /** Whether any method of a mapping has lines. */
    static boolean hasLineNumbers(Path file) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1))) {
            StringBuilder line = new StringBuilder();
            int character;
            while ((character = lines.read()) >= 0) {
                if (character != '\n') {
                    if (line.length() < MAX_LINE) {
                        line.append((char) character);
                    }
                } else {
                    if (LINES.matcher(line).lookingAt()) {
                        return true;
                    }
                    line.setLength(0);
                }
            }
            return LINES.matcher(line).lookingAt();
        }
    }
}
