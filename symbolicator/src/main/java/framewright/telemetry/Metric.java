package framewright.telemetry;

import java.util.List;

/** Every metric there is: name, kind, meaning and labels. Times are in seconds, sizes in bytes. */
public enum Metric {
    HTTP_REQUESTS("framewright_http_requests_total", Kind.COUNTER, "Requests answered.", "route", "status"),
    HTTP_SECONDS("framewright_http_request_seconds", Kind.TIMER, "Time from a request's head to its answer.", "route"),
    JOBS_ADMITTED("framewright_jobs_admitted_total", Kind.COUNTER, "Jobs started."),
    JOBS_REFUSED("framewright_jobs_refused_total", Kind.COUNTER, "Requests refused because the server was full."),
    JOBS_ENDED("framewright_jobs_ended_total", Kind.COUNTER, "Jobs ended, by outcome.", "outcome"),
    JOB_SECONDS("framewright_job_seconds", Kind.TIMER, "Time from a job's start to its answer."),
    JOBS_RUNNING("framewright_jobs_running", Kind.GAUGE, "Jobs in flight."),
    ANSWERS_KEPT("framewright_answers_kept", Kind.GAUGE, "Finished answers kept for polling."),
    ANSWERS_KEPT_BYTES("framewright_answers_kept_bytes", Kind.GAUGE, "Memory that the kept answers take."),
    NATIVE_PANICS("framewright_native_panics_total", Kind.GAUGE, "Panics caught in the native library; each is a bug."),
    NATIVE_HANDLES("framewright_native_handles", Kind.GAUGE, "Native objects that are open."),
    NATIVE_LEAKS("framewright_native_leaks_total", Kind.GAUGE, "Native objects that only the collector freed."),
    NATIVE_QUEUE("framewright_native_queue", Kind.GAUGE, "Native calls that run or wait for a thread."),
    CRASH_PROCESSES("framewright_crash_processes", Kind.GAUGE, "Processes that walk stacks of minidumps."),
    CRASH_PROCESSES_BUSY("framewright_crash_processes_busy", Kind.GAUGE, "Those at work."),
    CRASH_PROCESSES_STARTED("framewright_crash_processes_started_total", Kind.COUNTER, "Such processes started."),
    CRASH_PROCESSES_ENDED(
            "framewright_crash_processes_ended_total",
            Kind.COUNTER,
            "Such processes that reached a bound, died or were ended, by reason.",
            "reason"),
    CACHE_USED_BYTES("framewright_cache_used_bytes", Kind.GAUGE, "Disk that all caches take together."),
    CACHE_MAX_BYTES("framewright_cache_max_bytes", Kind.GAUGE, "Disk that all caches may take together."),
    CACHE_BYTES("framewright_cache_bytes", Kind.GAUGE, "Disk that a cache takes.", "cache"),
    CACHE_ENTRIES("framewright_cache_entries", Kind.GAUGE, "Entries of a cache, remembered failures too.", "cache"),
    CACHE_HITS("framewright_cache_hits_total", Kind.GAUGE, "Look-ups answered from a cache.", "cache"),
    CACHE_MISSES("framewright_cache_misses_total", Kind.GAUGE, "Look-ups that led to a load.", "cache"),
    CACHE_EVICTIONS("framewright_cache_evictions_total", Kind.GAUGE, "Entries removed to make room.", "cache"),
    CACHE_EXPIRED("framewright_cache_expired_total", Kind.GAUGE, "Entries removed for their age.", "cache"),
    CACHE_SQUEEZED("framewright_cache_squeezed_total", Kind.GAUGE, "Entries removed since others had filled the disk."),
    SHARED_ENTRIES("framewright_shared_entries_total", Kind.GAUGE, "Entries of the shared cache.", "cache", "outcome"),
    SHARED_UPLOADS("framewright_shared_uploads", Kind.GAUGE, "Entries that are being or wait to be written to it."),
    SHARED_WAITS("framewright_shared_waits_total", Kind.GAUGE, "Loads that another node did meanwhile."),
    SHARED_TAKE_OVERS("framewright_shared_take_overs_total", Kind.GAUGE, "Loads taken over from a dead node."),
    STORE_FILES("framewright_store_files", Kind.GAUGE, "Uploaded files that are kept.", "kind"),
    STORE_FILE_BYTES(
            "framewright_store_file_bytes", Kind.GAUGE, "Their sizes; what several share counts often.", "kind"),
    STORE_BLOBS("framewright_store_blobs", Kind.GAUGE, "Contents that are kept, each once."),
    STORE_BYTES("framewright_store_bytes", Kind.GAUGE, "What these take."),
    STORE_UPLOADS("framewright_store_uploads_total", Kind.GAUGE, "Files that were uploaded."),
    STORE_REFUSED("framewright_store_refused_total", Kind.GAUGE, "Files that were refused for a quota."),
    QUEUE_DEPTH("framewright_queue_depth", Kind.GAUGE, "Events that wait or are worked on, at the engine.", "lane"),
    QUEUE_OLDEST_SECONDS(
            "framewright_queue_oldest_seconds", Kind.GAUGE, "How long the oldest has waited; scale by this.", "lane"),
    QUEUE_BUFFERED("framewright_queue_buffered", Kind.GAUGE, "Events that this node has and has not begun.", "lane"),
    QUEUE_RUNNING(
            "framewright_queue_running", Kind.GAUGE, "Slots in use; lanes that share them tell the same.", "lane"),
    QUEUE_RECEIVED("framewright_queue_received_total", Kind.COUNTER, "Deliveries taken.", "lane"),
    QUEUE_ENDED("framewright_queue_ended_total", Kind.COUNTER, "Runs ended, by outcome.", "lane", "outcome"),
    QUEUE_SENT_ON("framewright_queue_sent_on_total", Kind.COUNTER, "Events sent on to another lane.", "lane"),
    QUEUE_WAIT_SECONDS("framewright_queue_wait_seconds", Kind.TIMER, "From taking an event to beginning it.", "lane"),
    QUEUE_WORK_SECONDS("framewright_queue_work_seconds", Kind.TIMER, "From beginning a run to its end.", "lane"),
    QUEUE_DUPLICATES("framewright_queue_duplicates_total", Kind.COUNTER, "Deliveries of runs that had ended before."),
    QUEUE_DEAD("framewright_queue_dead_total", Kind.COUNTER, "Messages nobody could work on, by cause.", "cause"),
    QUEUE_FAILURES("framewright_queue_failures_total", Kind.COUNTER, "Calls of the engine or database that failed."),
    QUEUE_RESENT("framewright_queue_resent_total", Kind.COUNTER, "Events sent again, by reason.", "reason"),
    QUEUE_REFUSED("framewright_queue_refused_total", Kind.COUNTER, "Events refused because too many wait."),
    SCHEDULE_FAILURES(
            "framewright_schedule_failures_total",
            Kind.COUNTER,
            "Scheduled work that failed and is done again.",
            "task"),
    WARMED(
            "framewright_warmed_total",
            Kind.COUNTER,
            "Files that jobs asked for to warm the caches, by outcome.",
            "outcome"),
    SPANS_DROPPED("framewright_spans_dropped_total", Kind.GAUGE, "Spans that the collector of traces did not get."),
    FRAMES_REMEMBERED_BYTES("framewright_frames_remembered_bytes", Kind.GAUGE, "Memory of frames resolved before."),
    HEAP_BYTES("framewright_heap_bytes", Kind.GAUGE, "Java heap in use."),
    START_SECONDS("framewright_start_time_seconds", Kind.GAUGE, "When the server started, in Unix time.");

    /** How Prometheus reads it. */
    public enum Kind {
        COUNTER,
        /** Read from where it is kept; a counter where its name ends so. */
        GAUGE,
        /** A histogram of seconds. */
        TIMER
    }

    private final String text;
    private final Kind kind;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    Metric(String text, Kind kind, String help, String... labels) {
        this.text = text;
        this.kind = kind;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name as printed. */
    public String text() {
        return text;
    }

    public Kind kind() {
        return kind;
    }

    public String help() {
        return help;
    }

    /** Names of its labels, in the order in which their values are given. */
    public List<String> labels() {
        return labels;
    }
}
