package framewright.http;

import framewright.store.Store;
import framewright.uploads.Assembler;
import framewright.uploads.Intake;
import framewright.uploads.Uploads;

/**
 * A server's own symbols, and how they come in.
 *
 * @param maxFileBytes largest file that is taken
 * @param open whether reading and symbolicating need no token
 */
public record StoreServices(
        Store store, Uploads uploads, Assembler assembler, Intake intake, long maxFileBytes, boolean open) {}
