package framewright.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import framewright.api.InvalidRequestException;
import framewright.api.JsonIn;
import framewright.api.MalformedJsonException;
import framewright.debugfiles.DebugId;
import framewright.sourcemap.DebugIdComment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Scripts and their maps, on the way into one artifact bundle (contract, A7). A script and its map know each other by the
 * debug id that either of them states, or by the map's address.
 */
public final class ScriptBundle {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A script is read into memory. */
    private static final long MAX_SCRIPT_BYTES = 512L << 20;

    /** What Hermes compiles to begins with this (contract, A7); of such a script only the map is of use. */
    private static final long HERMES = 0xC61F_BC03_C103_191FL;

    private static final int HERMES_BYTES = 8;

    private final @Nullable String release;
    private final @Nullable String dist;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    /**
     * A file on its way in.
     *
     * @param map name of its map among the others; null: it has none there
     * @param mapReference what the script calls its map
     * @param empty whether only its name goes in
     */
    private record Member(
            FoundFile file,
            boolean script,
            @Nullable DebugId debugId,
            @Nullable String map,
            @Nullable String mapReference,
            boolean empty) {
        Member withDebugId(@Nullable DebugId other) {
            return new Member(file, script, other, map, mapReference, empty);
        }
    }

    /**
     * @param release whose scripts these are; null: those with debug ids are found all the same
     * @param dist of the release; null: none in particular
     */
    public ScriptBundle(@Nullable String release, @Nullable String dist) {
        this.release = release;
        this.dist = dist;
    }

    /** Takes the scripts and maps among the files; the rest is not looked at. */
    public void add(List<FoundFile> files) throws IOException {
        Map<String, FoundFile> named = new LinkedHashMap<>();
        for (FoundFile file : files) {
            boolean styles = file.name().toLowerCase(Locale.ROOT).endsWith(".css.map");
            if ((file.look() == FileLook.SCRIPT || file.look() == FileLook.SOURCE_MAP) && !styles) {
                if (named.putIfAbsent(file.name(), file) != null) {
                    leftOut.add(new LeftOut(file.origin(), "another file has the same address ~/" + file.name()));
                }
            }
        }
        for (FoundFile file : named.values()) {
            if (Files.size(file.file()) > MAX_SCRIPT_BYTES) {
                leftOut.add(new LeftOut(file.origin(), "it is larger than " + MAX_SCRIPT_BYTES + " bytes"));
            } else if (file.look() == FileLook.SCRIPT) {
                members.put(file.name(), script(file, named));
            } else if (isJson(file)) {
                members.put(file.name(), new Member(file, false, idOfMap(file), null, null, false));
            }
        }
        shareIds();
        dropUseless();
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** What nobody could ask for. */
    public List<LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }

    private static Member script(FoundFile file, Map<String, FoundFile> others) throws IOException {
        byte[] bytes = Files.readAllBytes(file.file());
        if (isHermes(bytes)) {
            String map = others.containsKey(file.name() + ".map") ? file.name() + ".map" : null;
            return new Member(file, true, null, map, map == null ? null : last(map), true);
        }
        DebugIdComment.Found found = DebugIdComment.find(bytes);
        String reference = found.sourceMappingUrl();
        String map = reference == null || reference.startsWith("data:") || reference.contains("://")
                ? file.name() + ".map"
                : resolve(file.name(), reference);
        boolean here = others.containsKey(map);
        DebugId id = found.debugId() == null ? null : DebugId.parse(found.debugId());
        String called = reference == null || reference.startsWith("data:") ? here ? last(map) : null : reference;
        return new Member(file, true, id, here ? map : null, called, false);
    }

