package framewright.http;

import framewright.api.Answer;
import framewright.jobs.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A job that makes an answer, which also knows what explains it. */
final class AnswerWork implements Work {
    private static final int EVIDENCE_BUFFER = 512;

    private final Maker maker;
    private final int firstBuffer;
    private @Nullable Answer answer;

    /** Finds the answer out. */
    @FunctionalInterface
    interface Maker {
        Answer make() throws InterruptedException;
    }

    /** @param firstBuffer bytes that the answer will roughly have, so that its buffer seldom has to grow */
    AnswerWork(Maker maker, int firstBuffer) {
        this.maker = maker;
        this.firstBuffer = firstBuffer;
    }

    @Override
    public byte[] answer() throws IOException, InterruptedException {
        Answer done = maker.make();
        answer = done;
        return body(done, firstBuffer);
    }

    @Override
    public byte[] evidence() throws IOException {
        return answer == null ? new byte[0] : body(answer.evidence(), EVIDENCE_BUFFER);
    }

    private static byte[] body(Answer answer, int firstBuffer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(firstBuffer);
        answer.write(body);
        return body.toByteArray();
    }
}
