package framewright.jobs;

/** What a job does. */
@FunctionalInterface
public interface Work {
    /** The finished answer as it travels; interrupted at the wall limit. */
    byte[] answer() throws Exception;

    /**
     * What explains the answer, asked for after it, and only where somebody knows the job's id; empty: nothing beyond
     * the answer itself.
     */
    default byte[] evidence() throws Exception {
        return new byte[0];
    }
}
