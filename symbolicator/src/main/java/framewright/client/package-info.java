/**
 * The other side of the store: what {@code framewright upload} and its sisters do with files of this machine and a server.
 *
 * <p>{@link framewright.client.Walk} finds files in folders and archives, {@link framewright.client.Inventory} says what
 * they are and what belongs together, {@link framewright.client.ScriptBundle} packs scripts with their maps, and
 * {@link framewright.client.ChunkUpload} sends what the server lacks. It speaks sentry-cli's protocol (contract, A2 to A4
 * and A7), so that the server may also be a Sentry.
 *
 * <p>A server that refuses or fails is an {@link java.io.IOException} with a sentence for the person at the terminal.
 */
@NullMarked
package framewright.client;

import org.jspecify.annotations.NullMarked;
