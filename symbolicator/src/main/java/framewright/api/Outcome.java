package framewright.api;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How getting something from the outside world ended. Everything but {@link Found} is a fact that may be remembered;
 * a bug of ours is an exception and never remembered.
 */
public sealed interface Outcome<T> {
    record Found<T>(T value) implements Outcome<T> {}

    /** Every failure; the same for all types of values. */
    sealed interface Failure {
        /** Stable snake_case name. */
        String code();

        /** A sentence, as candidates show it. */
        String describe();
    }

    record Failed<T>(Failure failure) implements Outcome<T> {}

    /** What whoever asked could not have in the time it has: it says nothing of the file, and nobody remembers it. */
    Unreachable POSTPONED = new Unreachable("put off");

    /** What whoever asked did not wait for: it says nothing of the file, and nobody remembers it. */
    Unreachable NOT_AWAITED = new Unreachable("not waited for");

    /**
     * Nobody has it.
     *
     * @param details what there was instead, e.g. {@code 404 Not Found}; evidence, which makes no other failure of it
     */
    record Missing(String details) implements Failure {
        private static final String SLICES = "the archive holds ";

        public Missing() {
            this("");
        }

        /** Of an archive that is there, without the object that was wanted. */
        public static Missing amongSlices(String those) {
            return new Missing(SLICES + those);
        }

        boolean otherSlices() {
            return details.startsWith(SLICES);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Missing;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public String code() {
            return "not_found";
        }

        @Override
        public String describe() {
            return "not found";
        }
    }

    /** The source refuses. {@code details} e.g. {@code 403 Forbidden}. */
    record Denied(String details) implements Failure {
        @Override
        public String code() {
            return "permission_denied";
        }

        @Override
        public String describe() {
            return details;
        }
    }

    /** The source did not answer in time. */
    record TimedOut(Duration limit) implements Failure {
        @Override
        public String code() {
            return "timeout";
        }

        @Override
        public String describe() {
            return "download timed out after " + Durations.text(limit);
        }
    }

    /**
     * The source or the way there failed.
     *
     * @param address what was not connected to, where that is why; evidence, which makes no other failure of it
     */
    record Unreachable(String details, String address) implements Failure {
        public Unreachable(String details) {
            this(details, "");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Unreachable unreachable && unreachable.details.equals(details);
        }

        @Override
        public int hashCode() {
            return details.hashCode();
        }

        @Override
        public String code() {
            return "download_failed";
        }

        @Override
        public String describe() {
            return "download failed: " + details;
        }
    }

    /** The file is there and breaks the rules of its format. */
    record Malformed(String details) implements Failure {
        @Override
        public String code() {
            return "malformed";
        }

        @Override
        public String describe() {
            return details;
        }
    }

    /** The file is there, sound, and of a kind that cannot serve. */
    record Unsupported(String details) implements Failure {
        @Override
        public String code() {
            return "unsupported";
        }

        @Override
        public String describe() {
            return details;
        }
    }

    static <T> Outcome<T> found(T value) {
        return new Found<>(value);
    }

    static <T> Outcome<T> failed(Failure failure) {
        return new Failed<>(failure);
    }

    default <U> Outcome<U> map(Function<? super T, ? extends U> f) {
        return switch (this) {
            case Found<T>(T value) -> new Found<>(f.apply(value));
            case Failed<T>(Failure failure) -> new Failed<>(failure);
        };
    }

    default <U> Outcome<U> flatMap(Function<? super T, Outcome<U>> f) {
        return switch (this) {
            case Found<T>(T value) -> f.apply(value);
            case Failed<T>(Failure failure) -> new Failed<>(failure);
        };
    }
}
