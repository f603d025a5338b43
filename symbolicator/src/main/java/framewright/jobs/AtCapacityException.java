package framewright.jobs;

/** As many jobs as allowed are in flight. */
public final class AtCapacityException extends RuntimeException {
    AtCapacityException() {
        super("maximum number of concurrent requests reached");
    }
}
