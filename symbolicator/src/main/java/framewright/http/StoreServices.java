package framewright.http;

import framewright.store.Organization;
import framewright.store.Project;
import framewright.store.Store;
import framewright.uploads.Assembler;
import framewright.uploads.Intake;
import framewright.uploads.Uploads;
import framewright.warming.Warming;
import org.jspecify.annotations.Nullable;

/**
 * A server's own symbols, and how they come in.
 *
 * @param maxFileBytes largest file that is taken
 * @param open whether reading and symbolicating need no token
 * @param warming null: there is no queue, and so no jobs
 */
public record StoreServices(
        Store store,
        Uploads uploads,
        Assembler assembler,
        Intake intake,
        long maxFileBytes,
        boolean open,
        ReleaseEvents events,
        @Nullable Warming warming) {
    /** Hears of releases. */
    public interface ReleaseEvents {
        /**
         * @param deployed whether it is in use now; else it was made or changed
         * @param project one of those that have it
         */
        void happened(Organization organization, Project project, String version, boolean deployed);
    }
}
