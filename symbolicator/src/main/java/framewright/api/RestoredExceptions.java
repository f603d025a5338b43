package framewright.api;

import java.util.List;

/**
 * The exceptions of a request, with their names as they were as far as these could be had.
 *
 * @param why how it is that they could, or not
 */
public record RestoredExceptions(List<RawException> exceptions, Finding why) {
    /** The request has none. */
    public static final RestoredExceptions NONE = new RestoredExceptions(List.of(), Finding.of(Cause.UNUSED));

    public RestoredExceptions {
        exceptions = List.copyOf(exceptions);
    }
}
