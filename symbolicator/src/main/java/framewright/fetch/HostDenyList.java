package framewright.fetch;

import framewright.api.Durations;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Unreachable;
import framewright.config.FetchSettings.DenyList;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that failed too often lately and are left alone for a while, so that a dead server does not hold up every
 * request until its timeout. After that one download at a time is let through to see how the host fares, and the
 * others are refused meanwhile. In memory, per process.
 */
public final class HostDenyList {
    /** Hosts that are watched at a time; whoever sends crashes may name any number of them. */
    private static final int MAX_HOSTS = 10_000;

    /** How many have to fail, one after the other, to block a host again: a single failure may be chance. */
    private static final int PROBES = 2;

    private final DenyList settings;
    private final InstantSource clock;
    private final Map<String, Host> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Host> eldest) {
            return size() > MAX_HOSTS;
        }
    };

    /** Failures counted in slices of the time window, and the block that they led to. */
    private static final class Host {
        private final Map<Long, Integer> buckets = new LinkedHashMap<>();
        private @Nullable Instant blockedUntil;
        private boolean probed;
        private int failedProbes;
        private String reason = "";
    }

    public HostDenyList(DenyList settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Why the host is not asked now; null where it may be asked, and then {@link #failed}, {@link #answered} or {@link
     * #abandoned} is called with what came of it.
     */
    public synchronized @Nullable Failure blocked(String name) {
        Host host = hosts.get(name);
        if (host == null || host.blockedUntil == null) {
            return null;
        }
        if (!host.probed && !clock.instant().isBefore(host.blockedUntil)) {
            host.probed = true;
            return null;
        }
        return new Unreachable(
                "Host %s is temporarily blocked because there were too many download failures. It will".formatted(name)
                        + " remain blocked for a maximum of %s. The error that triggered the block was: `%s`."
                                .formatted(Durations.text(settings.blockTime()), host.reason));
    }

    /** When a blocked host is asked again; null: with the next download. */
    synchronized @Nullable Instant blockedUntil(String name) {
        Host host = hosts.get(name);
        if (host == null || host.blockedUntil == null || !clock.instant().isBefore(host.blockedUntil)) {
            return null;
        }
        return host.blockedUntil;
    }

    /** The host has answered, be it that it has no such file. */
    public synchronized void answered(String name) {
        Host host = hosts.get(name);
        if (host != null && host.probed) {
            hosts.remove(name);
        }
    }

    /** The download was given up before anything came of it. */
    public synchronized void abandoned(String name) {
        Host host = hosts.get(name);
        if (host != null) {
            host.probed = false;
        }
    }

    /** Counts a download that failed; the one that reaches the threshold, or was to see, blocks the host. */
    public synchronized void failed(String name, Failure failure) {
        if (!settings.enabled() || settings.neverBlockHosts().contains(name)) {
            return;
        }
        Instant now = clock.instant();
        Host host = hosts.computeIfAbsent(name, _ -> new Host());
        long bucket = now.toEpochMilli() / millis(settings.bucketSize());
        long oldest = bucket - settings.timeWindow().toMillis() / millis(settings.bucketSize());
        host.buckets.keySet().removeIf(counted -> counted <= oldest);
        host.buckets.merge(bucket, 1, Integer::sum);
        int failures =
                host.buckets.values().stream().mapToInt(Integer::intValue).sum();
        host.failedProbes += host.probed ? 1 : 0;
        boolean stillDead = host.probed && host.failedProbes >= Math.min(PROBES, settings.threshold());
        host.probed = false;
        if (stillDead || (host.blockedUntil == null && failures >= settings.threshold())) {
            host.failedProbes = 0;
            host.blockedUntil = now.plus(settings.blockTime());
            host.reason = failure.describe();
        }
    }

    /** How many hosts are watched. */
    synchronized int watched() {
        return hosts.size();
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }
}
