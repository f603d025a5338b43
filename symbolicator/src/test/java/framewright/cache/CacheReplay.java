package framewright.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import framewright.api.Outcome;
import framewright.config.CacheSettings;
import framewright.config.CacheSettings.Lifetimes;
import framewright.testkit.ManualClock;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Answers two questions of {@code framewright-bench} with figures in JSON. {@code replay}: how many of 100,000 requests
 * over 20,000 objects the cache answers under a cap of a tenth of the data, beside plain LRU and Caffeine, and how much
 * disk it takes at most. {@code start}: how long a start with 100,000 entries takes with the index and without.
 *
 * <p>Sizes are lognormal (median 16 KiB, sigma 1.5), the law of requests is Zipf's with 0.9, and having an object costs
 * 50 ms and its bytes at 20 MB/s.
 */
final class CacheReplay {
    private static final int OBJECTS = 20_000;
    private static final int REQUESTS = 100_000;
    private static final double ZIPF = 0.9;
    private static final double MEDIAN = 16_384;
    private static final double SIGMA = 1.5;
    private static final int TRIP_MILLIS = 50;
    private static final int BYTES_PER_MILLI = 20_000;
    private static final int STARTED_WITH = 100_000;
    private static final int STARTS = 5;

    private final int[] sizes = new int[OBJECTS];
    private final int[] requests = new int[REQUESTS];
    private long total;

    private CacheReplay() {
        Random random = new Random(1);
        double[] upTo = new double[OBJECTS];
        double sum = 0;
        for (int i = 0; i < OBJECTS; i++) {
            sizes[i] = 1 + (int) (MEDIAN * Math.exp(SIGMA * random.nextGaussian()));
            total += DiskBudget.allocated(sizes[i]);
            sum += 1 / Math.pow(i + 1, ZIPF);
            upTo[i] = sum;
        }
        List<Integer> ranks = IntStream.range(0, OBJECTS).boxed().toList();
        List<Integer> shuffled = new ArrayList<>(ranks);
        Collections.shuffle(shuffled, random);
        for (int i = 0; i < REQUESTS; i++) {
            int at = Arrays.binarySearch(upTo, random.nextDouble() * sum);
            requests[i] = shuffled.get(at < 0 ? -at - 1 : at);
        }
    }

    /** What the requests were answered with. */
    private final class Tally {
        private long hits;
        private double bytes;
        private double hitBytes;
        private double millis;
        private double savedMillis;

        void count(int object, boolean hit) {
            bytes += sizes[object];
            millis += cost(object);
            if (hit) {
                hits++;
                hitBytes += sizes[object];
                savedMillis += cost(object);
            }
        }

        String json(String name, long peak) {
            return String.format(
                    Locale.ROOT,
                    "{\"name\":\"%s\",\"hit_rate\":%.4f,\"byte_hit_rate\":%.4f,\"cost_saved\":%.4f,\"peak_bytes\":%d}",
                    name,
                    (double) hits / REQUESTS,
                    hitBytes / bytes,
                    savedMillis / millis,
                    peak);
        }
    }

    private int cost(int object) {
        return TRIP_MILLIS + sizes[object] / BYTES_PER_MILLI;
    }

