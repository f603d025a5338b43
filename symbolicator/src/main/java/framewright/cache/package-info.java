/**
 * What is kept, and that it stays within its room: files on disk under one hard cap, open handles over them, and
 * small values in memory. Knows keys, bytes and lifetimes; no domain type.
 *
 * <p><b>Whole or absent.</b> An entry is written to a temporary file of the same file system, synced and renamed; its
 * name ends with its length, so that a file cut short by a crash is told from a whole one without being read. A derived
 * file is not synced: it has a checksum, which is compared after a start, and is made anew where a power cut has damaged it.
 *
 * <p><b>The cap.</b> Space is reserved before the first byte is written, and making room happens in the process: the
 * entries that were used least, large ones first and those last that cost much to have again, never one that is in use. Counted is what the file system
 * allocates, folders included. No kind of file presses another below its share.
 *
 * <p><b>Failures</b> are kept too, each class with its own lifetime. What a bug of ours or the local disk brought
 * about is never kept.
 *
 * <p>First file to read: {@link framewright.cache.Caches}, then {@link framewright.cache.DiskSpace}.
 */
@NullMarked
package framewright.cache;

import org.jspecify.annotations.NullMarked;
