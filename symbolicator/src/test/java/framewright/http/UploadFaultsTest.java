package framewright.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.config.StoreSettings;
import framewright.store.Store;
import framewright.store.Verify;
import framewright.testkit.Await;
import framewright.testkit.Form;
import framewright.testkit.ServerProcess;
import framewright.testkit.StoreServer;
import framewright.testkit.SymbolStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads to servers that are killed, and to disks that take no more. */
@Timeout(120)
class UploadFaultsTest {
    private static final String CHUNKS = "/api/0/organizations/default/chunk-upload/";
    private static final String DIFS = "/api/0/projects/default/default/files/difs/assemble/";

    @TempDir
    Path folder;

    /** A program with so many random bytes behind it. */
    private static byte[] program(int bytes) throws IOException {
        byte[] elf = SymbolStore.fixture("elf-dwarf5.so");
        byte[] file = new byte[bytes];
        new Random(bytes).nextBytes(file);
        System.arraycopy(elf, 0, file, 0, elf.length);
        return file;
    }

    private static JsonNode ask(ServerProcess server, byte[] file) throws Exception {
        ObjectNode body = StoreServer.JSON.createObjectNode();
        body.set(StoreServer.sha1(file), StoreServer.wanted("program", null, file));
        byte[] bytes = StoreServer.JSON.writeValueAsBytes(body);
        return StoreServer.read(200, server.post(DIFS, "application/json", bytes))
                .path(StoreServer.sha1(file));
    }

    private static HttpResponse<String> send(ServerProcess server, List<byte[]> chunks) throws Exception {
        return server.post(CHUNKS, Form.TYPE, form(chunks));
    }

    private static byte[] form(List<byte[]> chunks) {
        Form form = new Form();
        chunks.forEach(chunk -> form.file("file", StoreServer.sha1(chunk), chunk));
        return form.bytes();
    }

    /** Files that are being written, the locks of processes left out. */
    private List<Path> halfWritten() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store/tmp"))) {
            return files.filter(file -> file.toString().endsWith(".part")).toList();
        }
    }

    private void assertSound() {
        List<Verify.Problem> problems = new ArrayList<>();
        try (Store store = Store.open(new StoreSettings(folder.resolve("store")), InstantSource.system())) {
            store.verify().run(problems::add);
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void serverThatIsKilled_whileAFileArrives_goesOnWithIt_andGivesItsRoomBack() throws Exception {
        byte[] file = program((16 << 20) + 5);
        List<byte[]> chunks = StoreServer.chunks(file);
        try (ServerProcess server = ServerProcess.start(folder)) {
            assertThat(ask(server, file).path("missingChunks")).hasSize(3);
            assertThat(send(server, chunks.subList(0, 1)).statusCode()).isEqualTo(200);
            byte[] second = form(chunks.subList(1, 2));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                OutputStream out = socket.getOutputStream();
                out.write(("POST " + CHUNKS + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + server.token()
                                + "\r\nContent-Type: " + Form.TYPE + "\r\nContent-Length: " + second.length
                                + "\r\n\r\n")
                        .getBytes(UTF_8));
                out.write(second, 0, second.length / 2);
                out.flush();
                // the file that is put together, and the chunk
                Await.until("both are being written", () -> halfWritten().size() == 2);
                server.kill();
            }
        }
        assertSound();
        try (ServerProcess server = ServerProcess.start(folder)) {
            assertThat(halfWritten()).isEmpty();
            assertThat(ask(server, file).path("missingChunks"))
                    .extracting(JsonNode::asText)
                    .containsExactlyInAnyOrder(StoreServer.sha1(chunks.get(1)), StoreServer.sha1(chunks.get(2)));
            assertThat(send(server, chunks.subList(1, 3)).statusCode()).isEqualTo(200);
            JsonNode ended = StoreServer.ended(() -> ask(server, file));
            assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("ok");
        }
        assertThat(halfWritten()).isEmpty();
        assertSound();
    }

    /** No file may be larger than 12 MB: chunks can be kept, and the native library, a file of two chunks cannot. */
    @Test
    void diskThatIsFull_isSaid_andTheServerGoesOn() throws Exception {
        byte[] large = program((15 << 20) + 5);
        byte[] small = program(100_000);
        try (ServerProcess server = ServerProcess.start(folder, "sh", "-c", "ulimit -f 24000; exec \"$0\" \"$@\"")) {
            assertThat(ask(server, large).path("missingChunks")).hasSize(2);
            for (byte[] chunk : StoreServer.chunks(large)) {
                assertThat(send(server, List.of(chunk)).statusCode()).isEqualTo(200);
            }
            JsonNode refused = StoreServer.ended(() -> ask(server, large));
            assertThat(refused.path("state").asText()).isEqualTo("error");
            assertThat(refused.path("detail").asText()).contains("program: the store cannot write", "try again");
            assertThat(halfWritten()).isEmpty();
            byte[] tooMuch = Arrays.copyOf(large, 14 << 20);
            HttpResponse<String> put = server.post(
                    "/upload-v1",
                    Form.TYPE,
                    new Form().file("symbol_file", tooMuch).bytes());
            assertThat(put.statusCode()).isEqualTo(503);
            assertThat(put.body()).contains("the store cannot write");
            assertThat(halfWritten()).isEmpty();
            assertThat(ask(server, small).path("state").asText()).isEqualTo("not_found");
            assertThat(send(server, List.of(small)).statusCode()).isEqualTo(200);
            assertThat(StoreServer.ended(() -> ask(server, small)).path("state").asText())
                    .isEqualTo("ok");
        }
        assertSound();
    }
}