    /** @param args the question, and a folder to work in */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args[1]), "replay");
        PrintStream out = System.out;
        try {
            if (args[0].equals("start")) {
                out.println(start(folder));
            } else {
                CacheReplay replay = new CacheReplay();
                long cap = replay.total / 10;
                out.printf(
                        "{\"cap\":%d,\"rows\":[%s,%s,%s]}%n",
                        cap, replay.ours(folder, cap), replay.lru(cap), replay.caffeine(cap));
            }
        } finally {
            CacheFolder.deleteTree(folder);
        }
    }

    private static CacheSettings settings(Path folder, long cap) {
        Lifetimes forGood = new Lifetimes(null, null, null, null);
        return new CacheSettings(folder, cap, forGood, forGood);
    }

    private String ours(Path folder, long cap) throws InterruptedException {
        ManualClock clock = new ManualClock();
        Tally tally = new Tally();
        long peak = 0;
        try (Caches caches = new Caches(settings(folder, cap), clock)) {
            for (int i = 0; i < REQUESTS; i++) {
                int object = requests[i];
                clock.advance(Duration.ofSeconds(1));
                boolean[] hit = {true};
                Outcome<CachedFile> outcome = caches.getOrLoad(
                        CacheKind.OBJECTS, CacheFixture.key("o" + object), Retention.PRIVATE, staging -> {
                            hit[0] = false;
                            clock.advance(Duration.ofMillis(cost(object)));
                            return CacheFixture.bytes(sizes[object]).load(staging);
                        });
                outcome.map(file -> {
                    file.close();
                    return file;
                });
                tally.count(object, hit[0]);
                if (i % 1000 == 0) {
                    peak = Math.max(peak, CacheFixture.allocated(folder));
                }
            }
        }
        return tally.json("framewright", peak);
    }

    private String lru(long cap) {
        Map<Integer, Long> entries = new LinkedHashMap<>(16, 0.75f, true);
        Tally tally = new Tally();
        long used = 0;
        for (int object : requests) {
            boolean hit = entries.get(object) != null;
            tally.count(object, hit);
            long bytes = DiskBudget.allocated(sizes[object]);
            if (!hit && bytes <= cap) {
                entries.put(object, bytes);
                used += bytes;
                while (used > cap) {
                    Map.Entry<Integer, Long> eldest =
                            entries.entrySet().iterator().next();
                    used -= eldest.getValue();
                    entries.remove(eldest.getKey());
                }
            }
        }
        return tally.json("LRU", cap);
    }

    private String caffeine(long cap) {
        Cache<Integer, Long> entries = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(cap)
                .weigher((Integer object, Long bytes) -> Math.toIntExact(bytes))
                .build();
        Tally tally = new Tally();
        for (int object : requests) {
            boolean hit = entries.getIfPresent(object) != null;
            tally.count(object, hit);
            if (!hit) {
                entries.put(object, DiskBudget.allocated(sizes[object]));
            }
        }
        return tally.json("Caffeine (W-TinyLFU)", cap);
    }

    private static String start(Path folder) throws Exception {
        CacheSettings settings = settings(folder, 16L << 30);
        ManualClock clock = new ManualClock();
        new Caches(settings, clock).close();
        // one after the other through the cache would sync each
        for (int i = 0; i < STARTED_WITH; i++) {
            String digest = Digest.of("o" + i).toString();
            Path place = folder.resolve("objects/v1/" + digest.substring(0, 2) + "/" + digest.substring(2, 4));
            Files.createDirectories(place);
            Files.write(place.resolve(digest.substring(4) + "-1"), new byte[1]);
        }
        Path log = folder.resolve("index/v1/log");
        double walk = 0;
        double index = 0;
        for (int i = 0; i < STARTS; i++) {
            Files.deleteIfExists(log);
            walk = best(walk, startMillis(settings, clock));
            index = best(index, startMillis(settings, clock));
        }
        return String.format(Locale.ROOT, "{\"index_ms\":%.1f,\"walk_ms\":%.1f}", index, walk);
    }

    private static double best(double before, double now) {
        return before == 0 ? now : Math.min(before, now);
    }

    private static double startMillis(CacheSettings settings, ManualClock clock) {
        long started = System.nanoTime();
        Caches caches = new Caches(settings, clock);
        double millis = (System.nanoTime() - started) / 1e6;
        long files =
                caches.stats().values().stream().mapToLong(CacheStats::files).sum();
        caches.close();
        if (files != STARTED_WITH) {
            throw new AssertionError(files + " files");
        }
        return millis;
    }
}
