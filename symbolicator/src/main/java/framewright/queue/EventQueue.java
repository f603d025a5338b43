package framewright.queue;

import framewright.config.QueueSettings;
import framewright.database.Database;
import framewright.database.StorageFailure;
import framewright.schedule.Schedule;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.Seldom;
import framewright.telemetry.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in the queue: it takes from each lane what it has room for, works on it in the lane's slots, and sends
 * out what that gave. Whatever it holds when it dies is delivered again elsewhere.
 */
public final class EventQueue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventQueue.class.getName());

    private static final Duration UNSENT_EVERY = Duration.ofMinutes(1);

    private static final int ACKNOWLEDGED_BATCH = 200;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final QueueEngine engine;
    private final QueueSettings settings;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Lanes lanes;
    private final DeadLetters dead;
    private final EventResults results;
    private final EventTraces traces;
    private final LateSymbols late;
    private final MissingFiles missing;
    private final MissingNotes notes;
    private final Expiry expiry;
    private final Resends resends;
    private final Feed feed;
    private final Worker worker;
    private final ResultSender sender;
    private final Worker.Closing closing;
    private final GroupCommit<Delivery, Boolean> acknowledgements;
    private final DrainRate drained;
    private final Depths depths;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Seldom failing = new Seldom();
    private volatile boolean closed;

    /**
     * Nothing is taken before {@link #start}.
     *
     * @param engine closed with this
     * @param database closed by the caller
     */
    public EventQueue(
            QueueEngine engine,
            Database database,
            Resolver resolver,
            QueueSettings settings,
            InstantSource clock,
            Metrics metrics,
            Tracer tracer) {
        this.engine = engine;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
        this.lanes = new Lanes(settings);
        this.feed = new Feed(engine, lanes, clock, metrics, this::tell);
        Ledger ledger = new Ledger(database, engine.hasReadersOfItsOwn(), clock);
        this.dead = new DeadLetters(database, clock);
        this.results = new EventResults(database, clock);
        this.traces = new EventTraces(database);
        this.late = new LateSymbols(database, clock);
        this.missing = new MissingFiles(database);
        this.notes = new MissingNotes(database, clock);
        this.expiry = new Expiry(database, settings, clock);
        this.resends = new Resends(database, engine, metrics);
        this.drained = new DrainRate(clock);
        this.depths = new Depths(engine, clock);
        this.sender = new ResultSender(engine, ledger, results, settings.maxResultBytes());
        boolean together = database.isShared() || engine.hasReadersOfItsOwn();
        this.closing = together ? new ClosedTogether(sender, database) : new ClosedAlone(sender);
        this.acknowledgements = new GroupCommit<>("queue-acknowledge", ACKNOWLEDGED_BATCH, this::acknowledge);
        this.worker = new Worker(
                resolver, ledger, new Retries(RandomGenerator.getDefault()), settings, clock, metrics, tracer, closing);
        observe();
    }

    /** Begins to take events. */
    public void start() {
        for (Lane lane : Lane.values()) {
            run("queue-" + lane.text(), () -> feed.fill(lane));
        }
        for (LanePool pool : lanes.pools()) {
            run("queue-starter", () -> startWork(pool));
        }
        run("queue-renewal", feed::keepRenewing);
        run("queue-missing", this::keepWritingNotes);
    }

    /** Where messages are sent to, and how full that is. */
    public QueueEngine engine() {
        return engine;
    }

    public EventResults results() {
        return results;
    }

    public EventTraces traces() {
        return traces;
    }

    public DeadLetters deadLetters() {
        return dead;
    }

    /** What events wait for that may come. */
    public LateSymbols lateSymbols() {
        return late;
    }

    /** What answers lacked. */
    public MissingFiles missingFiles() {
        return missing;
    }

    /** Where that is noted of answers to requests. */
    public MissingNotes missingNotes() {
        return notes;
    }

    /** Has done what is to be done at times, once in the cluster. */
    public void addTo(Schedule schedule) {
        schedule.once(Ledger.RESEND, Integer.MAX_VALUE, resends::send);
        late.addTo(schedule);
        expiry.addTo(schedule);
        schedule.every("queue-unsent", UNSENT_EVERY, _ -> sendUnsent());
    }

    /**
     * Takes events in.
     *
     * @param messages by the lane that they begin in
     * @return null: they are taken; else after how long there is likely to be room
     * @throws StorageFailure where the engine does not take them; some may be there
     */
    public @Nullable Duration submit(Map<Lane, List<Message>> messages) {
        long then =
                depths.total() + messages.values().stream().mapToInt(List::size).sum();
        if (then > settings.maxDepth()) {
            metrics.count(Metric.QUEUE_REFUSED);
            return drained.timeFor(then - settings.maxDepth());
        }
        long now = clock.millis();
        messages.forEach((lane, some) -> feed.send(
                lane, some.stream().map(message -> Run.taken(message, now)).toList()));
        return null;
    }

    /**
     * How a lane of this node does.
     *
     * @param depth at the engine
     * @param buffered held here and not begun
     * @param running slots in use
     * @param bufferedBy of those that are buffered, by project
     * @param projects at the engine, by project, where it tells
     */
    public record LaneState(
            Lane lane,
            Depth depth,
            int buffered,
            int running,
            Map<String, Integer> bufferedBy,
            Map<String, Long> projects) {}

    /** How each lane does. */
    public List<LaneState> state() {
        Map<Lane, Depth> now = engine.depths();
        List<LaneState> states = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            LanePool pool = lanes.pool(lane);
            states.add(new LaneState(
                    lane,
                    now.getOrDefault(lane, new Depth(0, null)),
                    pool.buffered(lane),
                    pool.running(),
                    pool.projects(lane),
                    engine.projects(lane)));
        }
        return states;
    }

    /** Runs that end in a second, of late. */
    public double drainRate() {
        return drained.perSecond();
    }

    private void observe() {
        for (Lane lane : Lane.values()) {
            LanePool pool = lanes.pool(lane);
            metrics.gauge(Metric.QUEUE_DEPTH, () -> depths.of(lane).messages(), lane.text());
            metrics.gauge(
                    Metric.QUEUE_OLDEST_SECONDS, () -> seconds(depths.of(lane).oldest()), lane.text());
            metrics.gauge(Metric.QUEUE_BUFFERED, () -> pool.buffered(lane), lane.text());
            metrics.gauge(Metric.QUEUE_RUNNING, pool::running, lane.text());
        }
    }

    private double seconds(@Nullable Instant since) {
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3);
    }

    // ---- working

    private void startWork(LanePool pool) throws InterruptedException {
        while (!closed) {
            Held next = pool.take();
            run("event", () -> {
                try (Turn turn = new Turn(lanes, next.lane(), !engine.isHeldUpBySlowWork(), clock)) {
                    work(next, turn);
                }
            });
        }
    }

    private void work(Held next, Turn turn) throws InterruptedException {
        long begun = clock.millis();
        String lane = next.lane().text();
        metrics.time(Metric.QUEUE_WAIT_SECONDS, Duration.ofMillis(Math.max(0, begun - next.since())), lane);
        try {
            Worker.End end = worker.work(next, turn);
            turn.close();
            settle(next, end);
            drained.count();
            feed.ended(next);
        } catch (StorageFailure e) {
            tell(e);
            giveLater(next, turn);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.SEVERE, "work on an event failed by a bug of ours", e);
            giveLater(next, turn);
        } finally {
            metrics.time(
                    Metric.QUEUE_WORK_SECONDS,
                    Duration.ofMillis(Math.max(0, clock.millis() - begun)),
                    turn.lane().text());
        }
    }

    private void settle(Held next, Worker.End end) throws InterruptedException {
        switch (end) {
            case Worker.Done() -> {}
            case Worker.SentOn(Lane lane) -> {
                engine.send(lane, List.of(Run.sentOn(next.message())));
                metrics.count(Metric.QUEUE_SENT_ON, lane.text());
            }
            case Worker.Dead(DeadLetters.Why why, String details) -> {
                dead.put(next, why, details);
                metrics.count(Metric.QUEUE_DEAD, why.text());
                LOG.log(Level.WARNING, "a message is dead ({0}): {1}", new Object[] {why.text(), details});
            }
        }
        var _ = acknowledgements.commit(next.delivery());
    }

    /** After a pause that grows with the deliveries, so that what fails at once is not tried all the time. */
    private void giveLater(Held next, Turn turn) throws InterruptedException {
        turn.close();
        try {
            long pause = PAUSE.toMillis() << Math.min(next.delivery().deliveries(), 5);
            Thread.sleep(Math.min(pause, LONGEST_PAUSE.toMillis()));
        } finally {
            feed.give(List.of(next));
        }
    }

    // ---- together with others

    /** What a node has written and not sent, because it died or the engine was away. */
    void sendUnsent() {
        sender.sendUnsent();
    }

    private List<Boolean> acknowledge(List<Delivery> deliveries) {
        engine.acknowledge(deliveries);
        return deliveries.stream().map(_ -> true).toList();
    }

    private void tell(StorageFailure failure) {
        metrics.count(Metric.QUEUE_FAILURES);
        if (failing.isDue(clock.millis())) {
            LOG.log(Level.WARNING, "the queue waits: {0}", failure.getMessage());
        }
    }

    private void keepWritingNotes() throws InterruptedException {
        while (true) {
            Thread.sleep(MissingNotes.WRITE_EVERY);
            try {
                notes.write();
            } catch (StorageFailure e) {
                tell(e);
            }
        }
    }

    // ---- threads

    @FunctionalInterface
    private interface Loop {
        void run() throws InterruptedException;
    }

    private void run(String name, Loop loop) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                loop.run();
            } catch (InterruptedException e) {
                // closed
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        thread.start();
    }

    /** Gives back what nobody has begun, and interrupts the rest, which is delivered again. */
    @Override
    public void close() {
        closed = true;
        feed.close();
        threads.forEach(Thread::interrupt);
        feed.giveAll();
        sender.close();
        closing.close();
        acknowledgements.close();
        engine.close();
    }
}
