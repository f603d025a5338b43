package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Outcome;
import framewright.api.Outcome.Found;
import framewright.api.SourceConfig;
import framewright.api.SymbolFrame;
import framewright.cache.CacheKind;
import framewright.cache.CachedFile;
import framewright.cache.OpenCache.Lease;
import framewright.cache.Scope;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.Layout;
import framewright.debugfiles.ObjectId;
import framewright.debugfiles.ObjectType;
import framewright.objects.FoundObject;
import framewright.objects.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivedFilesTest {
    private static final int LARGE = 9 << 20;
    private static final long[] ADDRESSES = {0x1370, 0x13ac, 0x1420, 0x5000};

    /** A debug file with so much room behind it that it counts as large. */
    private static byte[] large(String fixture) throws IOException {
        return Arrays.copyOf(Files.readAllBytes(NativeService.FIXTURES.resolve(fixture)), LARGE);
    }

    private static HeldFiles find(NativeService service) throws InterruptedException {
        return find(service, "1111111111111111111111111111111111111115");
    }

    private static HeldFiles find(NativeService service, String codeId) throws InterruptedException {
        ObjectId id = new ObjectId(ObjectType.ELF, CodeId.parse(codeId), null, null, null, null);
        SourceConfig source = new SourceConfig.Filesystem(
                "local",
                new SourceConfig.Common(
                        List.of(),
                        List.of(),
                        false,
                        new Layout(Layout.Kind.UNIFIED, Layout.Casing.DEFAULT),
                        false,
                        false),
                service.symbols.toString());
        return new HeldFiles(
                found(service.finder
                        .find(id, Purpose.DEBUG, List.of(source), new Scope("test"))
                        .best()),
                null,
                null);
    }

    private static <T> T found(Outcome<T> outcome) {
        if (outcome instanceof Found<T>(T value)) {
            return value;
        }
        throw new AssertionError(outcome);
    }

    private static boolean hasTable(NativeService service, HeldFiles files) {
        Outcome<CachedFile> known = service.caches.peek(CacheKind.TABLES, files.tableKey(false));
        if (known instanceof Found<CachedFile>(CachedFile file)) {
            file.close();
        }
        return known != null;
    }

    @Test
    void a_small_file_is_converted_at_once(@TempDir Path dir) throws Exception {
        try (NativeService service = new NativeService(dir).with("elf-dwarf5.so");
                HeldFiles files = find(service);
                Lease<OpenTable> table = found(service.derived.table(files, false))) {
            assertThat(table.value().isConverted()).isTrue();
            assertThat(hasTable(service, files)).isTrue();
        }
    }

    @Test
    void a_large_file_answers_before_it_is_converted_and_the_table_says_the_same(@TempDir Path dir) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (NativeService service = new NativeService(dir).with(large("elf-dwarf5.so"));
                HeldFiles files = find(service)) {
            // holds up the only thread that converts in the background
            var held = service.conversions.submit(() -> {
                gate.await();
                return true;
            });
            SymbolFrame[][] first;
            try (Lease<OpenTable> early = found(service.derived.table(files, false))) {
                assertThat(early.value().isConverted()).isFalse();
                assertThat(early.value().arch()).isEqualTo("x86_64");
                first = found(early.value().resolve(ADDRESSES));
            }
            assertThat(hasTable(service, files)).isFalse();
            gate.countDown();
            assertThat(held.get()).isTrue();
            // joins the conversion that is under way
            found(service.derived.convertedTable(files, false)).close();
            try (Lease<OpenTable> late = found(service.derived.table(files, false))) {
                assertThat(late.value().isConverted()).isTrue();
                SymbolFrame[][] second = found(late.value().resolve(ADDRESSES));
                assertThat(texts(second)).isEqualTo(texts(first));
            }
        }
    }

    @Test
    void a_large_file_that_cannot_be_asked_as_it_is_is_converted_at_once(@TempDir Path dir) throws Exception {
        try (NativeService service = new NativeService(dir).with(large("elf-symbols-only.so"));
                HeldFiles files = find(service);
                Lease<OpenTable> table = found(service.derived.table(files, false))) {
            assertThat(table.value().isConverted()).isTrue();
            assertThat(found(table.value().resolve(ADDRESSES))[0]).isNotEmpty();
        }
    }

    @Test
    void a_symbol_file_answers_as_it_is_to_us_and_to_the_process_that_walks(@TempDir Path dir) throws Exception {
        byte[] symbols = Files.readAllBytes(NativeService.FIXTURES.resolve("breakpad.sym"));
        byte[] padded = Arrays.copyOf(symbols, LARGE);
        Arrays.fill(padded, symbols.length, LARGE, (byte) '\n');
        try (NativeService service = new NativeService(dir).with(padded);
                HeldFiles files = find(service, "D22D2E49C33CCA069C494EEF1533A38155667788")) {
            try (Lease<OpenTable> early = found(service.derived.table(files, false));
                    CachedFile functions = found(service.derived.functions(files))) {
                assertThat(early.value().isConverted()).isFalse();
                assertThat(texts(found(early.value().resolve(new long[] {0x1032}))))
                        .contains("main");
                assertThat(functions.key()).isEqualTo(files.object().key());
            }
            found(service.derived.convertedTable(files, false)).close();
            try (CachedFile functions = found(service.derived.functions(files))) {
                assertThat(functions.key()).isEqualTo(files.tableKey(false));
            }
        }
    }

    @Test
    void addresses_seen_before_are_answered_from_memory(@TempDir Path dir) throws Exception {
        try (NativeService service = new NativeService(dir).with("elf-dwarf5.so");
                HeldFiles files = find(service);
                Lease<OpenTable> table = found(service.derived.table(files, false))) {
            SymbolFrame[][] first = found(table.value().resolve(ADDRESSES));
            SymbolFrame[][] again = found(table.value().resolve(new long[] {0x13ac, 0x13ad, 0x5000}));
            assertThat(again[0]).isSameAs(first[1]);
            assertThat(again[2]).isSameAs(first[3]).isEmpty();
            assertThat(again[1][1].symbol()).isSameAs(first[1][1].symbol());
            assertThat(service.memory.usedBytes()).isPositive();
        }
    }

    @Test
    void memory_of_frames_stays_within_its_bound_and_answers_stay_right(@TempDir Path dir) throws Exception {
        try (NativeService service = new NativeService(dir, 2000).with("elf-dwarf5.so");
                HeldFiles files = find(service);
                Lease<OpenTable> table = found(service.derived.table(files, false))) {
            SymbolFrame[][] first = found(table.value().resolve(ADDRESSES));
            for (int i = 0; i < 5; i++) {
                assertThat(texts(found(table.value().resolve(ADDRESSES)))).isEqualTo(texts(first));
                assertThat(service.memory.usedBytes()).isLessThanOrEqualTo(2000);
            }
        }
    }

    @Test
    void a_closed_table_gives_its_memory_back(@TempDir Path dir) throws Exception {
        FrameMemory memory;
        try (NativeService service = new NativeService(dir).with("elf-dwarf5.so");
                HeldFiles files = find(service);
                Lease<OpenTable> table = found(service.derived.table(files, false))) {
            found(table.value().resolve(ADDRESSES));
            memory = service.memory;
        }
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void variables_make_another_table(@TempDir Path dir) throws Exception {
        try (NativeService service = new NativeService(dir).with("elf-dwarf5.so");
                HeldFiles files = find(service)) {
            assertThat(files.tableKey(true)).isNotEqualTo(files.tableKey(false));
            FoundObject object = files.object();
            assertThat(files.tableKey(false)).isEqualTo(object.key());
        }
    }

    private static String texts(SymbolFrame[][] groups) {
        return Arrays.deepToString(groups);
    }
}
