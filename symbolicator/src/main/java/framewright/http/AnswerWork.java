package framewright.http;

import framewright.api.Answer;
import framewright.jobs.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A job whose answer is an {@link Answer}. */
final class AnswerWork implements Work {
    /** Evidence alone is asked for seldom. */
    private static final int EVIDENCE_BUFFER = 512;

    private final Question question;
    private final int firstBuffer;
    private @Nullable Answer answer;

    /** What the engine is asked. */
    @FunctionalInterface
    interface Question {
        Answer ask() throws InterruptedException;
    }

    /** @param firstBuffer bytes that the answer probably takes: copying a megabyte over and over costs more than writing it */
    AnswerWork(Question question, int firstBuffer) {
        this.question = question;
        this.firstBuffer = firstBuffer;
    }

    @Override
    public byte[] answer() throws IOException, InterruptedException {
        Answer done = question.ask();
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
