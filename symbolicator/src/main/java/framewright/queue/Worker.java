package framewright.queue;

import framewright.api.Answer;
import framewright.api.Envelope;
import framewright.api.EventResult;
import framewright.api.EventResult.Reason;
import framewright.api.EventResult.Status;
import framewright.api.InvalidRequestException;
import framewright.api.MalformedJsonException;
import framewright.api.Shortfall;
import framewright.config.QueueSettings;
import framewright.database.StorageFailure;
import framewright.telemetry.Effort;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import framewright.telemetry.Span;
import framewright.telemetry.Tracer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One delivery, from its message to what it ended with. */
final class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class.getName());

    /** An event that was begun so often with no end to it, besides the first time, has ended whoever had it. */
    static final int MAX_BEGUN = 5;

    /** A message that was sent on so often stays where it is. */
    private static final int MAX_HOPS = 4;

    /** Work may take so long though the deadline is over: what is at hand need not be answered twice. */
    private static final long LEAST_MILLIS = 20;

    private final Resolver resolver;
    private final Ledger ledger;
    private final Retries retries;
    private final QueueSettings settings;
    private final InstantSource clock;
    private final Metrics metrics;
    private final Tracer tracer;
    private final Closing closing;

    /** Writes what attempts ended with. */
    @FunctionalInterface
    interface Closing {
        /**
         * Null: nothing goes out.
         *
         * @param lane where the event was worked on
         * @param queued called as soon as nothing is left to do but to wait; not to wait itself
         */
        EventResults.@Nullable Item write(Ledger.Attempt attempt, Lane lane, Runnable queued)
                throws InterruptedException;

        default void close() {}
    }

    Worker(
            Resolver resolver,
            Ledger ledger,
            Retries retries,
            QueueSettings settings,
            InstantSource clock,
            Metrics metrics,
            Tracer tracer,
            Closing closing) {
        this.resolver = resolver;
        this.ledger = ledger;
        this.retries = retries;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
        this.tracer = tracer;
        this.closing = closing;
    }

    /** What becomes of the message. */
    sealed interface End {}

    /** Its run is over. */
    record Done() implements End {}

    /** Its work belongs into another lane. */
    record SentOn(Lane lane) implements End {}

    /** Nobody can work on it. */
    record Dead(DeadLetters.Why why, String details) implements End {}

    /** @param turn closed by the caller */
    End work(Held held, Turn turn) throws InterruptedException {
        Message message = held.message();
        Envelope envelope;
        try {
            envelope = Envelope.read(message.body());
        } catch (MalformedJsonException | InvalidRequestException e) {
            return new Dead(DeadLetters.Why.MALFORMED, String.valueOf(e.getMessage()));
        }
        Run run = Run.of(message);
        if (held.lane() == Lane.WARM && Lane.of(envelope.kind()) != Lane.WARM && run.hops() < MAX_HOPS) {
            // whoever sends to a broker sends all to the first lane
            return new SentOn(Lane.of(envelope.kind()));
        }
        Ledger.Known known = ledger.find(envelope.organization() + "/" + envelope.project(), envelope.event());
        if (known.runs().contains(run.name())) {
            metrics.count(Metric.QUEUE_DUPLICATES);
            return new Done();
        }
        String began = "began " + run.name() + " in " + held.lane().text() + ", delivery "
                + held.delivery().deliveries() + ", after " + (clock.millis() - held.since()) + " ms here";
        // the first time is not worth a write, and what is begun again may be what ended a node
        if (held.delivery().deliveries() == 1) {
            turn.step(began);
        } else if (ledger.begin(envelope, began) > MAX_BEGUN) {
            return new Dead(
                    DeadLetters.Why.GIVEN_UP,
                    "work on it was begun " + MAX_BEGUN + " times and more, and never came to an end");
        }
        try (Span span = tracer.request("event", envelope.trace().get("traceparent"))) {
            span.with("kind", envelope.kind().wireName())
                    .with("lane", held.lane().text());
            return attempt(envelope, message, run, known, turn);
        } catch (MalformedJsonException | InvalidRequestException e) {
            return new Dead(DeadLetters.Why.INVALID_PAYLOAD, "payload: " + e.getMessage());
        } catch (StorageFailure e) {
            throw e;
        } catch (RuntimeException | Error e) {
            String what = run.name() + " failed by a bug of this server: " + e;
            if (ledger.begin(envelope, what) > MAX_BEGUN) {
                return new Dead(DeadLetters.Why.GIVEN_UP, what);
            }
            throw e;
        }
    }

    private End attempt(Envelope envelope, Message message, Run run, Ledger.Known known, Turn turn)
            throws InterruptedException {
        Duration age = settings.maxAge();
        if (age != null && isOlder(envelope, age)) {
            return new Dead(
                    DeadLetters.Why.TOO_OLD,
                    "it is of " + envelope.created() + ", and `queue.max_age` is " + age.toDays() + " days");
        }
        AtomicBoolean over = new AtomicBoolean();
        Thread deadline = deadline(envelope, message, known, over);
        Answer answer;
        try {
            Effort.enter(turn);
            answer = resolver.resolve(envelope);
        } finally {
            Effort.leave();
            over.set(true);
            if (deadline != null) {
                deadline.interrupt();
            }
        }
        Lane refused = turn.refused();
        if (refused != null && run.hops() < MAX_HOPS) {
            return new SentOn(refused);
        }
        EventResult result = result(envelope, answer, run.reason(), false);
        Duration retry = result.status() == Status.COMPLETE
                ? null
                : refused != null ? Duration.ofSeconds(30) : retries.delay(result.missing(), known.attempts() + 1);
        String slow = turn.slowSteps();
        turn.step("ended " + run.name() + " " + result.status().wireName() + " in "
                + turn.lane().text() + (slow.isEmpty() ? "" : ", " + slow)
                + (retry == null ? "" : ", again in " + retry.toSeconds() + " s"));
        // others work while the disk does
        EventResults.Item written = closing.write(
                new Ledger.Attempt(result, message.body(), run.name(), retry, turn.path()), turn.lane(), turn::close);
        metrics.count(
                Metric.QUEUE_ENDED,
                turn.lane().text(),
                written == null ? "unchanged" : result.status().wireName());
        return new Done();
    }

    private boolean isOlder(Envelope envelope, Duration age) {
        Instant created = envelope.created();
        return created.isAfter(Instant.EPOCH)
                && created.isBefore(clock.instant().minus(age));
    }

    /** Answers with what is at hand once the deadline is over, unless this is interrupted before. Null: there is none. */
    private @Nullable Thread deadline(Envelope envelope, Message message, Ledger.Known known, AtomicBoolean over) {
        if (envelope.deadlineMillis() < 0 || known.attempts() > 0) {
            return null;
        }
        long now = clock.millis();
        long left = envelope.deadlineMillis() - (now - Run.takenAt(message, now));
        return Thread.ofVirtual().name("deadline-" + envelope.event()).start(() -> {
            try {
                Thread.sleep(Math.max(left, LEAST_MILLIS));
                Effort.enter(_ -> false);
                Answer partial = resolver.resolve(envelope);
                if (!over.get()) {
                    List<String> path = List.of(clock.millis() + " deadline over, answered with what is here");
                    EventResult result = result(envelope, partial, Reason.DEADLINE, true);
                    var _ = closing.write(
                            new Ledger.Attempt(result, message.body(), null, null, path), Lane.WARM, () -> {});
                }
            } catch (InterruptedException e) {
                // the whole answer is there
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "no answer for the deadline of an event: {0}", e.getMessage());
            }
        });
    }

    private EventResult result(Envelope envelope, Answer answer, Reason reason, boolean atDeadline) {
        List<Shortfall> missing = answer.shortfalls();
        Status status = answer.status().equals("failed")
                ? Status.FAILED
                : missing.isEmpty() && !atDeadline ? Status.COMPLETE : Status.PARTIAL;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            answer.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return new EventResult(envelope, 0, status, reason, clock.instant(), missing, null, body.toByteArray());
    }
}
