/**
 * What the nodes of one installation keep together: a bucket or a folder behind the disk caches of all.
 *
 * <p><b>Entries</b> are what a node has downloaded or made, under the same names as on its disk, compressed, with a head
 * that says what they are ({@link framewright.shared.EntryFormat}). They are written once, behind the answer, and never
 * changed; one that is damaged, or says that it is something else, is removed and made anew.
 *
 * <p><b>Leases</b> ({@link framewright.shared.Leases}) have one node make an entry while the others wait. They save
 * work, nothing else hangs on them: a node that cannot get one, or has waited for long, goes on by itself.
 *
 * <p><b>Revocations</b> ({@link framewright.shared.RevocationLog}) are numbered objects that each node reads one after
 * the other, so that what is purged on one node goes everywhere.
 *
 * <p>All of it rests on one thing that every store can do: to create an object only where none is
 * ({@link framewright.shared.Store}). No clock of one node is compared with that of another.
 *
 * <p>First file to read: {@link framewright.shared.SharedCache}.
 */
@NullMarked
package framewright.shared;

import org.jspecify.annotations.NullMarked;
