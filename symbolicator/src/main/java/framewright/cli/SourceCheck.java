package framewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import framewright.App;
import framewright.api.Answer;
import framewright.api.Cause;
import framewright.api.SourceConfig;
import framewright.api.SymbolicateRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Asks a source for files that nobody has, one of each kind of module, and judges by what it answers. */
final class SourceCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The source was reached and let us in. */
    private static final Set<Cause> ANSWERS = Set.of(Cause.NOT_FOUND, Cause.NOT_LISTED, Cause.FOUND);

    /** The ids are those of nothing that was ever built. */
    private static final String QUESTION = """
            {"modules":[
               {"type":"elf","code_id":"f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0","debug_file":"framewright-doctor",
                "code_file":"framewright-doctor","image_addr":"0x10000","image_size":4096},
               {"type":"macho","debug_id":"f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0","debug_file":"framewright-doctor",
                "code_file":"framewright-doctor","image_addr":"0x20000","image_size":4096},
               {"type":"pe","debug_id":"f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0-1","code_id":"f0f0f0f01000",
                "debug_file":"framewright-doctor.pdb","code_file":"framewright-doctor.dll",
                "image_addr":"0x30000","image_size":4096}],
             "stacktraces":[{"frames":[{"instruction_addr":"0x10010"},{"instruction_addr":"0x20010"},
                                       {"instruction_addr":"0x30010"}]}],
             "options":{"dif_candidates":true,"causes":true}}""";

    private SourceCheck() {}

    static Diagnosis of(App app, SourceConfig source) throws IOException, InterruptedException {
        String what = "source " + source.id();
        if (source instanceof SourceConfig.Filesystem files && !Files.isReadable(Path.of(files.path()))) {
            return Diagnosis.fail(
                    what,
                    files.path() + " is not there or cannot be read",
                    "Correct `path`, mount the disk, or let the server's user read it.");
        }
        SymbolicateRequest question =
                SymbolicateRequest.read(new ByteArrayInputStream(QUESTION.getBytes(StandardCharsets.UTF_8)));
        return judge(what, causes(app.symbolicate(question.withSources(List.of(source)), null)));
    }

    /** Every cause that the candidates give, with its sentence. */
    private static Map<Cause, String> causes(Answer answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        answer.write(bytes);
        Map<Cause, String> causes = new LinkedHashMap<>();
        for (JsonNode module : JSON.readTree(bytes.toByteArray()).path("modules")) {
            for (JsonNode candidate : module.path("candidates")) {
                JsonNode cause = candidate.path("cause");
                causes.putIfAbsent(
                        Cause.valueOf(cause.path("code").asText().toUpperCase(Locale.ROOT)),
                        cause.path("message").asText());
            }
        }
        return causes;
    }

    /** One refusal outweighs any number of files that are not there: a bucket may hide some of its folders. */
    private static Diagnosis judge(String what, Map<Cause, String> causes) {
        for (Map.Entry<Cause, String> each : causes.entrySet()) {
            if (!ANSWERS.contains(each.getKey()) && each.getKey() != Cause.FILTERED) {
                return Diagnosis.fail(
                        what,
                        each.getKey().code() + ": " + each.getValue(),
                        each.getKey().remedy());
            }
        }
        if (causes.keySet().stream().anyMatch(ANSWERS::contains)) {
            return Diagnosis.ok(what, "answers");
        }
        return Diagnosis.warn(
                what,
                "not asked, since its filters leave out every module that was tried",
                "Check `filters` and `requires_checksum`, unless they are meant.");
    }
}
