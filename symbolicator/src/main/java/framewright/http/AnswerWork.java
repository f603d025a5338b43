package framewright.http;

import framewright.api.Answer;
import framewright.jobs.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The work of a request that is answered with JSON, and explained from the same answer. */
final class AnswerWork implements Work {
    /** What a resolved frame or a module roughly takes as JSON. */
    static final int PART_BYTES = 512;

    private final Callable<Answer> question;
    private final int firstBuffer;
    private @Nullable Answer answer;

    /** @param firstBuffer bytes that the answer is likely to take */
    AnswerWork(Callable<Answer> question, int firstBuffer) {
        this.question = question;
        this.firstBuffer = firstBuffer;
    }

    @Override
    public byte[] answer() throws Exception {
        Answer done = question.call();
        answer = done;
        return body(done, firstBuffer);
    }

    @Override
    public byte[] evidence() throws IOException {
        return answer == null ? new byte[0] : body(answer.evidence(), PART_BYTES);
    }

    private static byte[] body(Answer answer, int firstBuffer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(firstBuffer);
        answer.write(body);
        return body.toByteArray();
    }
}
