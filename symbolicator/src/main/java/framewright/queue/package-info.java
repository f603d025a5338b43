/**
 * The processing queue: events wait at an engine, are resolved in lanes by what they cost, and their answers go out as
 * generations, a better one when what was missing has come.
 *
 * <p>An engine ({@link framewright.queue.QueueEngine}) keeps messages and hands each to one node at a time; the
 * database, Kafka and RabbitMQ do. All that must be known of an event beyond its message is in the database.
 *
 * <p>First file to read: {@link framewright.queue.QueueEngine}.
 */
@NullMarked
package framewright.queue;

import org.jspecify.annotations.NullMarked;
