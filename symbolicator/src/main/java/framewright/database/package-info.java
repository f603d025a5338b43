/**
 * The tables, in SQLite or PostgreSQL: one schema for whatever keeps something, its migrations, and statements in
 * transactions. Who owns which table is written at the top of each migration.
 *
 * <p>First file to read: {@link framewright.database.Database}.
 */
@NullMarked
package framewright.database;

import org.jspecify.annotations.NullMarked;
