package framewright.nativecode;

import framewright.api.SymbolicateRequest;
import framewright.api.SymbolicateResponse;
import framewright.cache.Caches;
import framewright.cache.Scope;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.config.FetchSettings;
import framewright.fetch.Fetcher;
import framewright.fetch.WebFetcher;
import framewright.nativebridge.NativePool;
import framewright.nativebridge.ObjectFiles;
import framewright.nativebridge.ObjectFiles.ObjectInfo;
import framewright.objects.Auxiliary;
import framewright.objects.ObjectFinder;
import framewright.objects.StoredSources;
import framewright.sources.Sources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** The whole of native symbolication over a folder of debug files in the unified layout. */
final class NativeService implements AutoCloseable {
    static final Path FIXTURES = Path.of("..", "rust", "core", "tests", "fixtures");

    final Path symbols;
    final NativePool pool = new NativePool("test", 2);
    final NativePool conversions = new NativePool("test-convert", 1);
    final FrameMemory memory;
    final Caches caches;
    final ObjectFinder finder;
    final DerivedFiles derived;
    private final NativeSymbolication symbolication;

    NativeService(Path dir) throws IOException {
        this(dir, 64 << 20);
    }

    NativeService(Path dir, long frameMemoryBytes) throws IOException {
        this.symbols = Files.createDirectories(dir.resolve("symbols"));
        this.memory = new FrameMemory(frameMemoryBytes);
        InstantSource clock = InstantSource.system();
        Lifetimes hour =
                new Lifetimes(Duration.ofDays(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
        this.caches = new Caches(new CacheSettings(dir.resolve("cache"), 1L << 30, hour, hour), clock);
        FetchSettings settings = new FetchSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                1L << 30,
                true,
                new FetchSettings.DenyList(
                        false, Duration.ofMinutes(1), Duration.ofSeconds(5), 60, Duration.ofHours(1), Set.of()));
        Fetcher fetcher = new Fetcher(settings, clock, "test");
        Sources sources = new Sources(fetcher, clock, Duration.ofHours(1), List.of());
        this.finder = new ObjectFinder(caches, sources, fetcher, pool, settings, clock);
        Auxiliary auxiliary = new Auxiliary(caches, sources, fetcher, pool, settings, clock);
        this.derived = new DerivedFiles(caches, pool, conversions, conversions, memory);
        this.symbolication = new NativeSymbolication(
                finder, auxiliary, derived, caches, new WebFetcher(fetcher, caches), new StoredSources(sources), pool);
    }

    /** Stores a debug file under its own id. */
    NativeService with(String fixture) throws IOException {
        return with(Files.readAllBytes(FIXTURES.resolve(fixture)));
    }

    NativeService with(byte[] file) throws IOException {
        Path temporary = Files.write(symbols.resolve("upload"), file);
        for (ObjectInfo object :
                ObjectFiles.inspect(temporary, null, null).orThrow().objects()) {
            Path target =
                    Files.createDirectories(symbols.resolve(folder(object))).resolve(name(object));
            Files.deleteIfExists(target);
            Files.copy(temporary, target);
        }
        Files.delete(temporary);
        return this;
    }

    private static String name(ObjectInfo object) {
        return switch (object.fileFormat()) {
            case "breakpad" -> "breakpad";
            case "sourcebundle" -> "sourcebundle";
            default -> "debuginfo";
        };
    }

    private static String folder(ObjectInfo object) {
        String id = switch (object.fileFormat()) {
            case "elf", "wasm", "sourcebundle", "breakpad" -> Objects.requireNonNull(object.codeId());
            case "macho" -> Objects.requireNonNull(object.debugId()).replace("-", "");
            default -> breakpadId(Objects.requireNonNull(object.debugId()));
        };
        return id.substring(0, 2) + "/" + id.substring(2);
    }

    /** Breakpad's form in lower case: no dashes, and the age always there. */
    private static String breakpadId(String debugId) {
        String plain = debugId.toLowerCase(Locale.ROOT).replace("-", "");
        return plain.length() > 32 ? plain : plain + "0";
    }

    SymbolicateResponse answer(String request) throws InterruptedException {
        byte[] body = request.replace("{symbols}", symbols.toString()).getBytes(StandardCharsets.UTF_8);
        return symbolication.symbolicate(SymbolicateRequest.read(new ByteArrayInputStream(body)), new Scope("test"));
    }

    /** The answer as JSON; the folder of the debug files appears as it does in requests. */
    String json(String request) throws IOException, InterruptedException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        answer(request).write(json);
        return json.toString(StandardCharsets.UTF_8).replace(symbols.toString(), "{symbols}");
    }

    @Override
    public void close() {
        symbolication.close();
        derived.close();
        caches.close();
        pool.close();
        conversions.close();
    }
}
