/**
 * Jobs that have files fetched and converted before anybody waits for them: on a schedule, because of a release, a deploy or
 * an upload, or because somebody asks. A job is a row of the database that one node works on, file by file, and that
 * another one goes on with where that node dies.
 *
 * <p>First file to read: {@link framewright.warming.Warming}.
 */
@NullMarked
package framewright.warming;

import org.jspecify.annotations.NullMarked;
