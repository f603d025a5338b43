package framewright.store;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.config.RetentionRule;
import framewright.config.StoreSettings;
import framewright.debugfiles.DebugId;
import framewright.testkit.TestDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Compares what retention deletes with what a few lines over a list say. */
class RetentionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int DAYS = 12;
    private static final List<String> PROJECTS = List.of("app", "web");
    private static final List<String> KINDS = List.of("elf", "proguard");
    private static final List<String> NAMES = List.of("a", "b");

    private static @Nullable Path folder;
    private static int runs;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("framewright-retention");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        TestDisk.delete(Objects.requireNonNull(folder));
    }

    /** @param uses hours after the start, at which it is looked up; those before it is there do not count */
    record Upload(String project, String kind, String name, int hour, List<Integer> uses) {
        int lastUsed() {
            return uses.stream().filter(use -> use >= hour).reduce(hour, Math::max);
        }
    }

    @Provide
    static Arbitrary<List<Upload>> uploads() {
        Arbitrary<Integer> hours = Arbitraries.integers().between(0, DAYS * 24);
        return Combinators.combine(
                        Arbitraries.of(PROJECTS),
                        Arbitraries.of(KINDS),
                        Arbitraries.of(NAMES),
                        hours,
                        hours.list().ofMaxSize(2))
                .as(Upload::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(10);
    }

    @Provide
    static Arbitrary<List<RetentionRule>> rules() {
        return Combinators.combine(
                        Arbitraries.of(PROJECTS).injectNull(0.5),
                        Arbitraries.of(KINDS).injectNull(0.5),
                        Arbitraries.integers()
                                .between(0, DAYS)
                                .map(Duration::ofDays)
                                .injectNull(0.2),
                        Arbitraries.integers().between(0, 3))
                .as((project, kind, window, last) -> new RetentionRule(null, project, kind, null, window, last))
                .list()
                .ofMaxSize(3);
    }

    @Property(tries = 40)
    void run_deletesWhatThePlanSays_andNothingUsedInsideItsWindow(
            @ForAll("uploads") List<Upload> uploads, @ForAll("rules") List<RetentionRule> rules) throws IOException {
        Instant[] now = {START};
        try (Store store = Store.open(
                new StoreSettings(
                        Objects.requireNonNull(folder), null, null, rules, StoreSettings.Quotas.NONE, 1L << 40),
                () -> now[0])) {
            Organization organization = store.tenants().organization("run" + runs++, "Run");
            Tenancy all = new Tenancy(organization.id(), null);
            Map<Long, Upload> kept = new HashMap<>();
            Map<Integer, List<Runnable>> events = new TreeMap<>();
            for (int i = 0; i < uploads.size(); i++) {
                Upload upload = uploads.get(i);
                DebugId id = Objects.requireNonNull(DebugId.parse("%032x".formatted(runs * 1000L + i + 1)));
                Project project = store.tenants().project(organization, upload.project, upload.project);
                Digest digest = StoreFiles.keep(store, "content " + runs + " " + i);
                events.computeIfAbsent(upload.hour, _ -> new ArrayList<>()).add(() -> {
                    store.debugFiles().add(project, digest, List.of(entry(upload, id)));
                    kept.put(
                            store.debugFiles()
                                    .list(project, id.toString(), Long.MAX_VALUE, 1)
                                    .getFirst()
                                    .id(),
                            upload);
                });
                for (int use : upload.uses) {
                    events.computeIfAbsent(use, _ -> new ArrayList<>())
                            .add(() -> store.debugFiles().find(all, id, null));
                }
            }
            events.forEach((hour, each) -> {
                now[0] = START.plus(Duration.ofHours(hour));
                each.forEach(Runnable::run);
            });
            now[0] = START.plus(Duration.ofDays(DAYS)).plus(Uses.WITHIN).plusMillis(1);
            List<Long> expected = expected(kept, rules);
            List<Retention.Deletion> plan = store.retention().plan().stream()
                    .filter(deletion -> deletion.project().startsWith(organization.slug() + "/"))
                    .toList();
            assertThat(plan).extracting(Retention.Deletion::id).containsExactlyInAnyOrderElementsOf(expected);
            List<Retention.Deletion> wholePlan = store.retention().plan();
            assertThat(store.retention().run()).isEqualTo(wholePlan);
            for (Map.Entry<Long, Upload> file : kept.entrySet()) {
                assertThat(store.debugFiles().get(all, file.getKey()) == null)
                        .as("%s is gone", file.getValue())
                        .isEqualTo(expected.contains(file.getKey()));
            }
        }
    }

    private static DebugFile.Entry entry(Upload upload, DebugId id) {
        return new DebugFile.Entry(DebugFileKind.of(upload.kind), "exe", upload.name, id, null, "x86_64", Set.of());
    }

    private static List<Long> expected(Map<Long, Upload> kept, List<RetentionRule> rules) {
        return kept.entrySet().stream()
                .filter(file -> goes(file, kept, rules))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean goes(Map.Entry<Long, Upload> file, Map<Long, Upload> kept, List<RetentionRule> rules) {
        Upload upload = file.getValue();
        RetentionRule rule = rules.stream()
                .filter(each -> is(each.project(), upload.project) && is(each.kind(), upload.kind))
                .findFirst()
                .orElse(null);
        if (rule == null || rule.maxUnusedFor() == null) {
            return false;
        }
        boolean unused = DAYS * 24 - upload.lastUsed() >= rule.maxUnusedFor().toHours();
        long newer = kept.entrySet().stream()
                .filter(other -> isBuildOfTheSame(other.getValue(), upload))
                .filter(other -> NEWER.compare(other, file) < 0)
                .count();
        return unused && newer >= rule.keepLast();
    }

    private static final Comparator<Map.Entry<Long, Upload>> NEWER = Comparator.<Map.Entry<Long, Upload>>comparingInt(
                    file -> -file.getValue().hour)
            .thenComparingLong(file -> -file.getKey());

    private static boolean isBuildOfTheSame(Upload one, Upload other) {
        return one.project.equals(other.project)
                && one.kind.equals(other.kind)
                && (one.kind.equals("proguard") || one.name.equals(other.name));
    }

    private static boolean is(@Nullable String wanted, String value) {
        return wanted == null || wanted.equals(value);
    }
}
