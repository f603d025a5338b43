package framewright.http;

import framewright.store.Store;
import framewright.uploads.Assembler;
import framewright.uploads.Uploads;

/**
 * A server's own symbols, and how they come in.
 *
 * @param maxFileBytes largest file that is taken
 */
public record StoreServices(Store store, Uploads uploads, Assembler assembler, long maxFileBytes) {}
