package framewright.jobs;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The jobs whose id a client knows: those still running, and the answers that wait to be polled. */
final class KeptJobs {
    private final long maxBytes;
    private final Map<UUID, Job> jobs = new HashMap<>();

    /** Sizes of the finished answers, oldest first. */
    private final LinkedHashMap<UUID, Long> finished = new LinkedHashMap<>();

    private long bytes;

    KeptJobs(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized void add(Job job) {
        jobs.put(job.id(), job);
    }

    synchronized @Nullable Job find(UUID id) {
        return jobs.get(id);
    }

    /** Counts a kept job's answer, and drops the oldest answers while there are too many bytes. */
    synchronized void finished(UUID id, long size) {
        if (!jobs.containsKey(id)) {
            return;
        }
        finished.put(id, size);
        bytes += size;
        while (bytes > maxBytes && finished.size() > 1) {
            remove(finished.firstEntry().getKey());
        }
    }

    synchronized void remove(UUID id) {
        jobs.remove(id);
        Long size = finished.remove(id);
        if (size != null) {
            bytes -= size;
        }
    }

    synchronized int answers() {
        return finished.size();
    }

    synchronized long bytes() {
        return bytes;
    }
}
