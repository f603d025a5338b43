/**
 * What the server says of itself: log lines with the id of the request they belong to, and counters that
 * {@code GET /metrics} prints. Uses nothing of the service; everything may use it.
 *
 * <p>First file to read: {@link framewright.telemetry.Metric}.
 */
@NullMarked
package framewright.telemetry;

import org.jspecify.annotations.NullMarked;
