package framewright.nativebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doors on the real library, with binaries made by a compiler (recipes in the fixtures' README). */
class NativeBridgeTest {
    private static final Path ELF = Path.of("../rust/core/tests/fixtures/elf-dwarf5.so");

    @TempDir
    Path temp;

    private LookupTable table(Path object) {
        Path file = temp.resolve("table-of-" + object.getFileName());
        LookupTable.build(object, LookupTable.Options.NONE, file, 1 << 30).orThrow();
        return LookupTable.open(file).orThrow();
    }

    private static <T> NativeFailure failure(NativeResult<T> result) {
        return switch (result) {
            case NativeResult.Ok<T>(T value) -> throw new AssertionError("no failure but " + value);
            case NativeResult.Failed<T>(NativeFailure failure) -> failure;
        };
    }

    @Test
    void inspect_ofRealBinary_tellsIdsAndFeatures() throws IOException {
        ObjectFiles.FileInfo info = ObjectFiles.inspect(ELF, null, null).orThrow();
        assertThat(info.kind()).isEqualTo("elf");
        assertThat(info.match()).isZero();
        ObjectFiles.ObjectInfo object = info.objects().getFirst();
        assertThat(object.arch()).isEqualTo("x86_64");
        assertThat(object.codeId()).matches("[0-9a-f]{40}");
        assertThat(object.hasDebugInfo()).isTrue();
        assertThat(object.stripped()).isFalse();
        assertThat(object.size()).isEqualTo(Files.size(ELF));
    }

    @Test
    void inspect_ofGarbage_isMalformedWithRemedy() throws IOException {
        Path file = Files.writeString(temp.resolve("garbage"), "this is no object file");
        NativeFailure failure = failure(ObjectFiles.inspect(file, null, null));
        assertThat(failure.status()).isEqualTo(NativeStatus.MALFORMED);
        assertThat(failure.code()).isEqualTo("unknown_format");
        assertThat(failure.message()).isNotBlank();
    }

    @Test
    void inspect_ofMissingFile_isIoFailureNamingIt() {
        NativeFailure failure = failure(ObjectFiles.inspect(temp.resolve("absent"), null, null));
        assertThat(failure.status()).isEqualTo(NativeStatus.IO);
        assertThat(failure.describe()).contains("absent");
    }

    @Test
    void lookup_withoutConversion_givesTheSameAsTheTable() {
        long[] addresses = IntStream.range(0, 0x4000).mapToLong(i -> i).toArray();
        try (LookupTable converted = table(ELF);
                UnconvertedObject lazy =
                        UnconvertedObject.open(ELF, LookupTable.Options.NONE).orThrow()) {
            assertThat(lazy.arch()).isEqualTo(converted.arch());
            List<String> expected = render(converted.lookup(addresses).orThrow());
            assertThat(expected).isNotEmpty();
            assertThat(render(lazy.lookup(addresses).orThrow())).isEqualTo(expected);
        }
    }

    private static List<String> render(FrameTable table) {
        return IntStream.range(0, table.start(table.addresses()))
                .mapToObj(row -> "%x %s %s %s %d %s"
                        .formatted(
                                table.symbolAddress(row),
                                table.symbol(row),
                                table.function(row),
                                table.path(row),
                                table.line(row),
                                table.language(row)))
                .toList();
    }

    @Test
    void symbolFile_ofTwoFiles_isAnObjectThatAnswersAsThey() throws IOException {
        Path debug = ELF.resolveSibling("elf-debug-only.debug");
        Path sym = temp.resolve("shapes.sym");
        var files = new BreakpadSymbols.ModuleFiles(debug, ELF, "shapes.so");
        BreakpadSymbols.Written written =
                BreakpadSymbols.write(files, sym, 1 << 20, 128).orThrow();
        assertThat(written).isEqualTo(new BreakpadSymbols.Written(Files.size(sym), 4, 0));
        assertThat(Files.readString(sym)).startsWith("MODULE Linux x86_64 ").contains(" shapes.so\n");
        try (LookupTable ofSym = table(sym);
                LookupTable ofDebug = table(debug)) {
            long[] inlined = {0x1380};
            assertThat(render(ofSym.lookup(inlined).orThrow())).hasSize(3);
            assertThat(functions(ofSym.lookup(inlined).orThrow()))
                    .isEqualTo(functions(ofDebug.lookup(inlined).orThrow()));
        }
        long unwindRecords = UnwindTables.build(sym, temp.resolve("unwind"), 1 << 20, 128)
                .orThrow()
                .records();
        assertThat(unwindRecords).isEqualTo(4);
    }

    private static List<String> functions(FrameTable table) {
        return IntStream.range(0, table.start(table.addresses()))
                .mapToObj(row -> table.function(row) + " " + table.path(row) + ":" + table.line(row))
                .toList();
    }

    @Test
    void symbolFile_ofTwoModules_isRefusedAndNotWritten() {
        Path sym = temp.resolve("shapes.sym");
        Path other = ELF.resolveSibling("elf-aarch64.so");
        var files = new BreakpadSymbols.ModuleFiles(ELF, other, "shapes.so");
        NativeFailure failure = failure(BreakpadSymbols.write(files, sym, 1 << 20, 128));
        assertThat(failure.status()).isEqualTo(NativeStatus.UNSUPPORTED);
        assertThat(sym).doesNotExist();
    }

    @Test
    void closedTable_askedAgain_isABugNotACrash() {
        LookupTable table = table(ELF);
        table.close();
        assertThatThrownBy(() -> table.lookup(new long[] {1}))
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.status()).isEqualTo(NativeStatus.STALE_HANDLE));
    }

    @Test
    void close_duringLookupsOfOtherThreads_isSafe() throws Exception {
        LookupTable table = table(ELF);
        CountDownLatch running = new CountDownLatch(3);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<NativeStatus>> ended = IntStream.range(0, 3)
                    .mapToObj(i -> threads.submit(() -> askUntilStale(table, running)))
                    .toList();
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            table.close();
            for (Future<NativeStatus> end : ended) {
                assertThat(end.get()).isEqualTo(NativeStatus.STALE_HANDLE);
            }
        }
    }

    private static NativeStatus askUntilStale(LookupTable table, CountDownLatch running) {
        try {
            while (true) {
                table.lookup(new long[] {0x1000, 0x1100}).orThrow();
                running.countDown();
            }
        } catch (NativeException e) {
            return e.status();
        }
    }

    @Test
    void pool_withAllThreadsBusy_leavesVirtualThreadsFree() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (NativePool pool = new NativePool("test", 1);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var busy = threads.submit(() -> pool.call(() -> release.await(30, TimeUnit.SECONDS)));
            var others = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() -> pool.call(() -> i)))
                    .toList();
            assertThat(threads.submit(() -> "free").get(30, TimeUnit.SECONDS)).isEqualTo("free");
            release.countDown();
            assertThat(busy.get()).isTrue();
            for (int i = 0; i < others.size(); i++) {
                assertThat(others.get(i).get()).isEqualTo(i);
            }
        }
    }

    @Test
    void demangle_knowsTheLanguagesOfCrashes() {
        assertThat(Demangler.demangle(List.of("_ZN3foo3barEi", "_RNvC6_123foo3bar", "plain", "?f@@YAXH@Z")))
                .containsExactly("foo::bar(int)", "123foo::bar", null, "void f(int)".replace("void ", ""));
    }

    @Test
    void decompress_ofPlainFile_writesNothing() throws IOException {
        Path file = Files.writeString(temp.resolve("plain"), "plain");
        Path to = temp.resolve("to");
        Decompressor.Outcome outcome = Decompressor.decompress(file, to, 100).orThrow();
        assertThat(outcome.compressed()).isFalse();
    }

    @Test
    void decompress_beyondTheBound_isLimitAndLeavesNothing() throws IOException {
        Path file = temp.resolve("bomb.gz");
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(new byte[1 << 20]);
        }
        Path to = temp.resolve("to");
        NativeFailure failure = failure(Decompressor.decompress(file, to, 1000));
        assertThat(failure.status()).isEqualTo(NativeStatus.LIMIT);
        assertThat(to).doesNotExist();
        assertThat(Decompressor.decompress(file, to, 1 << 20).orThrow().bytes()).isEqualTo(1 << 20);
    }

    @Test
    void counters_showNoPanic() {
        assertThat(NativeCounters.read().panics()).isZero();
    }
}
