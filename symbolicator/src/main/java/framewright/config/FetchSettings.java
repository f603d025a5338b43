package framewright.config;

import java.time.Duration;
import java.util.Set;

/**
 * How files are fetched.
 *
 * @param connectTimeout until a connection stands ({@code connect_timeout})
 * @param headTimeout until the head of the answer is in ({@code head_timeout})
 * @param maxDownloadTimeout for a whole download with its retries ({@code max_download_timeout})
 * @param maxDownloadSize largest file after decompression, in bytes ({@code max_download_size})
 * @param connectToReservedIps whether private and reserved addresses may be asked ({@code connect_to_reserved_ips})
 * @param egressAllow which of these may be asked where not all may ({@code egress_allow})
 * @param stallTimeout for which nothing of a body may come ({@code download_stall_timeout})
 * @param slowSourceTimeout for which sources that stand before one that has a good file are still waited for ({@code
 *     slow_source_timeout})
 */
public record FetchSettings(
        Duration connectTimeout,
        Duration headTimeout,
        Duration maxDownloadTimeout,
        long maxDownloadSize,
        boolean connectToReservedIps,
        DenyList denyList,
        EgressAllow egressAllow,
        Duration stallTimeout,
        Duration slowSourceTimeout) {
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SLOW_SOURCE_TIMEOUT = Duration.ofSeconds(2);

    /** With what the other keys are where the file does not say. */
    public FetchSettings(
            Duration connectTimeout,
            Duration headTimeout,
            Duration maxDownloadTimeout,
            long maxDownloadSize,
            boolean connectToReservedIps,
            DenyList denyList) {
        this(
                connectTimeout,
                headTimeout,
                maxDownloadTimeout,
                maxDownloadSize,
                connectToReservedIps,
                denyList,
                EgressAllow.NOTHING,
                STALL_TIMEOUT,
                SLOW_SOURCE_TIMEOUT);
    }

    /**
     * Leaves a host alone for a while after too many failures ({@code deny_list_*}).
     *
     * @param threshold failures within {@code timeWindow} that block a host
     */
    public record DenyList(
            boolean enabled,
            Duration timeWindow,
            Duration bucketSize,
            int threshold,
            Duration blockTime,
            Set<String> neverBlockHosts) {
        public DenyList {
            neverBlockHosts = Set.copyOf(neverBlockHosts);
        }
    }
}
