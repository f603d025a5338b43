package framewright.sourcemap;

/** What a map says of the function around an original position. */
public sealed interface FunctionName {
    /** The map does not tell, or the position is in no function. */
    record Unknown() implements FunctionName {}

    /** In a function that has no name. */
    record Anonymous() implements FunctionName {}

    /** In a function of this name. */
    record Named(String name) implements FunctionName {}
}
