package framewright.crash;

/** What came of saying something to a process. */
sealed interface Reply {
    /** Its answer; never changed. */
    @SuppressWarnings("ArrayRecordComponent") // handed on as it is, never compared
    record Message(byte[] bytes) implements Reply {}

    /** It is no more. */
    record Ended(End end) implements Reply {}
}
