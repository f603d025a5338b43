package framewright.fetch;

import org.jspecify.annotations.Nullable;

/** Ends a download from outside, once nobody waits for it. */
public final class Abort {
    private @Nullable Thread downloading;
    private boolean aborted;

    /** The download ends as {@link framewright.api.Outcome#NOT_AWAITED}, its connection is cut; one that has ended stays as it is. */
    public synchronized void abort() {
        aborted = true;
        if (downloading != null) {
            downloading.interrupt();
        }
    }

    synchronized boolean isAborted() {
        return aborted;
    }

    /** The caller's thread downloads from here on; false: not any more. */
    synchronized boolean begin() {
        downloading = aborted ? null : Thread.currentThread();
        return !aborted;
    }

    /** What its thread does now is no download, and an interrupt that came too late is none of its business. */
    synchronized void end() {
        downloading = null;
        if (aborted) {
            var _ = Thread.interrupted();
        }
    }
}
