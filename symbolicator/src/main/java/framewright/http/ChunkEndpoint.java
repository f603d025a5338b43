package framewright.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.Outcome;
import framewright.store.Chunks;
import framewright.store.Organization;
import framewright.store.Permission;
import framewright.store.Store;
import framewright.uploads.Assembler;
import framewright.uploads.Receiver;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** {@code organizations/{o}/chunk-upload/}: how files are to be sent, and the parts of them (contract, A2 and A3). */
final class ChunkEndpoint {
    /** As Sentry has it; clients cut files by it, so that another size makes chunks that are here useless. */
    private static final int CHUNK_BYTES = 8 << 20;

    private static final int CHUNKS_PER_REQUEST = 64;
    private static final int REQUEST_BYTES = 32 << 20;
    private static final int CONCURRENCY = 8;

    /** Heads of parts and delimiters, and what gzip makes longer. */
    private static final int OVERHEAD_BYTES = 1 << 20;

    /** What 2.x does not even try where it is not listed. */
    private static final List<String> ACCEPTED = List.of(
            "debug_files",
            "release_files",
            "pdbs",
            "portablepdbs",
            "sources",
            "bcsymbolmaps",
            "il2cpp",
            "artifact_bundles",
            "artifact_bundles_v2",
            "proguard",
            "dartsymbolmap");

    /** What says that who asks is not who sends. */
    private static final List<HeaderName> OF_PROXIES = List.of(
            HeaderNames.X_FORWARDED_FOR, HeaderNames.X_FORWARDED_PROTO, HeaderNames.X_FORWARDED_HOST, HeaderNames.VIA);

    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final int GZIP_BUFFER_BYTES = 64 << 10;

    private final Store store;
    private final Access access;
    private final Assembler assembler;
    private final long maxFileBytes;
    private final Receiver receiver;

    ChunkEndpoint(Store store, Access access, Assembler assembler, long maxFileBytes) {
        this.store = store;
        this.access = access;
        this.assembler = assembler;
        this.maxFileBytes = maxFileBytes;
        this.receiver = new Receiver(store.blobs());
    }

    static boolean isSha1(String text) {
        return SHA1.matcher(text).matches();
    }

    /** The address is a path: behind a proxy, we do not know what we are called. */
    void options(ServerRequest request, ServerResponse response) {
        Organization organization =
                SentryPath.of(request, store, access, Permission.UPLOAD).organization();
        ObjectNode options = SentryJson.object()
                .put("url", "/api/0/organizations/" + organization.slug() + "/chunk-upload/")
                .put("chunkSize", CHUNK_BYTES)
                .put("chunksPerRequest", CHUNKS_PER_REQUEST)
                .put("maxRequestSize", REQUEST_BYTES)
                .put("maxFileSize", maxFileBytes)
                .put("concurrency", CONCURRENCY)
                .put("hashAlgorithm", "sha1");
        ArrayNode compression = options.putArray("compression");
        if (!isSentryCliOfThisMachine(request)) {
            compression.add("gzip");
        }
        ArrayNode accept = options.putArray("accept");
        ACCEPTED.forEach(accept::add);
        SentryJson.send(response, Status.OK_200, options);
    }

    /**
     * Packing takes sentry-cli five times as long as all the rest of an upload, and between two programs of one machine
     * saves nothing.
     */
    private static boolean isSentryCliOfThisMachine(ServerRequest request) {
        boolean sentryCli =
                request.headers().first(HeaderNames.USER_AGENT).orElse("").startsWith("sentry-cli/");
        boolean local = request.remotePeer().address() instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress();
        return sentryCli
                && local
                && OF_PROXIES.stream().noneMatch(name -> request.headers().contains(name));
    }

    /** Takes chunks in, each checked before the next one is read. */
    void upload(ServerRequest request, ServerResponse response) throws IOException {
        Organization organization =
                SentryPath.of(request, store, access, Permission.UPLOAD).organization();
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        MultipartReader parts = new MultipartReader(
                RequestBody.limited(request, REQUEST_BYTES + CHUNK_BYTES + OVERHEAD_BYTES),
                MultipartReader.boundary(type));
        List<Chunks.Arrived> arrived = new ArrayList<>();
        try {
            receive(parts, arrived);
        } finally {
            // those before one that is refused, or before the connection broke, need not be sent again
            store.chunks().keep(organization, arrived);
        }
        assembler.arrived(
                organization, arrived.stream().map(Chunks.Arrived::sha1).toList());
        response.send();
    }

    private void receive(MultipartReader parts, List<Chunks.Arrived> arrived) throws IOException {
        long bytes = 0;
        MultipartReader.Part part;
        while ((part = parts.next()) != null) {
            String field = part.name();
            if (!"file".equals(field) && !"file_gzip".equals(field)) {
                continue;
            }
            if (arrived.size() == CHUNKS_PER_REQUEST) {
                throw SentryJson.refused("Too many chunks");
            }
            Receiver.Part chunk = checked(part);
            arrived.add(new Chunks.Arrived(chunk.sha1(), chunk.file(), chunk.size()));
            bytes += chunk.size();
            if (bytes > REQUEST_BYTES + CHUNK_BYTES) {
                throw SentryJson.refused("Request too large");
            }
        }
    }

    private Receiver.Part checked(MultipartReader.Part part) throws IOException {
        String name = part.filename() == null ? "" : part.filename().toLowerCase(Locale.ROOT);
        if (!isSha1(name)) {
            throw SentryJson.refused("the file name of a chunk must be its SHA-1");
        }
        return switch (receive(part, name)) {
            case Outcome.Failed<Receiver.Part> _ -> throw SentryJson.refused("Chunk size too large");
            case Outcome.Found<Receiver.Part>(Receiver.Part chunk) -> {
                if (!chunk.sha1().equals(name)) {
                    chunk.discard();
                    throw SentryJson.refused("Checksum mismatch: the chunk " + name + " has the SHA-1 " + chunk.sha1());
                }
                yield chunk;
            }
        };
    }

    private Outcome<Receiver.Part> receive(MultipartReader.Part part, String name) throws IOException {
        if (!"file_gzip".equals(part.name())) {
            return receiver.receivePart(part.content(), name, CHUNK_BYTES);
        }
        try (InputStream unpacked = new GZIPInputStream(part.content(), GZIP_BUFFER_BYTES)) {
            return receiver.receivePart(unpacked, name, CHUNK_BYTES);
        } catch (IOException e) {
            // the body fails with exceptions of its own
            throw SentryJson.refused("the chunk " + name + " is no gzip: " + e.getMessage());
        }
    }
}
