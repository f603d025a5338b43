package framewright.nativebridge;

import java.util.function.Function;

/** What a native call gave: a value, or the failure of the file it was asked about. */
public sealed interface NativeResult<T> {
    record Ok<T>(T value) implements NativeResult<T> {}

    record Failed<T>(NativeFailure failure) implements NativeResult<T> {}

    default <U> NativeResult<U> map(Function<? super T, ? extends U> f) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(f.apply(value));
            case Failed<T>(NativeFailure failure) -> new Failed<>(failure);
        };
    }

    /** The value, where a failure can only be a bug of ours. */
    default T orThrow() {
        return switch (this) {
            case Ok<T>(T value) -> value;
            case Failed<T>(NativeFailure failure) ->
                throw new NativeException(failure.status(), failure.code() + ": " + failure.describe());
        };
    }
}
