package framewright.queue;

import framewright.api.Envelope;
import framewright.api.EventResult.Reason;
import framewright.database.Database;
import framewright.telemetry.Metric;
import framewright.telemetry.Metrics;
import java.util.List;
import java.util.Map;

/**
 * Sends events again when that is due. They go into the lane for late work, so that fresh events keep their latency. One
 * that is sent twice, because a node died in between, is done once.
 */
final class Resends {
    private final Database database;
    private final QueueEngine engine;
    private final Metrics metrics;

    Resends(Database database, QueueEngine engine, Metrics metrics) {
        this.database = database;
        this.engine = engine;
        this.metrics = metrics;
    }

    /** @param instance of the scheduled row */
    void send(String instance) {
        Resend resend = Resend.of(instance);
        byte[] envelope = resend == null
                ? null
                : database.read(sql -> sql.first(
                        "SELECT envelope FROM queue_event WHERE project = ? AND event = ? AND envelope IS NOT NULL",
                        row -> row.getBytes("envelope"),
                        resend.project(),
                        resend.event()));
        if (resend == null || envelope == null) {
            // it is complete by now, or has waited for too long
            return;
        }
        Reason reason = resend.run().startsWith(Resend.LATE) ? Reason.LATE : Reason.RETRY;
        Envelope read = Envelope.read(envelope);
        Message message = new Message(read.key(), read.priority(), Map.copyOf(read.trace()), envelope);
        engine.send(Lane.LATE, List.of(new Run(resend.run(), reason, 0).in(message)));
        metrics.count(Metric.QUEUE_RESENT, reason.wireName());
    }
}
