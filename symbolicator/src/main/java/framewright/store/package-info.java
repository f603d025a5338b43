/**
 * The symbols that this server keeps itself: blobs by their content, and what they are in a database.
 *
 * <p>{@link framewright.store.Store} opens all of it. {@link framewright.store.Blobs} keeps bytes, on a file system or in
 * S3; the rest are tables over {@link framewright.database.Database} (SQLite or PostgreSQL, one schema): who may do what
 * ({@link framewright.store.Tenants}, {@link framewright.store.Tokens}), what arrives in parts
 * ({@link framewright.store.Chunks}, {@link framewright.store.Assemblies}) and what there is
 * ({@link framewright.store.DebugFiles}, {@link framewright.store.ArtifactBundles}, {@link framewright.store.Releases}).
 * It knows nothing of HTTP, of formats and of why a file is wanted.
 *
 * <p>What the database or the blobs' place fails at is a {@link framewright.database.StorageFailure}: the operation has not
 * happened, and may be tried again.
 */
@NullMarked
package framewright.store;

import org.jspecify.annotations.NullMarked;