    private static boolean isHermes(byte[] bytes) {
        return bytes.length >= HERMES_BYTES && java.nio.ByteBuffer.wrap(bytes).getLong() == HERMES;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The name of the file that a script calls so; one that leads out of the folder is none of them. */
    private static String resolve(String script, String reference) {
        int end = reference.length();
        for (char stop : new char[] {'?', '#'}) {
            end = reference.indexOf(stop) < 0 ? end : Math.min(end, reference.indexOf(stop));
        }
        String path = reference.substring(0, end);
        return Path.of("/" + script).resolveSibling(path).normalize().toString().substring(1);
    }

    private static boolean isJson(FoundFile file) throws IOException {
        try (InputStream in = Files.newInputStream(file.file())) {
            String start = new String(in.readNBytes(64), StandardCharsets.UTF_8).strip();
            return start.startsWith("{") || start.startsWith(")]}");
        }
    }

    /** {@code debugId}, else {@code debug_id} as older tools write it; null: neither, or the map is broken. */
    private static @Nullable DebugId idOfMap(FoundFile file) throws IOException {
        try (InputStream in = Files.newInputStream(file.file())) {
            Map<String, String> ids = JsonIn.document(in, json -> {
                Map<String, String> found = new LinkedHashMap<>();
                json.object();
                for (String name; (name = json.nextField()) != null; ) {
                    if (name.equals("debugId") || name.equals("debug_id")) {
                        found.put(name, String.valueOf(json.text()));
                    } else {
                        json.skip();
                    }
                }
                return found;
            });
            String id = ids.getOrDefault("debugId", ids.get("debug_id"));
            return id == null ? null : DebugId.parse(id);
        } catch (MalformedJsonException | InvalidRequestException e) {
            return null;
        }
    }

    private void shareIds() {
        for (String name : List.copyOf(members.keySet())) {
            Member script = Objects.requireNonNull(members.get(name));
            Member map = script.map == null ? null : members.get(script.map);
            if (map == null) {
                continue;
            }
            if (script.debugId == null) {
                members.put(name, script.withDebugId(map.debugId));
            } else if (map.debugId == null) {
                members.put(map.file.name(), map.withDebugId(script.debugId));
            }
        }
    }

    /** Without a release a file is asked for by its debug id alone. A script without a map has nothing to tell then. */
    private void dropUseless() {
        if (release != null) {
            return;
        }
        members.values().removeIf(member -> {
            if (member.debugId != null) {
                return false;
            }
            if (!member.script || member.map != null) {
                leftOut.add(new LeftOut(
                        member.file.origin(),
                        "it has no debug id, and is of no release: run `sentry-cli sourcemaps inject` on the folder, or"
                                + " give --release"));
            }
            return true;
        });
    }

    /** Writes the bundle and says what it is. */
    public Upload.Bundle write(Path to, Account account, int chunkSize) throws IOException {
        ObjectNode manifest = JSON.createObjectNode();
        ObjectNode files = manifest.putObject("files");
        try (OutputStream out = Files.newOutputStream(to);
                BundleZip zip = new BundleZip(out)) {
            for (Member member : members.values()) {
                String path = "files/_/_/" + member.file.name();
                describe(files.putObject(path), member);
                if (member.empty) {
                    zip.add(path, InputStream.nullInputStream());
                } else {
                    try (InputStream in = Files.newInputStream(member.file.file())) {
                        zip.add(path, in);
                    }
                }
            }
            manifest.put("debug_id", zip.contentId().toString());
            manifest.put("org", account.organization()).put("project", account.project());
            if (release != null) {
                manifest.put("release", release);
            }
            if (dist != null) {
                manifest.put("dist", dist);
            }
            zip.add("manifest.json", new java.io.ByteArrayInputStream(JSON.writeValueAsBytes(manifest)));
        }
        BundleZip.makeAbsolute(to);
        List<String> notes = new ArrayList<>();
        for (Member member : members.values()) {
            if (member.script && member.map == null && member.mapReference != null) {
                notes.add(member.file.origin() + ": its map " + member.mapReference + " is not among the files");
            }
        }
        String origin = members.size() + " scripts and maps";
        return new Upload.Bundle(origin, ChunkedFile.read(to, chunkSize), release, dist, members.size(), notes);
    }

    private static void describe(ObjectNode entry, Member member) {
        boolean minified = member.empty || member.mapReference != null;
        entry.put("type", !member.script ? "source_map" : minified ? "minified_source" : "source");
        entry.put("url", "~/" + member.file.name());
        ObjectNode headers = entry.putObject("headers");
        if (member.debugId != null) {
            headers.put("debug-id", member.debugId.toString());
        }
        if (member.mapReference != null) {
            headers.put("sourcemap", member.mapReference);
        }
    }
}
