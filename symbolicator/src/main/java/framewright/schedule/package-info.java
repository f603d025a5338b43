/**
 * What is done at a time and not by whoever is asked: once in the whole cluster, on whichever node is there, and again
 * where that node died. A kept library, db-scheduler, keeps and runs it; it stays within this package.
 *
 * <p>First file to read: {@link framewright.schedule.Schedule}.
 */
@NullMarked
package framewright.schedule;

import org.jspecify.annotations.NullMarked;
