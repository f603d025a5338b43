package framewright.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a crash file says besides its stacks and modules.
 *
 * @param timestamp of the crash, in seconds since 1970
 * @param system null where the file says nothing of it
 * @param crashed whether the process crashed, not merely was looked at
 * @param reason e.g. {@code EXC_BAD_ACCESS / KERN_INVALID_ADDRESS / 0x45}
 * @param details what the process said of its end
 * @param assertion that failed; empty: none did
 * @param cuts what was left out
 * @param extended all else, a JSON object; null where nobody asked for it
 */
public record CrashFacts(
        @Nullable Long timestamp,
        @Nullable SystemInfo system,
        boolean crashed,
        @Nullable String reason,
        @Nullable String details,
        @Nullable String assertion,
        List<Cut> cuts,
        @Nullable String extended) {
    public CrashFacts {
        cuts = List.copyOf(cuts);
    }

    /** Where it crashed; empty where unknown. */
    public record SystemInfo(String osName, String osVersion, String osBuild, String cpuArch, String deviceModel) {}

    /**
     * Something of which only a part was taken.
     *
     * @param what its stable name, {@code frames} for one
     * @param kept how many of it were taken
     * @param of how many there were; null where nobody counted
     * @param thread position of the thread whose it was; null: the whole file's
     */
    public record Cut(
            String what,
            long kept,
            @Nullable Long of,
            @Nullable Long thread) {}
}
