package framewright.nativebridge;

/**
 * @param panics how many native panics were caught since start; each is a bug of ours
 * @param openHandles how many native objects are open
 * @param leaks how many handles the collector had to free
 */
public record NativeCounters(long panics, long openHandles, long leaks) {
    public static NativeCounters read() {
        long[] out = new long[3];
        Signatures.fw_counters(out);
        return Reply.json(
                        out,
                        node -> new NativeCounters(
                                node.path("panics").asLong(),
                                node.path("open_handles").asLong(),
                                NativeHandle.leaks()))
                .orThrow();
    }
}
