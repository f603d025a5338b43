package framewright.http;

import io.helidon.http.Status;

/** Ends the handling of a request with this problem. */
final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    ProblemException(Status status, String detail) {
        this(new Problem(status, detail));
    }

    Problem problem() {
        return problem;
    }
}
