package framewright.config;

import java.time.Duration;

/**
 * How crash files are taken in.
 *
 * @param fileMaxBytes largest minidump or report with its form ({@code crash_file_body_max_bytes})
 * @param maxUnwindChain links of unwind entries of a PE file that are followed ({@code max_unwind_chain_len})
 * @param processes that walk stacks, at most ({@code crash_processes.max})
 * @param memoryBytes that each may take ({@code crash_processes.memory})
 * @param cpuTime that one dump may take ({@code crash_processes.cpu_time})
 * @param wallTime that a process may be silent ({@code crash_processes.wall_time})
 */
public record CrashSettings(
        long fileMaxBytes, int maxUnwindChain, int processes, long memoryBytes, Duration cpuTime, Duration wallTime) {}
