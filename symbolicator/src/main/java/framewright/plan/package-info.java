/**
 * From frames to questions: which module each frame points into, which address within it is meant, and one batch of
 * addresses per module. Only arithmetic; no files, no I/O, no native code.
 *
 * <p>First file to read: {@link framewright.plan.LookupPlan}.
 */
@NullMarked
package framewright.plan;

import org.jspecify.annotations.NullMarked;
