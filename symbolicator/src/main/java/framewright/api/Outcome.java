package framewright.api;

import java.time.Duration;
import java.util.function.Function;

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

    /** Nobody has it. */
    record Missing() implements Failure {
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

    /** The source or the way there failed. */
    record Unreachable(String details) implements Failure {
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
