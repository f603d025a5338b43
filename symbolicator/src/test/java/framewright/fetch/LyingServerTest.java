package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;

/** Servers that cut, change the file, and say one thing and send another. */
class LyingServerTest {
    private static final byte[] FILE = Downloads.random(300_000);
    private static final byte[] CHANGED = Downloads.random(310_000);
    private static final String TAG = "\"v1\"";
    private static final String CHANGED_TAG = "\"v2\"";

    /** Small, so that a small file comes in many. */
    private static final long SEGMENT = 32 << 10;

    private static final long CAP = 8 << 20;

    /** What comes of one request. */
    enum Lie {
        NONE,
        CUT_EARLY,
        CUT_LATE,
        CLEAN_END_TOO_EARLY,
        MORE_THAN_SAID,
        ENDLESS,
        PLACE_BEFORE,
        PLACE_BEHIND,
        SHORTER_PART,
        OTHER_LENGTH,
        OTHER_VERSION_AS_PART,
        OTHER_VERSION,
        WHOLE_INSTEAD_OF_PART,
        NO_PLACE,
        NONSENSE_PLACE,
        ENCODED_PART,
        NOT_SATISFIABLE,
        BROKEN,
        SILENT_END
    }

    private static final Path DIR = temporary();
    private static final Downloads DOWNLOADS = new Downloads(DIR, new ManualClock(), CAP, SEGMENT);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static Path temporary() {
        try {
            return Files.createTempDirectory("lying-server");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterContainer
    static void close() throws IOException {
        DOWNLOADS.close();
        try (Stream<Path> files = Files.walk(DIR)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @AfterTry
    void passTime() {
        // what was remembered of this server is no matter of the next one
        DOWNLOADS.clock.advance(Duration.ofHours(2));
    }

    /** A 206 with bytes that are none of the file's. */
    private static void wrong(OutputStream out, int length, String... headers) throws IOException {
        RangeServer.head(out, "206 Partial Content", length, headers);
        out.write(new byte[length]);
    }

    private static void lie(Lie lie, RangeServer.Request request, OutputStream out) throws IOException {
        int[] span = request.span(FILE.length);
        int length = span[1] - span[0] + 1;
        boolean part = request.range() != null && TAG.equals(request.ifRange());
        String tag = "ETag: " + TAG;
        switch (lie) {
            case NONE -> RangeServer.answer(request, out, FILE, TAG);
            case CUT_EARLY -> RangeServer.answer(request, out, FILE, TAG, 10);
            case CUT_LATE -> RangeServer.answer(request, out, FILE, TAG, length - 1);
            case OTHER_VERSION -> RangeServer.answer(request, out, CHANGED, CHANGED_TAG);
            case WHOLE_INSTEAD_OF_PART -> {
                RangeServer.head(out, "200 OK", FILE.length, tag, "Accept-Ranges: bytes");
                out.write(FILE);
            }
            case NOT_SATISFIABLE -> RangeServer.head(out, "416 Range Not Satisfiable", 0);
            case BROKEN -> RangeServer.head(out, "500 Internal Server Error", 0);
            case SILENT_END -> out.flush();
            case ENDLESS -> {
                out.write(("HTTP/1.1 200 OK\r\n" + tag + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                while (true) {
                    out.write("10000\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    out.write(new byte[0x10000]);
                    out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            default -> {
                if (!part) {
                    RangeServer.answer(request, out, FILE, TAG, length / 2);
                    return;
                }
                String all = "/" + FILE.length;
                String place = "Content-Range: bytes " + span[0] + "-" + span[1] + all;
                switch (lie) {
                    case CLEAN_END_TOO_EARLY -> {
                        RangeServer.head(out, "206 Partial Content", length / 2, tag, place);
                        out.write(FILE, span[0], length / 2);
                    }
                    case MORE_THAN_SAID -> {
                        RangeServer.head(out, "206 Partial Content", length + 100, tag, place);
                        out.write(FILE, span[0], length);
                        out.write(new byte[100]);
                    }
                    case PLACE_BEFORE ->
                        wrong(out, length, tag, "Content-Range: bytes " + (span[0] - 1) + "-" + (span[1] - 1) + all);
                    case PLACE_BEHIND ->
                        wrong(out, length, tag, "Content-Range: bytes " + (span[0] + 1) + "-" + span[1] + all);
                    case SHORTER_PART ->
                        wrong(out, length, tag, "Content-Range: bytes " + span[0] + "-" + (span[1] - 1) + all);
                    case OTHER_LENGTH ->
                        wrong(out, length, tag, "Content-Range: bytes " + span[0] + "-" + span[1] + all + "0");
                    case OTHER_VERSION_AS_PART -> wrong(out, length, "ETag: " + CHANGED_TAG, place);
                    case NO_PLACE -> wrong(out, length, tag);
                    case NONSENSE_PLACE -> wrong(out, length, tag, "Content-Range: bytes 9-1/" + "9".repeat(40));
                    default -> wrong(out, length, tag, place, "Content-Encoding: gzip");
                }
            }
        }
    }

    @Property(tries = 150)
    void downloadFromAServerThatLies_isAFailureOrAWholeFile_neverAWrongOne(
            @ForAll @Size(min = 1, max = 20) List<Lie> lies) throws Exception {
        try (RangeServer server = new RangeServer((request, out) ->
                lie(request.number() <= lies.size() ? lies.get(request.number() - 1) : Lie.NONE, request, out))) {
            String url = server.url("/" + NAMES.incrementAndGet());
            for (int look = 0; look < 3; look++) {
                Outcome<byte[]> outcome = DOWNLOADS.get(url);
                if (outcome instanceof Found<byte[]>(byte[] file)) {
                    assertThat(file.length == CHANGED.length ? CHANGED : FILE).isEqualTo(file);
                }
                assertThat(DOWNLOADS.caches.usedBytes()).isLessThanOrEqualTo(CAP);
                assertThat(DOWNLOADS.temporary()).isEmpty();
                DOWNLOADS.clock.advance(Duration.ofHours(2));
            }
        }
    }

    @Property(tries = 30)
    void serverThatHasStoppedLying_isAskedForTheWholeFile(@ForAll @Size(min = 1, max = 8) List<Lie> lies)
            throws Exception {
        try (RangeServer server = new RangeServer((request, out) ->
                lie(request.number() <= lies.size() ? lies.get(request.number() - 1) : Lie.CUT_EARLY, request, out))) {
            String url = server.url("/" + NAMES.incrementAndGet());
            boolean had = DOWNLOADS.get(url) instanceof Found<byte[]>;
            DOWNLOADS.clock.advance(Duration.ofHours(2));
            server.behave((request, out) -> RangeServer.answer(request, out, FILE, TAG));
            assertThat(had ? FILE : DOWNLOADS.file(url)).isEqualTo(FILE);
        }
    }
}
