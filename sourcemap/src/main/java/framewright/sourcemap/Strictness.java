package framewright.sourcemap;

/**
 * What to do where ECMA-426 says "optionally report an error": an index out of range, an optional field of the wrong
 * type, a version other than 3, sections that overlap. What the specification always calls an error, and mappings
 * that are not even well-formed, are refused either way.
 */
public enum Strictness {
    /** Refuse the map, as its own conformance tests expect. */
    STRICT,

    /** Note the violation and go on as the specification says; for answering about maps that tools really write. */
    TOLERANT
}
