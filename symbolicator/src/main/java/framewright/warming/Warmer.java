package framewright.warming;

/** Asks for a file as a request does, so that it is fetched and converted as for one. */
@FunctionalInterface
public interface Warmer {
    /**
     * Whether it is whole in the caches now.
     *
     * @param project as {@link WarmJob#project}
     */
    boolean warm(WarmFile file, String project) throws InterruptedException;
}
