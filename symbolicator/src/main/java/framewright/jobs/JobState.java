package framewright.jobs;

import java.util.UUID;

/** Where a job stands. */
public sealed interface JobState {
    /** Not done yet; the client may ask again with the id. */
    record Pending(UUID id) implements JobState {}

    /** How a job ended. */
    sealed interface Ended extends JobState {
        /** Stable name for metrics. */
        String name();
    }

    /**
     * Done.
     *
     * @param body the finished answer as it travels; never changed
     * @param evidence what explains it; empty where nobody knew the job's id in time
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    record Completed(byte[] body, byte[] evidence) implements Ended {
        @Override
        public String name() {
            return "completed";
        }
    }

    /** The job's wall limit was reached. */
    record TimedOut() implements Ended {
        @Override
        public String name() {
            return "timeout";
        }
    }

    /** The job ended in a bug of ours; it is in the log. */
    record Errored() implements Ended {
        @Override
        public String name() {
            return "internal_error";
        }
    }
}
