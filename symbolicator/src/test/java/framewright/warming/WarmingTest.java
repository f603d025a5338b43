package framewright.warming;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Cause;
import framewright.api.Features;
import framewright.api.Finding;
import framewright.api.ModuleStatus;
import framewright.api.RawModule;
import framewright.api.ResolvedModule;
import framewright.api.WarmTarget;
import framewright.config.QueueSettings.JobRule;
import framewright.debugfiles.CodeId;
import framewright.debugfiles.DebugId;
import framewright.debugfiles.ObjectType;
import framewright.schedule.Schedule;
import framewright.store.DebugFile;
import framewright.store.Project;
import framewright.telemetry.Metrics;
import framewright.testkit.Await;
import framewright.testkit.ManualClock;
import framewright.testkit.Scripts;
import framewright.testkit.SymbolStore;
import framewright.warming.WarmJob.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of two nodes over one database, with a warmer that only notes what it is asked. */
class WarmingTest {
    private static final DebugId MAPPING =
            Objects.requireNonNull(DebugId.parse("00000000-1111-2222-3333-444444444444"));
    private static final JobRule NIGHTLY =
            new JobRule("nightly", "0 3 * * *", ZoneId.of("Europe/Berlin"), null, "newest 10", "", 1 << 30, 0);

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final List<WarmFile> warmed = new CopyOnWriteArrayList<>();
    private final List<Schedule> schedules = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private SymbolStore store;

    @BeforeEach
    void open() {
        store = new SymbolStore(folder);
    }

    @AfterEach
    void close() {
        schedules.forEach(Schedule::close);
        store.close();
    }

    private Warming node(Warmer warmer) {
        Schedule schedule = new Schedule(store.store().database(), clock, new Metrics());
        Warming warming = new Warming(
                store.store(), store.store().database(), warmer, List.of(NIGHTLY), schedule, clock, new Metrics());
        schedules.add(schedule);
        schedule.start();
        return warming;
    }

    private boolean note(WarmFile file) {
        warmed.add(file);
        return true;
    }

    private static WarmJob ended(Warming warming, long id) throws Exception {
        Await.until("the end of the job", () -> {
            State state = Objects.requireNonNull(warming.get(id)).state();
            return state != State.QUEUED && state != State.RUNNING;
        });
        return Objects.requireNonNull(warming.get(id));
    }

    @Test
    void release_isItsScriptsAndMappings() throws Exception {
        Project project = store.project("default", "default");
        store.putBundle(project, Scripts.bundle(), "1.0", null);
        store.store().releases().builtWith(project, "1.0", MAPPING);
        Warming warming = node((file, _) -> note(file));
        WarmJob job = ended(
                warming,
                warming.begin("default/default", "me", new WarmTarget.Release("1.0"), 1 << 30, 0)
                        .id());
        assertThat(job.state()).isEqualTo(State.DONE);
        assertThat(job.found()).isEqualTo(job.files());
        assertThat(warmed).contains(new WarmFile.Mapping(MAPPING));
        assertThat(warmed)
                .anyMatch(file -> file instanceof WarmFile.Script script
                        && script.release().equals("1.0"));
    }

    @Test
    void scheduledJob_runsOnceInTheCluster_atTheTimeOfItsZone() throws Exception {
        store.put("elf-dwarf5.so");
        Warming one = node((file, _) -> note(file));
        Warming other = node((file, _) -> note(file));
        // 3:00 there is 2:00 UTC
        clock.advance(Duration.ofMinutes(119));
        schedules.forEach(Schedule::look);
        assertThat(one.list("", 10)).isEmpty();
        clock.advance(Duration.ofMinutes(2));
        schedules.forEach(Schedule::look);
        Await.until("there is a job", () -> !one.list("", 10).isEmpty());
        schedules.forEach(Schedule::look);
        WarmJob job = ended(other, one.list("", 10).getFirst().id());
        assertThat(job.reason()).isEqualTo("rule nightly");
        assertThat(job.found()).isEqualTo(1);
        assertThat(warmed).hasSize(1);
        assertThat(one.list("", 10)).hasSize(1);
    }

    @Test
    void newest_areThoseOfTheStoreAndOfSourcesTogether() throws Exception {
        DebugFile sent = store.put("elf-dwarf5.so").getFirst();
        WarmFile older = new WarmFile.Mapping(MAPPING);
        WarmFile newer = new WarmFile.Module(ObjectType.ELF, null, CodeId.parse("abcdef0123456701"), null, null);
        Warming warming = node(new Warmer() {
            @Override
            public boolean warm(WarmFile file, String project) {
                return note(file);
            }

            @Override
            public List<Fresh> newest(int most) {
                return List.of(
                        new Fresh(newer, sent.created().plusSeconds(1)),
                        new Fresh(older, sent.created().minusSeconds(1)));
            }
        });
        ended(
                warming,
                warming.begin("default/", "me", new WarmTarget.Newest(2), 1 << 30, 0)
                        .id());
        assertThat(warmed).hasSize(2).doesNotContain(older);
        assertThat(warmed.getFirst()).isEqualTo(newer);
        ended(
                warming,
                warming.begin("default/", "me", new WarmTarget.Newest(3), 1 << 30, 0)
                        .id());
        assertThat(warmed).hasSize(5);
        assertThat(warmed.getLast()).isEqualTo(older);
    }

