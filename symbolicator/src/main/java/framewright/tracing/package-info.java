/**
 * Sends spans to a collector, by OTLP over HTTP in JSON. What begins and ends them is in {@code telemetry}.
 *
 * <p>First file to read: {@link framewright.tracing.OtlpExporter}.
 */
@NullMarked
package framewright.tracing;

import org.jspecify.annotations.NullMarked;
