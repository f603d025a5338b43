package framewright.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.fetch.StoreClient.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Sends files in chunks, those only that the server lacks, and has it put them together (contract, A2 to A4, A7). */
public final class ChunkUpload {
    /** Of requests at a time and of the bytes in each: more would fill memory, not lines. */
    private static final int MAX_CONCURRENCY = 4;

    private static final long MAX_REQUEST_BYTES = 16L << 20;

    /** Files that one call asks to be put together. */
    private static final int FILES_PER_CALL = 2000;

    /** Before the server is asked again how an upload stands: at first, and at most. */
    private static final long FIRST_POLL_MILLIS = 50;

    private static final long MOST_POLL_MILLIS = 1000;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final StoreServer server;
    private final Options options;
    private final boolean compress;

    /**
     * What the server says of how it wants to be sent files.
     *
     * @param url where chunks go, an address or a path
     * @param maxFileSize no larger file is taken
     * @param gzip whether chunks may be compressed
     */
    public record Options(
            String url,
            int chunkSize,
            int chunksPerRequest,
            long maxRequestSize,
            int concurrency,
            long maxFileSize,
            boolean gzip) {}

    /** How it ended. */
    public enum State {
        /** The server had it already. */
        THERE,
        /** The server has it now. */
        SENT,
        /** The server has all of it, and has not said yet whether it is of use. */
        PENDING,
        /** The server cannot use it. */
        REFUSED
    }

    /** @param detail why it was refused; empty: it was not */
    public record Ending(Upload upload, State state, String detail) {}

    /** @param nearby whether the server is on this machine, where compressing takes longer than sending */
    public ChunkUpload(StoreServer server, Options options, boolean nearby) {
        this.server = server;
        this.options = options;
        this.compress = options.gzip && !nearby;
    }

    public static Options options(StoreServer server) throws IOException, InterruptedException {
        JsonNode answer = server.get(server.organizationPath("chunk-upload/"));
        long chunkSize = answer.path("chunkSize").asLong();
        if (!answer.path("hashAlgorithm").asText().equals("sha1")
                || chunkSize <= 0
                || chunkSize > MAX_REQUEST_BYTES * 4) {
            throw new IOException(server.account().url() + " takes no uploads in chunks that this program knows");
        }
        List<String> compression = new ArrayList<>();
        answer.path("compression").forEach(name -> compression.add(name.asText()));
        long most = answer.path("maxFileSize").asLong();
        return new Options(
                answer.path("url").asText(),
                (int) chunkSize,
                Math.max(1, answer.path("chunksPerRequest").asInt()),
                Math.max(chunkSize, answer.path("maxRequestSize").asLong()),
                Math.max(1, answer.path("concurrency").asInt()),
                most == 0 ? Long.MAX_VALUE : most,
                compression.contains("gzip"));
    }

    /** Follows what is sent. */
    public interface Progress {
        /** @param bytes that have to be sent, of so many files */
        void begin(long bytes, int files);

        void sent(long bytes);
    }

    /**
     * Sends all of them; the same file for several ids is sent once.
     *
     * @param patienceMillis how long to wait until the server has looked into them; 0: not at all
     */
    public List<Ending> send(List<? extends Upload> uploads, long patienceMillis, Progress progress)
            throws IOException, InterruptedException {
        Map<Upload, Ending> endings = new HashMap<>();
        List<Upload> small = new ArrayList<>();
        for (Upload upload : uploads) {
            if (upload.file().size() > options.maxFileSize) {
                endings.put(
                        upload,
                        new Ending(
                                upload,
                                State.REFUSED,
                                "the server takes no file larger than " + options.maxFileSize
                                        + " bytes; it is configured there"));
            } else {
                small.add(upload);
            }
        }
        List<List<Upload>> rounds = rounds(small);
        Map<String, Part> missing = new LinkedHashMap<>();
        for (List<Upload> round : rounds) {
            for (Map.Entry<Upload, JsonNode> asked : assemble(round).entrySet()) {
                first(asked.getKey(), asked.getValue(), endings, missing);
            }
        }
        long bytes = missing.values().stream().mapToLong(Part::length).sum();
        long files = missing.values().stream().map(Part::file).distinct().count();
        progress.begin(bytes, (int) files);
        sendParts(missing.values(), progress::sent);
        for (List<Upload> round : rounds) {
            finish(round, endings, patienceMillis);
        }
        return uploads.stream().map(upload -> endings.get(upload)).toList();
    }

