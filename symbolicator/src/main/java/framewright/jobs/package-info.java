/**
 * Runs a request's work to its answer: admits it or refuses it, lets the client wait or come back, and ends what takes
 * too long. Knows nothing of what the work is.
 *
 * <p>First file to read: {@link framewright.jobs.JobRunner}.
 */
@NullMarked
package framewright.jobs;

import org.jspecify.annotations.NullMarked;
