package framewright.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the commands on the disk cache answer. */
public sealed interface CacheReport extends Answer {
    /**
     * One entry or remembered failure.
     *
     * @param digest names it within its kind
     * @param key where it comes from, in lines; empty where that is forgotten
     * @param bytes of the file; 0 for a failure
     * @param at when a file was last used, or a failure met
     * @param failure its cause; null: a file
     * @param until when the failure is forgotten; null: a file, or never
     */
    record Item(
            String kind,
            String digest,
            String key,
            long bytes,
            Instant at,
            @Nullable Cause failure,
            @Nullable Instant until) {}

    /** @param leftOff how many more there are, to keep the answer short */
    record Listing(List<Item> items, long leftOff) implements CacheReport {
        @Override
        public void writeFields(JsonGenerator out) throws IOException {
            out.writeArrayFieldStart("items");
            for (Item item : items) {
                out.writeStartObject();
                out.writeStringField("kind", item.kind);
                out.writeStringField("digest", item.digest);
                for (String line : item.key.split("\n", -1)) {
                    int colon = line.indexOf(": ");
                    if (colon > 0 && List.of("scope", "source", "location").contains(line.substring(0, colon))) {
                        out.writeStringField(line.substring(0, colon), line.substring(colon + 2));
                    }
                }
                out.writeNumberField("bytes", item.bytes);
                out.writeStringField("at", item.at.toString());
                if (item.failure != null) {
                    out.writeStringField("failure", item.failure.code());
                }
                if (item.until != null) {
                    out.writeStringField("until", item.until.toString());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            if (leftOff > 0) {
                out.writeNumberField("left_off", leftOff);
            }
        }
    }

    /** How one kind fares. */
    record Kind(String kind, long files, long bytes, long failures) {}

    /**
     * @param usedBytes of all kinds together, with folders and logs
     * @param maxBytes the cap; 0: the cache is not in use now, so that none holds
     */
    record Usage(List<Kind> kinds, long usedBytes, long maxBytes) implements CacheReport {
        @Override
        public void writeFields(JsonGenerator out) throws IOException {
            out.writeArrayFieldStart("kinds");
            for (Kind kind : kinds) {
                out.writeStartObject();
                out.writeStringField("kind", kind.kind);
                out.writeNumberField("files", kind.files);
                out.writeNumberField("bytes", kind.bytes);
                out.writeNumberField("failures", kind.failures);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeNumberField("used_bytes", usedBytes);
            if (maxBytes > 0) {
                out.writeNumberField("max_bytes", maxBytes);
            }
        }
    }

    /**
     * @param inUse files that go as soon as nobody reads them; they serve no new request
     * @param everywhere whether the other nodes do the same, within seconds
     */
    record Purged(long files, long bytes, long failures, long inUse, boolean everywhere) implements CacheReport {
        /** The same, with what is known of the other nodes. */
        public Purged withNodes(boolean told) {
            return new Purged(files, bytes, failures, inUse, told);
        }

        @Override
        public void writeFields(JsonGenerator out) throws IOException {
            out.writeNumberField("files", files);
            out.writeNumberField("bytes", bytes);
            out.writeNumberField("failures", failures);
            out.writeNumberField("in_use", inUse);
            out.writeBooleanField("everywhere", everywhere);
        }
    }

    /**
     * @param checked files whose length is right
     * @param checksummed of those, whose bytes were compared, too
     * @param damaged files that were not as they were written, and are gone now
     */
    record Verified(long checked, long checksummed, List<Item> damaged) implements CacheReport {
        @Override
        public void writeFields(JsonGenerator out) throws IOException {
            out.writeNumberField("checked", checked);
            out.writeNumberField("checksummed", checksummed);
            new Listing(damaged, 0).writeFields(out);
        }
    }
}
