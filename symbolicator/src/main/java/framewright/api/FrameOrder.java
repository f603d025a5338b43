package framewright.api;

/** Which end of a stack comes first in a request and its answer. */
public enum FrameOrder {
    CALLEE_FIRST,
    CALLER_FIRST
}
