package framewright.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.config.FetchSettings;
import framewright.config.FetchSettings.DenyList;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile.Trust;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
    private static final String BODY = "0123456789";
    private static final String TAG = "ETag: \"v1\"\r\n";

    private final HandPacing pacing = new HandPacing(0);
    private final Fetcher fetcher = new Fetcher(
            new FetchSettings(
                    Duration.ofSeconds(5),
                    Duration.ofHours(1),
                    Duration.ofHours(1),
                    1 << 20,
                    true,
                    new DenyList(
                            false, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ofSeconds(1), Set.of())),
            new ManualClock(),
            "test",
            InetAddress::getAllByName,
            pacing);

    @AfterEach
    void close() {
        fetcher.close();
    }

    /** Sends one answer to each connection, whatever it is asked, and cuts it there; the last one again and again. */
    private static final class CuttingOrigin implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> heads = new CopyOnWriteArrayList<>();
        private final List<String> answers;

        private CuttingOrigin(String... answers) throws IOException {
            this.answers = List.of(answers);
            Thread.startVirtualThread(this::serve);
        }

        private void serve() {
            try {
                while (true) {
                    try (Socket connection = socket.accept()) {
                        StringBuilder head = new StringBuilder();
                        while (head.indexOf("\r\n\r\n") < 0) {
                            head.append((char) connection.getInputStream().read());
                        }
                        String answer = answers.get(Math.min(heads.size(), answers.size() - 1));
                        heads.add(head.toString());
                        connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            } catch (IOException e) {
                // closed
            }
        }

        private String url() {
            return "http://localhost:" + socket.getLocalPort() + "/f";
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** The beginning of the whole file, which says that all of it would come. */
    private static String whole(String headers, int end) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n" + headers + "\r\n" + BODY.substring(0, end);
    }

    private static String part(String headers, int from, int end) {
        return "HTTP/1.1 206 Partial Content\r\nContent-Length: " + (10 - from) + "\r\nContent-Range: bytes " + from
                + "-9/10\r\n" + headers + "\r\n" + BODY.substring(from, end);
    }

    private Outcome<Answer> get(CuttingOrigin origin) throws InterruptedException {
        WebUrl url = Objects.requireNonNull(WebUrl.parse(origin.url()));
        Outcome<WebRequest> request = Outcome.found(WebRequest.get(url, Map.of()));
        Web web = new Web("x", "x", "x", () -> request, Trust.TRUSTED, false, false);
        return fetcher.answer(web, 1000, Duration.ofHours(1));
    }

    private String got(CuttingOrigin origin) throws InterruptedException {
        if (get(origin) instanceof Found<Answer>(Answer answer)) {
            return new String(answer.body(), StandardCharsets.UTF_8);
        }
        throw new AssertionError("not fetched");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"v1\"", "Thu, 01 Jan 2026 00:00:00 GMT"})
    void downloadThatIsCut_goesOnWhereItWas(String validator) throws Exception {
        String headers = validator.startsWith("\"")
                ? TAG
                : "Last-Modified: " + validator + "\r\nDate: Thu, 01 Jan 2026 00:01:00 GMT\r\n";
        try (CuttingOrigin origin = new CuttingOrigin(whole(headers, 4), part(headers, 4, 10))) {
            assertThat(got(origin)).isEqualTo(BODY);
            assertThat(origin.heads.getFirst()).doesNotContain("Range:");
            assertThat(origin.heads.getLast())
                    .contains(
                            "Range: bytes=4-\r\n", "If-Range: " + validator + "\r\n", "Accept-Encoding: identity\r\n");
        }
    }

    @Test
    void cutsThatEachBringAPart_areNoTries() throws Exception {
        try (CuttingOrigin origin = new CuttingOrigin(
                whole(TAG, 1),
                part(TAG, 1, 2),
                part(TAG, 2, 3),
                part(TAG, 3, 4),
                part(TAG, 4, 5),
                part(TAG, 5, 6),
                part("", 6, 10))) {
            assertThat(got(origin)).isEqualTo(BODY);
            assertThat(origin.heads).hasSize(7);
        }
    }

    @Test
    void cutsThatBringNothing_areTries() throws Exception {
        try (CuttingOrigin origin = new CuttingOrigin(whole(TAG, 4), part(TAG, 4, 4))) {
            assertThat(get(origin) instanceof Failed<Answer>(Failure failure) ? failure : null)
                    .isEqualTo(new Unreachable("the answer ended early"));
            assertThat(origin.heads).hasSize(3);
        }
    }

    @Test
    void wholeAnswer_beginsAnew() throws Exception {
        String other = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"v2\"\r\n\r\nother";
        try (CuttingOrigin origin = new CuttingOrigin(whole(TAG, 4), other)) {
            assertThat(got(origin)).isEqualTo("other");
            assertThat(origin.heads).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nETag: \"v2\"",
                "206 Partial Content\r\nContent-Range: bytes 0-9/10",
                "206 Partial Content\r\nContent-Range: bytes 3-9/10",
                "206 Partial Content\r\nContent-Range: bytes 4-8/10",
                "206 Partial Content\r\nContent-Range: bytes 4-9/11",
                "206 Partial Content\r\nContent-Range: bytes 4-9/*",
                "206 Partial Content\r\nContent-Range: bytes 4-99999999999999999999/10",
                "206 Partial Content\r\nContent-Range: nonsense",
                "206 Partial Content",
                "206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nContent-Encoding: gzip",
                "206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x",
                "416 Range Not Satisfiable\r\nContent-Range: bytes */2",
            })
    void answerThatIsNotTheRest_isNotTaken_andTheNextTryBeginsAnew(String head) throws Exception {
        String wrong = "HTTP/1.1 " + head + "\r\nContent-Length: 6\r\n\r\nWRONG!";
        try (CuttingOrigin origin = new CuttingOrigin(whole(TAG, 4), wrong, whole(TAG, 10))) {
            assertThat(got(origin)).isEqualTo(BODY);
            assertThat(origin.heads).hasSize(3);
            assertThat(origin.heads.getLast()).doesNotContain("Range:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ETag: W/\"v1\"\r\n",
                "ETag: v1\r\n",
                "ETag: W/\"v1\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
                "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
                "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nDate: Thu, 01 Jan 2026 00:00:59 GMT\r\n",
                "Last-Modified: yesterday\r\nDate: Thu, 01 Jan 2026 00:01:00 GMT\r\n",
                "ETag: \"v1\"\r\nContent-Encoding: identity\r\n",
            })
    void versionThatIsNotCertain_beginsAnew(String headers) throws Exception {
        try (CuttingOrigin origin = new CuttingOrigin(whole(headers, 4), whole(headers, 10))) {
            assertThat(got(origin)).isEqualTo(BODY);
            assertThat(origin.heads.getLast()).doesNotContain("Range:");
        }
    }
}
