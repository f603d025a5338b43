package framewright.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes source bundles: a zip with a manifest, behind a magic number and a version. */
public final class SourceBundles {
    private static final byte[] HEADER = {'S', 'Y', 'S', 'B', 2, 0, 0, 0};

    private SourceBundles() {}

    /** A bundle of one file for an ELF module. */
    public static byte[] elf(String codeId, String path, String text) throws IOException {
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.put("type", "source").put("path", path);
        return bundle(codeId, file, text, manifest -> {});
    }

    /** A bundle that knows one file by where it is on the web. */
    public static byte[] elfWithLink(String codeId, String pattern, String url) throws IOException {
        ObjectNode file = new ObjectMapper().createObjectNode();
        file.put("type", "source").put("path", "/other.c");
        return bundle(
                codeId,
                file,
                "other",
                manifest -> manifest.putObject("source_links").put(pattern, url));
    }

    private static byte[] bundle(String codeId, ObjectNode file, String text, Consumer<ObjectNode> more)
            throws IOException {
        ObjectNode manifest = new ObjectMapper().createObjectNode();
        manifest.putObject("files").set("files/one", file);
        manifest.put("code_id", codeId);
        manifest.put("debug_id", DebugIds.ofBuildId(codeId));
        manifest.put("object_name", "test");
        manifest.put("arch", "x86_64");
        more.accept(manifest);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(HEADER);
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("files/one"));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(manifest.toString().getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static final class DebugIds {
        /** As Breakpad derives it: the first 16 bytes, of which the first three fields are little-endian. */
        static String ofBuildId(String hex) {
            String[] b = new String[16];
            for (int i = 0; i < b.length; i++) {
                b[i] = hex.substring(2 * i, 2 * i + 2);
            }
            return b[3] + b[2] + b[1] + b[0] + "-" + b[5] + b[4] + "-" + b[7] + b[6] + "-" + b[8] + b[9] + "-"
                    + String.join("", java.util.Arrays.copyOfRange(b, 10, 16));
        }
    }
}
