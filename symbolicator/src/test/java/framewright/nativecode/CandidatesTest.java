package framewright.nativecode;

import static org.assertj.core.api.Assertions.assertThat;

import framewright.api.Candidate;
import framewright.api.Candidate.Download;
import framewright.api.Candidate.DownloadStatus;
import framewright.api.Candidate.Use;
import framewright.api.Candidate.UseStatus;
import framewright.api.Cause;
import framewright.api.Finding;
import framewright.api.Outcome.Malformed;
import framewright.api.Outcome.Unsupported;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final Use OK = new Use(UseStatus.OK, null);

    private static Candidate candidate(String source, String location) {
        return new Candidate(
                source,
                location,
                new Download(DownloadStatus.NOTFOUND, null, null),
                null,
                null,
                Finding.of(Cause.NOT_FOUND));
    }

    @Test
    void candidates_are_sorted_by_source_and_place_and_unique() {
        Candidates candidates = new Candidates(true);
        candidates.addAll(List.of(candidate("b", "x"), candidate("a", "z"), candidate("a", "y")));
        candidates.addAll(List.of(candidate("a", "z"), candidate("b", "w")));
        assertThat(candidates.list())
                .containsExactly(candidate("a", "y"), candidate("a", "z"), candidate("b", "w"), candidate("b", "x"));
    }

    @Test
    void what_a_file_was_used_for_is_kept_when_it_was_considered_twice() {
        Candidates candidates = new Candidates(true);
        candidates.addAll(List.of(candidate("a", "x").withDebug(OK)));
        candidates.addAll(List.of(candidate("a", "x").withUnwind(OK)));
        assertThat(candidates.list())
                .containsExactly(candidate("a", "x").withDebug(OK).withUnwind(OK));
    }

    @Test
    void nothing_is_kept_where_nobody_asked() {
        Candidates candidates = new Candidates(false);
        candidates.addAll(List.of(candidate("a", "x")));
        assertThat(candidates.list()).isEmpty();
    }

    @Test
    void the_use_is_of_the_file_that_was_chosen() {
        assertThat(Candidates.withUse(
                        List.of(candidate("a", "x"), candidate("b", "x")),
                        "b",
                        "x",
                        candidate -> candidate.withDebug(OK)))
                .containsExactly(candidate("a", "x"), candidate("b", "x").withDebug(OK));
    }

    @Test
    void a_malformed_file_needs_no_words_and_another_failure_says_why() {
        assertThat(Candidates.use(new Malformed("bad header"))).isEqualTo(new Use(UseStatus.MALFORMED, null));
        assertThat(Candidates.use(new Unsupported("a Windows PDB")))
                .isEqualTo(new Use(UseStatus.ERROR, "a Windows PDB"));
    }
}
