package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Denied;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Missing;
import framewright.api.Outcome.Unsupported;
import framewright.fetch.Fetcher;
import framewright.fetch.RemoteFile;
import framewright.fetch.RemoteFile.Local;
import framewright.fetch.RemoteFile.Unusable;
import framewright.fetch.RemoteFile.Web;
import framewright.fetch.RemoteFile.WebRequest;
import framewright.fetch.WebUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A symstore may say where a file is instead of holding it: {@code file.ptr} beside its place holds {@code PATH:} and
 * a path, {@code MSG:} and a text for people, or a bare path or address. Only what is below the same store or on the
 * web can be followed; most pointers name a share of a Windows network.
 */
final class Pointers {
    static final String NAME = "file.ptr";

    private static final int MAX_BYTES = 4 << 10;

    /** Characters of a store's own words that are repeated. */
    private static final int MAX_SHOWN = 200;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Outcome<Target> ELSEWHERE =
            Outcome.failed(new Unsupported("file.ptr leads out of the store, to no address of the web"));

    /** What a pointer says. */
    private sealed interface Target {
        record Address(WebUrl url) implements Target {}

        /** @param path below the store */
        record Below(String path) implements Target {}
    }

    private final Fetcher fetcher;

    Pointers(Fetcher fetcher) {
        this.fetcher = fetcher;
    }

    /**
     * What the pointer leads to, under the pointer's own location. On the web the pointer is read when the file is
     * asked for, so that listing files asks nobody.
     *
     * @param file the file at a path of the store
     */
    RemoteFile follow(RemoteFile pointer, Function<String, RemoteFile> file) {
        return switch (pointer) {
            case Web web -> web.signedBy(() -> sign(web, file));
            case Local local -> follow(local, file);
            case Unusable unusable -> unusable;
        };
    }

    private Outcome<WebRequest> sign(Web pointer, Function<String, RemoteFile> file) throws InterruptedException {
        Outcome<Target> target =
                fetcher.fetchAnswer(pointer, MAX_BYTES, LIMIT).flatMap(answer -> target(answer.body()));
        return switch (target) {
            case Failed<Target>(Outcome.Failure failure) -> Outcome.failed(failure);
            case Found<Target>(Target.Address(WebUrl url)) ->
                pointer.signer().sign().map(request -> request.sentTo(url));
            case Found<Target>(Target.Below(String path)) ->
                switch (file.apply(path)) {
                    case Web web -> web.signer().sign();
                    case Unusable unusable -> Outcome.failed(unusable.failure());
                    case Local _ -> throw new IllegalStateException("a store is on the web or here");
                };
        };
    }

    private static RemoteFile follow(Local pointer, Function<String, RemoteFile> file) {
        return switch (read(pointer.path()).flatMap(Pointers::target)) {
            case Found<Target>(Target.Below(String path)) -> file.apply(path);
            case Found<Target>(Target.Address _) ->
                new Unusable(
                        pointer.source(),
                        pointer.location(),
                        new Unsupported("file.ptr of a folder leads to the web, where folders do not reach"));
            case Failed<Target>(Outcome.Failure failure) -> new Unusable(pointer.source(), pointer.location(), failure);
        };
    }

    private static Outcome<byte[]> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Outcome.failed(new Missing());
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Outcome.found(in.readNBytes(MAX_BYTES));
        } catch (IOException e) {
            return Outcome.failed(new Denied("the file may not be read"));
        }
    }

    private static Outcome<Target> target(byte[] body) {
        String line = new String(body, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (line.regionMatches(true, 0, "MSG:", 0, 4)) {
            return Outcome.failed(new Denied("the store says: " + shown(line.substring(4))));
        }
        String path =
                line.regionMatches(true, 0, "PATH:", 0, 5) ? line.substring(5).strip() : line;
        WebUrl url = WebUrl.parse(path);
        if (url != null) {
            return Outcome.found(new Target.Address(url));
        }
        return isBelow(path) ? Outcome.found(new Target.Below(path.replace('\\', '/'))) : ELSEWHERE;
    }

    /** No absolute path of any system, and no way up. */
    private static boolean isBelow(String path) {
        String[] parts = path.split("[/\\\\]", -1);
        return path.indexOf(':') < 0
                && Arrays.stream(parts).noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    private static String shown(String text) {
        String printable = text.strip().replaceAll("\\p{Cntrl}", " ");
        return printable.substring(
                0,
                printable.offsetByCodePoints(0, Math.min(MAX_SHOWN, printable.codePointCount(0, printable.length()))));
    }
}