    /** Calls name files by their SHA-1, so that one and the same file goes into several; each bundle has its own. */
    private static List<List<Upload>> rounds(List<Upload> uploads) {
        Map<String, Integer> times = new HashMap<>();
        Map<Integer, List<Upload>> open = new HashMap<>();
        List<List<Upload>> rounds = new ArrayList<>();
        for (Upload upload : uploads) {
            if (upload instanceof Upload.Bundle) {
                rounds.add(List.of(upload));
                continue;
            }
            int time = times.merge(upload.file().sha1(), 1, Integer::sum);
            List<Upload> round = open.get(time);
            if (round == null || round.size() == FILES_PER_CALL) {
                round = new ArrayList<>();
                open.put(time, round);
                rounds.add(round);
            }
            round.add(upload);
        }
        return rounds;
    }

    private void first(Upload upload, JsonNode answer, Map<Upload, Ending> endings, Map<String, Part> missing) {
        switch (answer.path("state").asText()) {
            case "ok" -> endings.put(upload, new Ending(upload, State.THERE, ""));
            case "error" -> endings.put(upload, refused(upload, answer));
            default -> {
                Set<String> wanted = new LinkedHashSet<>();
                answer.path("missingChunks").forEach(chunk -> wanted.add(chunk.asText()));
                ChunkedFile file = upload.file();
                for (int i = 0; i < file.chunks().size(); i++) {
                    String sha1 = file.chunks().get(i);
                    if (wanted.contains(sha1)) {
                        long from = (long) i * file.chunkSize();
                        int length = (int) Math.min(file.chunkSize(), file.size() - from);
                        missing.putIfAbsent(sha1, new Part(file.file(), from, length, sha1));
                    }
                }
            }
        }
    }

    private static Ending refused(Upload upload, JsonNode answer) {
        return new Ending(upload, State.REFUSED, answer.path("detail").asText("the server does not say why"));
    }

    private void finish(List<Upload> round, Map<Upload, Ending> endings, long patienceMillis)
            throws IOException, InterruptedException {
        List<Upload> open = new ArrayList<>(round);
        open.removeIf(endings::containsKey);
        long waited = 0;
        long pause = FIRST_POLL_MILLIS;
        while (!open.isEmpty()) {
            for (Map.Entry<Upload, JsonNode> asked : assemble(open).entrySet()) {
                Upload upload = asked.getKey();
                switch (asked.getValue().path("state").asText()) {
                    case "ok" -> endings.put(upload, new Ending(upload, State.SENT, ""));
                    case "error" -> endings.put(upload, refused(upload, asked.getValue()));
                    case "not_found" ->
                        endings.put(
                                upload,
                                new Ending(upload, State.REFUSED, "the server has lost parts of it; send it again"));
                    default -> {}
                }
            }
            open.removeIf(endings::containsKey);
            if (open.isEmpty() || waited >= patienceMillis) {
                break;
            }
            Thread.sleep(pause);
            waited += pause;
            pause = Math.min(MOST_POLL_MILLIS, 2 * pause);
        }
        open.forEach(upload -> endings.put(upload, new Ending(upload, State.PENDING, "")));
    }