    @Test
    void cancelledJob_beginsNoFileMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Warming warming = node((file, _) -> {
            begun.countDown();
            cancelled.await();
            // so that it looks whether it goes on
            clock.advance(Duration.ofSeconds(1));
            return note(file);
        });
        WarmJob job = warming.begin(
                "default/", "me", new WarmTarget.Ids(List.of(MAPPING.toString(), "abcdef0123456789")), 1 << 30, 0);
        begun.await();
        assertThat(warming.cancel(job.id())).isTrue();
        cancelled.countDown();
        Await.until("it has left", () -> warmed.size() == 1 && rows() == 0);
        assertThat(ended(warming, job.id()).state()).isEqualTo(State.CANCELLED);
        assertThat(warming.cancel(job.id())).isFalse();
        assertThat(warmed).hasSize(1);
    }

    private long rows() {
        return Objects.requireNonNull(store.store()
                .database()
                .read(sql -> sql.first(
                        "SELECT COUNT(*) FROM scheduled_tasks WHERE task_name = 'warm'", row -> row.getLong(1))));
    }

    @Test
    void jobOfADeadNode_goesOnWhereItWas() throws Exception {
        List<String> ids = List.of("abcdef0123456701", "abcdef0123456702", "abcdef0123456703");
        Warming dead = new Warming(
                store.store(),
                store.store().database(),
                (_, _) -> false,
                List.of(),
                new Schedule(store.store().database(), clock, new Metrics()),
                clock,
                new Metrics());
        WarmJob job = dead.begin("default/", "me", new WarmTarget.Ids(ids), 1 << 30, 0);
        WarmJobs jobs = new WarmJobs(store.store().database(), clock);
        assertThat(jobs.begin(job.id())).isNotNull();
        jobs.progress(job.id(), new WarmJobs.Progress(3, 2, 1, 10));
        Warming alive = node((file, _) -> note(file));
        WarmJob ended = ended(alive, job.id());
        assertThat(warmed).hasSize(1);
        assertThat(ended.done()).isEqualTo(3);
        assertThat(ended.found()).isEqualTo(2);
    }

    @Test
    void top_areTheModulesOfMostRequests() {
        ModuleUses uses = new ModuleUses(store.store().database(), clock);
        for (int times = 1; times <= 3; times++) {
            for (int i = 0; i < times; i++) {
                uses.note(List.of(used("abcdef012345670" + times)));
            }
        }
        uses.write();
        assertThat(uses.top(2))
                .extracting(file -> String.valueOf(file.codeId()))
                .containsExactly("abcdef0123456703", "abcdef0123456702");
        assertThat(Objects.requireNonNull(uses.known("abcdef0123456701")).codeFile())
                .isEqualTo("lib.so");
        clock.advance(Duration.ofDays(2));
        assertThat(uses.top(2)).isEmpty();
        clock.advance(Duration.ofDays(10));
        uses.forgetOld();
        assertThat(uses.known("abcdef0123456701")).isNull();
    }

    @Test
    void uploads_areGatheredIntoOneJob_andSeenByTheirOrganizationAlone() {
        WarmJobs jobs = new WarmJobs(store.store().database(), clock);
        for (int i = 0; i < 10; i++) {
            jobs.gather("acme/", "rule sent", List.of("abcdef012345670" + i), 1 << 30, 0);
        }
        jobs.gather("other/", "rule sent", List.of(MAPPING.toString()), 1 << 30, 0);
        var job = jobs.create("acme/web2", "me", "top 1", 1, 0);
        assertThat(jobs.list("acme/", 10)).hasSize(2);
        assertThat(jobs.list("acme/web", 10)).isEmpty();
        assertThat(job.isSeenBy("acme/web")).isFalse();
        assertThat(job.isSeenBy("acme/")).isTrue();
        assertThat(((WarmTarget.Ids) Objects.requireNonNull(WarmTarget.parse(
                                jobs.list("acme/", 10).getLast().target())))
                        .ids())
                .hasSize(10);
    }

    private static ResolvedModule used(String codeId) {
        RawModule raw = new RawModule(ObjectType.ELF, CodeId.parse(codeId), "lib.so", null, null, null, 1 << 20, null);
        return new ResolvedModule(
                raw,
                null,
                ModuleStatus.MISSING,
                null,
                Features.NONE,
                ResolvedModule.UNKNOWN_ARCH,
                List.of(),
                Finding.of(Cause.NOT_FOUND));
    }
}
