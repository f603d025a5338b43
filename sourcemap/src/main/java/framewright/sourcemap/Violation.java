package framewright.sourcemap;

/**
 * One thing that a map gets wrong.
 *
 * @param kind what rule it breaks
 * @param field where, as a path into the document such as {@code sections[2].map.mappings}; empty for the document
 * @param offset the same place in bytes from the start of the document
 */
public record Violation(Kind kind, String field, int offset) {
    /** The rules that can be broken. The names of the constants are part of answers and stay. */
    public enum Kind {
        /** The document is longer than {@link Limits#MAX_MAP_BYTES}. */
        TOO_LARGE("too_large"),
        /** Arrays, objects, index maps or scopes are nested deeper than {@link Limits} allows. */
        TOO_DEEP("too_deep"),
        /** Not JSON, or JSON that ends early. */
        JSON("json"),
        /** A field that must be there is not. */
        MISSING_FIELD("missing_field"),
        /** A field holds another type than it should. */
        WRONG_TYPE("wrong_type"),
        /** {@code version} is not the number 3. */
        VERSION("version"),
        /** A character that is no base64 digit where one should be. */
        VLQ_DIGIT("vlq_digit"),
        /** A variable-length quantity stops where its last digit asks for more. */
        VLQ_UNFINISHED("vlq_unfinished"),
        /** A variable-length quantity that does not fit in 32 bits. */
        VLQ_TOO_LARGE("vlq_too_large"),
        /** A segment with a number of fields other than 1, 4 or 5. */
        SEGMENT_FIELDS("segment_fields"),
        /** A generated position that is negative or beyond 31 bits. */
        GENERATED_POSITION("generated_position"),
        /** An original line or column that is negative or beyond 31 bits. */
        ORIGINAL_POSITION("original_position"),
        /** An index into {@code sources} that points at none. */
        SOURCE_INDEX("source_index"),
        /** An index into {@code names} that points at none. */
        NAME_INDEX("name_index"),
        /** An entry of {@code ignoreList} that is not an index of a source. */
        IGNORE_LIST("ignore_list"),
        /** An index map that has mappings of its own. */
        INDEX_WITH_MAPPINGS("index_with_mappings"),
        /** A section's offset is not a position. */
        SECTION_OFFSET("section_offset"),
        /** A section starts before the one listed ahead of it. */
        SECTION_ORDER("section_order"),
        /** A section has mappings at or past the start of the next one. */
        SECTION_OVERLAP("section_overlap"),
        /** {@code rangeMappings} marks a mapping that is not there. */
        RANGE_MAPPING("range_mapping"),
        /** {@code scopes} does not describe trees of scopes and ranges. */
        SCOPES("scopes"),
        /** A debug id that is not a UUID in its canonical form. */
        DEBUG_ID("debug_id");

        private final String stableName;

        Kind(String stableName) {
            this.stableName = stableName;
        }

        /** The name that appears in answers. */
        public String stableName() {
            return stableName;
        }
    }

    /** For people: {@code vlq_digit in mappings at byte 71}. */
    @Override
    public String toString() {
        return kind.stableName() + (field.isEmpty() ? "" : " in " + field) + " at byte " + offset;
    }
}
