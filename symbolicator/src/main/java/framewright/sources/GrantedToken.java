package framewright.sources;

import framewright.api.Outcome;
import framewright.api.Outcome.Failed;
import framewright.api.Outcome.Failure;
import framewright.api.Outcome.Found;
import framewright.api.Outcome.Unreachable;
import framewright.api.UpstreamAnswers;
import framewright.cache.MemoryCache.Timed;
import framewright.fetch.Fetcher;
import framewright.fetch.Fetcher.Answer;
import framewright.fetch.RemoteFile.Web;
import java.time.Duration;

/**
 * The token that an OAuth server granted, or why it did not.
 *
 * @param validFor how long the token is good for as the server says, zero where it does not say
 */
record GrantedToken(Outcome<String> token, Duration validFor) {
    private static final int MAX_BYTES = 64 << 10;

    /** A token is not used this shortly before its end. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /** With the time for which it may be kept; a failure is not. */
    Timed<Outcome<String>> timed() {
        Duration kept = validFor.minus(MARGIN);
        return new Timed<>(token, kept.isNegative() ? Duration.ZERO : kept);
    }

    static GrantedToken ask(Fetcher fetcher, Web request, Duration limit) throws InterruptedException {
        return switch (fetcher.fetchAnswer(request, MAX_BYTES, limit)) {
            case Found<Answer>(Answer answer) -> {
                String token = UpstreamAnswers.accessToken(answer.body());
                yield token == null
                        ? failed("the answer holds no token")
                        : new GrantedToken(Outcome.found(token), UpstreamAnswers.expiresIn(answer.body()));
            }
            case Failed<Answer>(Failure failure) -> failed("cannot get a token: " + failure.describe());
        };
    }

    private static GrantedToken failed(String reason) {
        return new GrantedToken(Outcome.failed(new Unreachable(reason)), Duration.ZERO);
    }
}
