package framewright.nativebridge;

import framewright.nativebridge.Remapping.Answer;
import framewright.nativebridge.Remapping.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A question of many texts, asked a few of them at a time. What a few take stays near the processor, and one memory
 * does for them all; thousands at once take all of theirs from afar, when it is written and when it is read.
 */
final class RemappingParts {
    /** A part ends with the text that makes it as long: some 80 stack traces, of which a few times as much is made. */
    private static final int PART_CHARS = 64 << 10;

    /** Ids of mappings that are told of, as in {@code rust/core/src/proguard_text.rs}. */
    private static final int MAX_MAP_IDS = 16;

    /**
     * How much has been made of what a question may make at most, its parts together. Mirrors
     * {@code rust/core/src/proguard_remap.rs}.
     *
     * @param frames that were made
     * @param bytes of their names, and of texts
     * @param micros how long that took, in microseconds
     */
    record Spent(long frames, long bytes, long micros) {}

    /**
     * @param frames that this part and those before have made
     * @param bytes likewise
     */
    record Part(Answer answer, long frames, long bytes) {}

    private RemappingParts() {}

    /** @param ask answers a part, and is told what those before have taken */
    static NativeResult<Answer> ask(Question question, BiFunction<Question, Spent, NativeResult<Part>> ask) {
        List<Answer> answers = new ArrayList<>();
        Spent spent = new Spent(0, 0, 0);
        long begin = System.nanoTime();
        for (Question part : parts(question)) {
            switch (ask.apply(part, spent)) {
                case NativeResult.Ok<Part>(Part answered) -> {
                    answers.add(answered.answer());
                    long micros = (System.nanoTime() - begin) / 1000;
                    spent = new Spent(answered.frames(), answered.bytes(), micros);
                }
                case NativeResult.Failed<Part>(NativeFailure failure) -> {
                    return new NativeResult.Failed<>(failure);
                }
            }
        }
        return new NativeResult.Ok<>(joined(answers));
    }

    /** At least one; what is no text is in the first. */
    private static List<Question> parts(Question question) {
        List<Question> parts = new ArrayList<>();
        List<String> texts = question.texts();
        int from = 0;
        do {
            int to = from;
            for (int chars = 0; to < texts.size() && chars < PART_CHARS; to++) {
                chars += texts.get(to).length();
            }
            List<String> some = texts.subList(from, to);
            parts.add(
                    from == 0
                            ? new Question(question.classes(), question.stacks(), some)
                            : new Question(List.of(), List.of(), some));
            from = to;
        } while (from < texts.size());
        return parts;
    }

    private static Answer joined(List<Answer> answers) {
        Answer first = answers.getFirst();
        if (answers.size() == 1) {
            return first;
        }
        List<Integer> used = new ArrayList<>(first.used());
        for (Answer answer : answers.subList(1, answers.size())) {
            for (int i = 0; i < used.size(); i++) {
                used.set(i, used.get(i) + answer.used().get(i));
            }
        }
        return new Answer(
                first.classes(),
                first.stacks(),
                answers.stream().flatMap(answer -> answer.texts().stream()).toList(),
                answers.stream()
                        .flatMap(answer -> answer.mapIds().stream())
                        .distinct()
                        .limit(MAX_MAP_IDS)
                        .toList(),
                used);
    }
}
