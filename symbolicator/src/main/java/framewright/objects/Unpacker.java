package framewright.objects;

import framewright.api.Outcome;
import framewright.api.Outcome.Malformed;
import framewright.cache.Loaded;
import framewright.cache.Staging;
import framewright.nativebridge.Decompressor;
import framewright.nativebridge.NativeFailure;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.NativeResult;
import framewright.nativebridge.NativeStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Unpacks a download that its store keeps compressed, once: what comes out is not looked at again. */
public final class Unpacker {
    /** First guesses of what comes out; a wrong one costs another pass. */
    private static final int USUAL_RATIO = 8;

    private static final long MIN_GUESS = 4 << 20;
    private static final int GROWTH = 4;

    /** No use to go on with less. */
    private static final long MIN_ROOM = 64 << 10;

    private final NativePool pool;
    private final long maxBytes;

    /** @param maxBytes more than this is malformed */
    public Unpacker(NativePool pool, long maxBytes) {
        this.pool = pool;
        this.maxBytes = maxBytes;
    }

    /** Replaces the staged file by what is in it, where it is compressed. */
    public Outcome<Loaded> unpack(Staging staging) throws IOException, InterruptedException {
        Path packed = staging.file();
        if (!mayBeCompressed(packed)) {
            return Loaded.ok();
        }
        long packedBytes = Files.size(packed);
        Path unpacked = staging.scratch("unpacked");
        long room = Math.min(maxBytes, Math.max(MIN_GUESS, packedBytes * USUAL_RATIO));
        while (true) {
            long limit = reserve(staging, packedBytes, room);
            if (limit == 0) {
                return staging.noRoom();
            }
            switch (pool.call(() -> Decompressor.decompress(packed, unpacked, limit))) {
                case NativeResult.Ok<Decompressor.Outcome>(Decompressor.Outcome outcome) -> {
                    if (outcome.compressed()) {
                        Files.move(unpacked, packed, StandardCopyOption.REPLACE_EXISTING);
                    }
                    return Loaded.ok();
                }
                case NativeResult.Failed<Decompressor.Outcome>(NativeFailure failure) -> {
                    if (failure.status() != NativeStatus.LIMIT) {
                        return Outcome.failed(NativeFailures.of(failure));
                    }
                    if (limit >= maxBytes) {
                        return Outcome.failed(new Malformed("Maximum file size exceeded"));
                    }
                    if (limit < room) {
                        return staging.noRoom();
                    }
                    room = limit > maxBytes / GROWTH ? maxBytes : limit * GROWTH;
                }
            }
        }
    }

    /** As much of {@code room} as can be had beside the packed file; 0 where that is next to nothing. */
    private static long reserve(Staging staging, long packedBytes, long room) {
        for (long limit = room; limit >= Math.min(MIN_ROOM, room); limit /= 2) {
            if (staging.reserve(packedBytes + limit)) {
                return limit;
            }
        }
        return 0;
    }

    /** Whether the first bytes are those of zstd, gzip, zlib, zip or cab; the library looks closer. */
    private static boolean mayBeCompressed(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(4);
            if (head.length < 4) {
                return false;
            }
            int two = (head[0] & 0xFF) << 8 | (head[1] & 0xFF);
            int four = two << 16 | (head[2] & 0xFF) << 8 | (head[3] & 0xFF);
            return switch (four) {
                case 0x28B5_2FFD, 0x504B_0304, 0x4D53_4346 -> true;
                default -> two == 0x1F8B || two == 0x7801 || two == 0x789C || two == 0x78DA;
            };
        }
    }
}
