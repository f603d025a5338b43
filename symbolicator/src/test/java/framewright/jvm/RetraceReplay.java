package framewright.jvm;

import framewright.nativebridge.ProguardTable;
import framewright.nativebridge.Remapping.Question;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.LineNumberReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import proguard.retrace.ReTrace;

/**
 * Answers a part of the question {@code jvm} of {@code framewright-bench} with figures in JSON: how much processor time
 * stack traces of one mapping take us and ProGuard's own tool, each with the mapping loaded before and as warm as the rounds make it.
 * Ours is told twice: for frames that the table was asked for before, and for those that it never was.
 */
final class RetraceReplay {
    private static final int STACKS = 1_000;
    private static final int FRAMES = 20;

    /** The best one counts: what came before is compiled by then. */
    private static final int ROUNDS = 60;

    private static final Pattern CLASS = Pattern.compile("\\S+ -> (\\S+):");
    private static final Pattern METHOD = Pattern.compile(" +(\\d+):\\d+:\\S+ \\S+\\(\\S*?\\).* -> (\\S+)");

    private RetraceReplay() {}

    /** @param args the mapping, and a file for its table */
    public static void main(String[] args) throws IOException {
        Path mapping = Path.of(args[0]);
        List<String> stacks = stacks(mapping);
        Path file = Path.of(args[1]);
        long begin = processorTime();
        ProguardTable.build(mapping, file, Long.MAX_VALUE).orThrow();
        double built = seconds(begin);
        double opened = Double.MAX_VALUE;
        double unseen = Double.MAX_VALUE;
        double seen = Double.MAX_VALUE;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                // of a table that is opened anew nothing is remembered
                begin = processorTime();
                try (ProguardTable table = ProguardTable.open(file).orThrow()) {
                    opened = Math.min(opened, seconds(begin));
                    unseen = Math.min(unseen, ours(table, stacks));
                    seen = Math.min(seen, ours(table, stacks));
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
        Rounds rounds = new Rounds(String.join("", stacks));
        new ReTrace(ReTrace.REGULAR_EXPRESSION, ReTrace.REGULAR_EXPRESSION2, false, false, mapping.toFile())
                .retrace(new LineNumberReader(rounds), new PrintWriter(Writer.nullWriter()));
        System.out.printf(
                Locale.ROOT,
                "{\"stacks\":%d,\"frames\":%d,\"index_s\":%f,\"open_ms\":%f,\"seen_ms\":%f,\"unseen_ms\":%f,"
                        + "\"rival_load_s\":%f,\"rival_ms\":%f}%n",
                STACKS,
                STACKS * FRAMES,
                built,
                opened * 1e3,
                seen * 1e3,
                unseen * 1e3,
                rounds.loaded(),
                rounds.best() * 1e3);
    }

    /** All stacks in one request, as the tool gets them in one text. */
    private static double ours(ProguardTable table, List<String> stacks) {
        long begin = processorTime();
        ProguardTable.remap(List.of(table), new Question(List.of(), List.of(), stacks))
                .orThrow();
        return seconds(begin);
    }

    /** Traces whose frames are lines of the mapping, each as likely as another. */
    private static List<String> stacks(Path mapping) throws IOException {
        List<String> frames = new ArrayList<>(STACKS * FRAMES);
        Random dice = new Random(1);
        int seen = 0;
        String type = "";
        try (BufferedReader lines = Files.newBufferedReader(mapping)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = CLASS.matcher(line);
                if (matcher.matches()) {
                    type = matcher.group(1);
                    continue;
                }
                matcher = METHOD.matcher(line);
                if (matcher.matches()) {
                    String frame = "\tat " + type + "." + matcher.group(2) + "(SourceFile:" + matcher.group(1) + ")\n";
                    int place = seen++ < STACKS * FRAMES ? frames.size() : dice.nextInt(seen);
                    if (place == frames.size()) {
                        frames.add(frame);
                    } else if (place < frames.size()) {
                        frames.set(place, frame);
                    }
                }
            }
        }
        Collections.shuffle(frames, dice);
        List<String> stacks = new ArrayList<>();
        for (int first = 0; first + FRAMES <= frames.size(); first += FRAMES) {
            stacks.add(
                    "java.lang.IllegalStateException: gone\n" + String.join("", frames.subList(first, first + FRAMES)));
        }
        return stacks;
    }

    /** Of this thread, in nanoseconds: all here is done by one, and others may be at work on the machine. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double seconds(long begin) {
        return (processorTime() - begin) / 1e9;
    }

    /** The same text again and again, which the tool reads when it has loaded the mapping. */
    private static final class Rounds extends Reader {
        private final String text;
        private final long made = processorTime();
        private final List<Long> starts = new ArrayList<>();
        private int at;

        Rounds(String text) {
            this.text = text;
            this.at = text.length();
        }

        double loaded() {
            return (starts.getFirst() - made) / 1e9;
        }

        double best() {
            long best = Long.MAX_VALUE;
            for (int i = 1; i < starts.size(); i++) {
                best = Math.min(best, starts.get(i) - starts.get(i - 1));
            }
            return best / 1e9;
        }

        @Override
        public int read(char[] to, int offset, int length) {
            if (at == text.length()) {
                starts.add(processorTime());
                if (starts.size() > ROUNDS) {
                    return -1;
                }
                at = 0;
            }
            int count = Math.min(length, text.length() - at);
            text.getChars(at, at + count, to, offset);
            at += count;
            return count;
        }

        @Override
        public void close() {}
    }
}
