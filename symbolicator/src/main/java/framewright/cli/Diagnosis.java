package framewright.cli;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code framewright doctor}.
 *
 * @param what was looked at
 * @param seen a sentence
 * @param remedy what to do; null where nothing is wrong
 */
record Diagnosis(
        String what, State state, String seen, @Nullable String remedy) {
    enum State {
        OK,
        /** Works, and may not for long. */
        WARN,
        FAIL
    }

    static Diagnosis ok(String what, String seen) {
        return new Diagnosis(what, State.OK, seen, null);
    }

    static Diagnosis warn(String what, String seen, String remedy) {
        return new Diagnosis(what, State.WARN, seen, remedy);
    }

    static Diagnosis fail(String what, String seen, String remedy) {
        return new Diagnosis(what, State.FAIL, seen, remedy);
    }
}