    private Map<Upload, JsonNode> assemble(List<Upload> uploads) throws IOException, InterruptedException {
        Map<Upload, JsonNode> states = new HashMap<>();
        if (!uploads.isEmpty() && uploads.getFirst() instanceof Upload.Bundle bundle) {
            states.put(bundle, server.post(server.organizationPath("artifactbundle/assemble/"), request(bundle)));
            return states;
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        for (Upload upload : uploads) {
            if (upload instanceof Upload.Debug debug) {
                ObjectNode file = request.putObject(debug.file().sha1()).put("name", debug.name());
                if (debug.debugId() != null) {
                    file.put("debug_id", debug.debugId().toString());
                }
                chunks(file, debug);
            }
        }
        JsonNode answer = server.post(server.projectPath("files/difs/assemble/"), request);
        uploads.forEach(upload -> states.put(upload, answer.path(upload.file().sha1())));
        return states;
    }

    private ObjectNode request(Upload.Bundle bundle) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("checksum", bundle.file().sha1());
        chunks(request, bundle);
        request.putArray("projects").add(server.account().project());
        if (bundle.release() != null) {
            request.put("version", bundle.release());
        }
        if (bundle.dist() != null) {
            request.put("dist", bundle.dist());
        }
        return request;
    }

    private static void chunks(ObjectNode request, Upload upload) {
        ArrayNode chunks = request.putArray("chunks");
        upload.file().chunks().forEach(chunks::add);
    }

    /** A piece of a file, which the server lacks. */
    private record Part(Path file, long from, int length, String sha1) {
        byte[] read() throws IOException {
            byte[] piece = new byte[length];
            ByteBuffer bytes = ByteBuffer.wrap(piece);
            try (FileChannel channel = FileChannel.open(file)) {
                while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                    // a read may give less than was asked for
                }
            }
            if (bytes.hasRemaining()) {
                throw new IOException(file + " has become shorter while it was sent; run the command again");
            }
            return piece;
        }
    }

    private void sendParts(Iterable<Part> parts, LongConsumer sent) throws IOException, InterruptedException {
        long most = Math.min(options.maxRequestSize, Math.max(MAX_REQUEST_BYTES, options.chunkSize));
        List<Future<@Nullable Void>> requests = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(options.concurrency, MAX_CONCURRENCY))) {
            List<Part> batch = new ArrayList<>();
            long bytes = 0;
            for (Part part : parts) {
                if (batch.size() == options.chunksPerRequest || bytes + part.length > most) {
                    List<Part> full = batch;
                    requests.add(threads.submit(() -> sendBatch(full, sent)));
                    batch = new ArrayList<>();
                    bytes = 0;
                }
                batch.add(part);
                bytes += part.length;
            }
            List<Part> last = batch;
            requests.add(threads.submit(() -> sendBatch(last, sent)));
            await(requests, threads);
        }
    }

    private static void await(List<Future<@Nullable Void>> requests, ExecutorService threads)
            throws IOException, InterruptedException {
        try {
            for (Future<@Nullable Void> request : requests) {
                request.get();
            }
        } catch (ExecutionException e) {
            threads.shutdownNow();
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private @Nullable Void sendBatch(List<Part> batch, LongConsumer sent) throws IOException, InterruptedException {
        if (batch.isEmpty()) {
            return null;
        }
        String boundary = UUID.randomUUID().toString();
        List<byte[]> pieces = new ArrayList<>();
        for (Part part : batch) {
            byte[] raw = part.read();
            byte[] packed = compress ? gzip(raw) : raw;
            boolean shorter = packed.length < raw.length;
            pieces.add(head(boundary, shorter ? "file_gzip" : "file", part.sha1));
            pieces.add(shorter ? packed : raw);
            pieces.add(LINE_END);
        }
        pieces.add(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        server.postForm(options.url, "multipart/form-data; boundary=" + boundary, new Pieces(pieces));
        batch.forEach(part -> sent.accept(part.length));
        return null;
    }

    private static byte[] head(String boundary, String name, String sha1) {
        return ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + sha1
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] gzip(byte[] raw) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(raw.length / 2 + 64);
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(raw);
        }
        return packed.toByteArray();
    }

    private record Pieces(List<byte[]> pieces) implements Body {
        @Override
        public long length() {
            return pieces.stream().mapToLong(piece -> piece.length).sum();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            for (byte[] piece : pieces) {
                out.write(piece);
            }
        }
    }
}
