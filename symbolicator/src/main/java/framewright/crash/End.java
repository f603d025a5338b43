package framewright.crash;

import java.util.Locale;

/**
 * Why a process is no more.
 *
 * @param details what it said at last, or what the system says of it; may be empty
 */
record End(Reason reason, String details) {
    enum Reason {
        NOT_STARTED("The program that walks stacks could not be started: see the log and GET /ready."),
        WALL_TIME("Walking it took longer than `crash_processes.wall_time`: raise that, or send a smaller dump."),
        CPU_TIME("Walking it took more than `crash_processes.cpu_time`: raise that, or send a smaller dump."),
        MEMORY("Walking it took more than `crash_processes.memory`: raise that, or send a smaller dump."),
        STACK(
                "Its parts nest deeper than the process that walked it has stack for: it is damaged or was made to do that."),
        DIED("The dump ended the process that walked it; that is a bug of ours, and the server's log has more."),
        PROTOCOL("The process that walked it broke off; that is a bug of ours, and the server's log has more.");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        /** For a person: which bound it was and what to do. */
        String sentence() {
            return sentence;
        }

        /** Stable name for metrics. */
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
